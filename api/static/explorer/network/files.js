// What is shown as files and as a query: CSV of nodes and of edges, Cypher for Neo4j Browser, and saving.

const BOM = "\ufeff"; // without it Excel reads the file as something else than UTF-8
const NODE_COLUMNS = ["id", "kind", "label", "detail", "years", "level", "collective", "codes"];
const EDGE_COLUMNS = ["source", "source_label", "kind", "role", "relation", "score", "times", "target", "target_label"];

/** A cell as RFC 4180 has it; what a spreadsheet would run as a formula is shown as text. */
function cell(content) {
  const flat = Array.isArray(content) ? content.join("；") : content === null || content === undefined ? "" : String(content);
  const safe = typeof content === "string" && flat.length > 1 && /^[=+\-@\t\r]/.test(flat) && !/^-\d[\d,]*(\.\d+)?%?$/.test(flat) ? `'${flat}` : flat;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csv = (rows, columns) => BOM + [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((row) => `${row.map(cell).join(",")}\r\n`).join("");

export const nodesCsv = ({ nodes }) => csv(nodes, NODE_COLUMNS);

export function edgesCsv({ nodes, edges }) {
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  return csv(edges.map((edge) => ({ ...edge, source_label: labels.get(edge.source), target_label: labels.get(edge.target) })), EDGE_COLUMNS);
}

/** The view as a query to paste into Neo4j Browser. */
export function cypherOf({ nodes, edges }, view) {
  const quoted = (words) => `[${words.map((word) => `'${word}'`).join(", ")}]`;
  const ids = nodes.map((node) => node.id);
  const rows = [];
  for (let k = 0; k < ids.length; k += 6) rows.push(ids.slice(k, k + 6).map((id) => `'${id}'`).join(", "));
  const kinds = [...new Set(edges.map((edge) => edge.kind))].sort();
  const role = view.role && kinds.includes("RESPONSIBLE_FOR") ? `\n  AND (type(r) <> 'RESPONSIBLE_FOR' OR r.role = '${view.role}')` : "";
  return `WITH [\n  ${rows.join(",\n  ")}\n] AS ids\nMATCH (n) WHERE n.id IN ids\nOPTIONAL MATCH (n)-[r]->(m)\nWHERE m.id IN ids AND type(r) IN ${quoted(kinds)}${role}\nRETURN n, r, m\n`;
}

/** Give a file to whoever is at the page. */
export function save(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
