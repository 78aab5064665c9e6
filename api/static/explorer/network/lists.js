// What is drawn as lists, from which everything can be done that the mouse can, and one node in detail.

import { address, h, of, short, zh } from "../dom.js";
import { number, table, value } from "../parts.js";
import { t } from "../words.js";
import { signOf } from "./looks.js";

const PAGES = {
  Task: (node) => of("tasks", node.id), Department: (node) => of("units", node.id), Plan: (node) => of("plans", node.id), Document: (node) => of("documents", node.id),
  Policy: (node) => address("/tasks", { policy: node.id }), Programme: (node) => address("/tasks", { programme: node.id }) };

/** The node's own page, or its place in the text. */
export const pageOf = (node) => (PAGES[node.kind] ? PAGES[node.kind](node) : `${of("documents", node.document)}?at=${node.start_char}-${node.end_char}`);

/** What an edge says: its role, or its kind, with relation and score. */
export const wordsOf = (edge) => [edge.role ? value(edge.role) : t(`net.${edge.kind}`), edge.relation && edge.relation !== "continues" ? value(edge.relation) : null, edge.score === null ? null : number(edge.score), edge.times > 1 ? `×${number(edge.times)}` : null].filter(Boolean).join(" · ");

const span = (years) => (years.length > 2 ? `${years[0]}–${years.at(-1)}` : years.join(", "));
const press = (word, onclick, more = {}) => h("button", { type: "button", onclick, ...more }, word);

/** The nodes shown; a name opens its node (Enter does), … shows it in detail. */
export function nodeList(shown, view, on) {
  const touching = new Map();
  for (const { source, target } of shown.edges) for (const end of [source, target]) touching.set(end, (touching.get(end) || 0) + 1);
  return table(t("net.nodes"), [
    { label: t("kind"), cell: (node) => [signOf(node.kind), " ", t(`net.${node.kind}`)] },
    { label: t("net.node"), head: true, cell: (node) => [press(short(node.label, 28), (event) => on.open(node.id, event.shiftKey), { class: "plain", "data-open": node.id, "aria-expanded": String(view.nodes.includes(node.id)) }), " ", node.detail && node.kind === "Department" ? h("span.scope", { lang: "zh" }, node.detail) : null] },
    { label: t("year"), cell: (node) => span(node.years) },
    { label: t("net.edges"), number: true, cell: (node) => number(touching.get(node.id) || 0) },
    { label: "", cell: (node) => press("…", () => on.pick(node.id), { "aria-label": `${t("net.detail")}: ${node.label.slice(0, 40)}`, "data-pick": node.id }) }], shown.nodes);
}

/** The edges shown. */
export function edgeList(shown, on) {
  const labels = new Map(shown.nodes.map((node) => [node.id, node.label]));
  const end = (id) => press(short(labels.get(id), 24), () => on.pick(id), { class: "plain" });
  return table(t("net.edges"), [
    { label: t("net.from"), head: true, cell: (edge) => end(edge.source) }, { label: t("net.edge"), cell: wordsOf }, { label: t("net.to"), cell: (edge) => end(edge.target) }], shown.edges);
}

/** One node: its words, what can be done with it, and its edges. */
export function detailOf(node, shown, view, marks, on) {
  const labels = new Map(shown.nodes.map((one) => [one.id, one.label]));
  const own = shown.edges.filter((edge) => edge.source === node.id || edge.target === node.id);
  const opened = view.nodes.includes(node.id);
  const pinned = view.pins.has(node.id);
  const facts = [span(node.years), node.level ? value(node.level) : null, node.collective ? t("collective") : null, node.codes.join(", ")].filter(Boolean);
  return [
    h("h2", { tabindex: "-1" }, signOf(node.kind), " ", t(`net.${node.kind}`)),
    h("p", {}, zh(node.label)), node.detail ? h("p.scope", { lang: "zh" }, node.detail) : null, facts.length ? h("p.fine", {}, facts.join(" · ")) : null,
    h("p", {}, h("a", { href: pageOf(node) }, t(PAGES[node.kind] ? "net.page" : "inDocument")), " · ", h("a", { href: address("/graph", { node: node.id }) }, t("net.only"))),
    h("p.doing", {},
      opened ? press(t("net.close"), () => on.close(node.id), { "data-do": "close" }) : press(t("net.open"), () => on.open(node.id, false), { "data-do": "open" }), " ",
      press(t(pinned ? "net.unpin" : "net.pin"), () => on.pin(node.id, null), { "data-do": "pin" }), " ",
      press(t("net.mark"), () => on.mark(node.id), { "aria-pressed": String(marks.includes(node.id)), "data-do": "mark" })),
    own.length ? h("ul.cell", {}, own.slice(0, 40).map((edge) => {
      const out = edge.source === node.id;
      const other = out ? edge.target : edge.source;
      return h("li", {}, out ? "→ " : "← ", wordsOf(edge), " ", press(short(labels.get(other), 24), () => on.pick(other), { class: "plain" }));
    }), own.length > 40 ? h("li.fine", {}, t("shown", { shown: 40, total: own.length })) : null) : null];
}

/** The paths that were asked for, each as its steps. */
export function pathList(paths, nodes, on) {
  if (!paths) return null;
  const labels = new Map(nodes.map((node) => [node.id, node]));
  const said = paths.paths.length ? t("net.paths", { shown: paths.paths.length, total: paths.total, length: paths.length }) : t(paths.gave_up ? "net.gaveUp" : "net.noPath", { visited: paths.visited });
  return h("section.paths", {}, h("p", { role: "status" }, said, " ", press(t("net.noPaths"), () => on.forgetPath(), { "data-do": "forget" })),
    paths.paths.length ? h("ol", {}, paths.paths.map((path) => h("li", {}, path.map((id, k) => [k ? " – " : "", signOf(labels.get(id).kind), press(short(labels.get(id).label, 18), () => on.pick(id), { class: "plain" })])))) : null);
}
