// What the page shows, as its address says it, and which of what was loaded that leaves.

import { ROLES } from "../parts.js";
import { KINDS } from "./looks.js";

export const MOST = 300; // nodes that are drawn
const LIMIT = 60; // neighbours of each kind that are loaded at first
const list = (text) => (text || "").split(",").filter(Boolean);

/** The view of an address. `nodes` were opened with their neighbours, `path` are the two ends between which paths are shown. */
export function readView(query, years) {
  const pins = new Map(list(query.get("pin")).map((pin) => pin.split("~")).filter((pin) => pin.length === 3 && pin.slice(1).every((n) => Number.isFinite(Number(n)))).map(([id, x, y]) => [id, { x: Number(x), y: Number(y) }]));
  const path = list(query.get("path")).slice(0, 2);
  const kinds = query.get("kinds") === null ? KINDS : KINDS.filter((kind) => list(query.get("kinds")).includes(kind));
  const year = years.includes(Number(query.get("year"))) ? Number(query.get("year")) : null;
  return {
    nodes: [...new Set(query.getAll("node").flatMap(list))], path: path.length === 2 ? path : [], pins, kinds, year,
    level: query.get("level") || "", role: ROLES.includes(query.get("role")) ? query.get("role") : "", code: query.get("code") || "",
    collectives: query.get("collectives") === "1", perhaps: query.get("perhaps") === "1", limit: Math.min(500, Math.max(1, Math.trunc(Number(query.get("limit"))) || LIMIT)),
  };
}

/** The address of a view: what is as usual is left out. */
export function addressOf(view) {
  const said = {
    node: view.nodes.join(","), path: view.path.join(","), kinds: view.kinds.length === KINDS.length ? null : view.kinds.join(",") || "none", year: view.year, level: view.level, role: view.role, code: view.code,
    collectives: view.collectives ? "1" : null, perhaps: view.perhaps ? "1" : null, limit: view.limit === LIMIT ? null : view.limit,
    pin: [...view.pins].map(([id, { x, y }]) => `${id}~${Math.round(x)}~${Math.round(y)}`).join(","),
  };
  const parts = Object.entries(said).filter(([, content]) => content !== null && content !== "").map(([name, content]) => `${name}=${encodeURIComponent(content).replaceAll("%2C", ",")}`);
  return parts.length ? `/graph?${parts.join("&")}` : "/graph";
}

/** What the filters leave of what was loaded: the nodes that were opened or asked for stay, and of the others those that an edge still holds. */
export function sift({ nodes, edges, paths }, view) {
  const onPath = new Set(paths ? paths.paths.flat() : []);
  const stays = (node) => view.nodes.includes(node.id) || view.path.includes(node.id);
  const told = new Map(); // task to the roles of its loaded edges
  for (const edge of edges) if (edge.kind === "RESPONSIBLE_FOR") told.set(edge.target, (told.get(edge.target) || new Set()).add(edge.role));
  const fits = (node) => view.kinds.includes(node.kind) && (view.collectives || !node.collective) && (view.year === null || !node.years.length || node.years.includes(view.year))
    && (!view.level || !node.level || node.level === view.level) && (!view.code || node.kind !== "Task" || (view.code === "(none)" ? !node.codes.length : node.codes.includes(view.code)))
    && (!view.role || !told.has(node.id) || told.get(node.id).has(view.role));
  const kept = new Map(nodes.filter((node) => stays(node) || fits(node)).map((node) => [node.id, node]));
  const among = (held) => edges.filter((edge) => held.has(edge.source) && held.has(edge.target) && (!view.role || edge.kind !== "RESPONSIBLE_FOR" || edge.role === view.role));
  const touched = new Set(among(kept).flatMap((edge) => [edge.source, edge.target]));
  const held = [...kept.values()].filter((node) => stays(node) || touched.has(node.id));
  // What was opened and what stands on a path comes first, so that it is never among what is left out.
  const ranked = [...held.filter((node) => stays(node) || onPath.has(node.id)), ...held.filter((node) => !stays(node) && !onPath.has(node.id))];
  const shown = ranked.slice(0, MOST);
  return { nodes: shown, edges: among(new Set(shown.map((node) => node.id))), beyond: ranked.length - shown.length, onPath, steps: stepsOf(paths) };
}

const stepsOf = (paths) => new Set((paths?.paths || []).flatMap((path) => path.slice(1).map((node, k) => [path[k], node].sort().join(" "))));
/** Whether an edge is a step of a path that was asked for. */
export const isStep = (edge, steps) => steps.has([edge.source, edge.target].sort().join(" "));
export const keyOf = (edge) => [edge.source, edge.kind, edge.role, edge.relation, edge.score, edge.target].join(" ");
