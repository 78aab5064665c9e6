// The fields that filter, the legend, and the view in other forms: picture, CSV, Cypher.

import { h } from "../dom.js";
import { ROLES, copier, select, value } from "../parts.js";
import { t } from "../words.js";
import { cypherOf, edgesCsv, nodesCsv, save } from "./files.js";
import { EDGE_LOOKS, KINDS, ROUTE, edgeLook, lookOf, signOf, strokeSign } from "./looks.js";
import { pictureOf, rasterise, wordsOfLook } from "./picture.js";

const check = (name, content, label, checked) => h("label.check", {}, h("input", { type: "checkbox", name, value: content, checked }), " ", label);

/** The form; `changed` is called with what its fields then say. A form that is sent shows no other page. */
export function filterForm(view, overview, changed) {
  const { years } = overview;
  const said = h("output", {}, view.year === null ? t("all") : String(view.year));
  const slider = years.length > 1 ? h("input", { type: "range", name: "year", min: 0, max: years.length, step: 1, value: view.year === null ? 0 : years.indexOf(view.year) + 1 }) : null;
  const yearOf = () => (slider && Number(slider.value) ? years[Number(slider.value) - 1] : null);
  const sayYear = () => {
    said.textContent = yearOf() === null ? t("all") : String(yearOf());
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  if (slider) sayYear();
  const form = h("form.filters.network-filters", { action: "/graph", method: "get", "aria-label": t("net.filters") },
    h("fieldset", {}, h("legend", {}, t("net.kinds")), KINDS.map((kind) => check("kind", kind, [signOf(kind), " ", t(`net.${kind}`)], view.kinds.includes(kind)))),
    slider ? h("label.field", {}, h("span", {}, t("year"), ": ", said), slider) : null,
    select("level", t("level"), overview.levels.map((level) => [level, value(level)]), view.level), select("role", t("role"), ROLES.map((role) => [role, value(role)]), view.role),
    overview.codes.length ? select("code", t("code"), [...overview.codes, "(none)"], view.code) : null,
    h("span.field", {}, check("collectives", "1", t("collectives"), view.collectives), check("perhaps", "1", t("net.perhaps"), view.perhaps)));
  form.addEventListener("input", () => slider && sayYear());
  const tell = () => {
    const fields = new FormData(form);
    changed({ kinds: KINDS.filter((kind) => fields.getAll("kind").includes(kind)), year: yearOf(), level: fields.get("level"), role: fields.get("role"), code: fields.get("code") || "", collectives: fields.has("collectives"), perhaps: fields.has("perhaps") });
  };
  form.addEventListener("change", tell);
  form.addEventListener("submit", (event) => { event.preventDefault(); tell(); });
  return form;
}

/** What the signs of the drawing mean: the kinds and strokes that are in it. */
export const legendOf = ({ nodes, edges, onPath }) => h("p.legend", {}, KINDS.filter((kind) => nodes.some((node) => node.kind === kind)).map((kind) => h("span", {}, signOf(kind), " ", t(`net.${kind}`))),
  EDGE_LOOKS.filter((look) => edges.some((edge) => lookOf(edge) === look)).map((look) => h("span", {}, strokeSign(edgeLook(look)), " ", wordsOfLook(look))), onPath.size ? h("span", {}, strokeSign(ROUTE), " ", t("net.path")) : null);

/** What a picture says under itself. */
export function captionOf(shown, loaded, view, overview) {
  const opened = loaded.nodes.filter((node) => view.nodes.includes(node.id) || view.path.includes(node.id)).map((node) => (node.label.length > 30 ? `${node.label.slice(0, 30)}…` : node.label));
  const filters = [
    `${t("net.kinds")}: ${view.kinds.length === KINDS.length ? t("all") : view.kinds.map((kind) => t(`net.${kind}`)).join(", ")}`, `${t("year")}: ${view.year ?? t("all")}`, `${t("level")}: ${view.level ? value(view.level) : t("all")}`,
    `${t("role")}: ${view.role ? value(view.role) : t("all")}`, view.code ? `${t("code")}: ${view.code}` : null, t(view.collectives ? "net.withCollectives" : "net.noCollectives"), view.perhaps ? t("net.withPerhaps") : null].filter(Boolean).join("; ");
  const missing = Object.values(loaded.leftOut).flatMap((left) => Object.values(left)).reduce((sum, n) => sum + n, 0);
  return [opened.join("、"), `${t("net.filters")}: ${filters}`,
    `n: ${t("net.held", { nodes: shown.nodes.length, edges: shown.edges.length, loaded: loaded.nodes.length })}${missing ? ` ${t("net.missing", { n: missing })}` : ""}`,
    `policygraph ${overview.policygraph} · ${t("graphName")} ${overview.graph} · ${new Date().toISOString().slice(0, 10)}`];
}

/** Buttons for the picture and the numbers, and the view as Cypher. `now()` gives {shown, loaded, view, places}. */
export function otherForms(now, overview) {
  const failed = h("span", { role: "status" });
  const draw = () => { const { shown, loaded, view, places } = now(); return pictureOf(shown, places, view, captionOf(shown, loaded, view, overview)); };
  const button = (word, name, make) => h("button", { type: "button", "data-save": name, onclick: async () => { try { failed.textContent = ""; await make(name); } catch (error) { failed.textContent = ` ${error.message || t("net.noPicture")}`; } } }, word);
  const text = h("pre", { tabindex: "0", "aria-label": "Cypher" });
  const copy = copier(() => text.textContent);
  const cypher = h("details.cypher", {}, h("summary", {}, t("net.cypher")), text, copy.elements);
  return {
    element: h("section.forms", {}, h("p.downloads", {}, `${t("download")}: `,
      button("SVG", "graph.svg", (name) => save(name, draw(), "image/svg+xml")), " ", button("PNG", "graph.png", async (name) => save(name, await rasterise(draw()))), " ",
      button(t("net.csvNodes"), "graph-nodes.csv", (name) => save(name, nodesCsv(now().shown), "text/csv")), " ", button(t("net.csvEdges"), "graph-edges.csv", (name) => save(name, edgesCsv(now().shown), "text/csv")), failed), cypher),
    /** The picture as an element: what is printed in the place of the drawing, which paper would cut off. */
    picture: () => document.importNode(new DOMParser().parseFromString(draw(), "image/svg+xml").documentElement, true),
    update: () => { const { shown, view } = now(); text.textContent = cypherOf(shown, view); copy.again(); },
  };
}

