// The graph around any node: opened by click, filtered, laid out, with paths, as picture, numbers and Cypher.

import { address, h, short } from "../dom.js";
import { remember } from "../app.js";
import { getOverview } from "../service.js";
import { t } from "../words.js";
import { filterForm, legendOf, otherForms } from "../network/controls.js";
import { makeDrawing } from "../network/drawing.js";
import { found, searchBox, startPage } from "../network/finding.js";
import { detailOf, edgeList, nodeList, pathList } from "../network/lists.js";
import { load } from "../network/loading.js";
import { MOST, addressOf, readView, sift } from "../network/view.js";

export default async function graph({ query, signal }) {
  const overview = await getOverview();
  const first = readView(query, overview.years);
  if (!first.nodes.length && !first.path.length) return startPage(overview, query, signal);
  return networkPage(first, await load(first, signal), overview, signal);
}

function networkPage(view, loaded, overview, signal) {
  let shown = sift(loaded, view);
  let picked = view.nodes.at(-1) ?? view.path[0];
  let marks = [];
  let drawing = null;
  let wanted = view; // with what is being loaded
  let turn = 0;
  const parts = {
    status: h("p", { role: "status" }), problem: h("div", { role: "alert" }), beyond: h("div"), paths: h("div"), canvas: h("div.canvas", { role: "img" }), printed: h("div.printed"), detail: h("aside.detail", { "aria-label": t("net.detail") }),
    marked: h("p.marked-pair"), nodes: h("div"), edges: h("div"), legend: h("div"), results: h("div.results") };
  const labelOf = (id) => loaded.nodes.find((node) => node.id === id)?.label ?? id;

  /** Show what the view says; `lay` gives new nodes a place, `anew` all. */
  function update({ lay = false, anew = false } = {}) {
    shown = sift(loaded, view);
    const held = shown.nodes.find((node) => node.id === picked) ?? shown.nodes[0];
    picked = held?.id;
    const focus = focused();
    parts.status.textContent = t("net.shown", { shown: shown.nodes.length, loaded: loaded.nodes.length, edges: shown.edges.length });
    parts.beyond.replaceChildren(...beyond());
    parts.paths.replaceChildren(...[pathList(loaded.paths, loaded.nodes, on)].filter(Boolean));
    parts.legend.replaceChildren(legendOf(shown));
    parts.nodes.replaceChildren(nodeList(shown, view, on));
    parts.edges.replaceChildren(edgeList(shown, on));
    parts.canvas.setAttribute("aria-label", t("net.drawn", { nodes: shown.nodes.length, edges: shown.edges.length }));
    forms.update();
    drawing?.draw(shown, view, { lay, anew, marks });
    detail();
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  }

  function detail() {
    const node = shown.nodes.find((one) => one.id === picked);
    parts.detail.replaceChildren(...(node ? detailOf(node, shown, view, marks, on).filter(Boolean) : []));
    parts.marked.replaceChildren(...(marks.length ? [`${t("net.marked")}: ${marks.map((id) => labelOf(id).slice(0, 20)).join(" – ")} `,
      marks.length === 2 ? h("button", { type: "button", "data-do": "paths", onclick: () => move({ path: marks }) }, t("net.findPaths")) : t("net.markAnother")] : []));
    if (picked) drawing?.mark(picked);
  }

  /** What is not drawn, and how to see it. */
  function beyond() {
    const lines = shown.beyond ? [h("p.problem.too-many", { role: "status" }, t("net.beyond", { most: MOST, n: shown.beyond }))] : [];
    for (const [id, left] of Object.entries(loaded.leftOut)) {
      const more = Math.min(500, view.limit * 3);
      lines.push(h("p.fine.left-out", {}, t("net.leftOut", { name: labelOf(id).slice(0, 30) }), " ", Object.entries(left).map(([kind, n]) => `${t(`net.${kind}`)} ${n}`).join(", "), " ",
        more > view.limit ? h("button", { type: "button", "data-do": "more", onclick: () => move({ limit: more }) }, t("more")) : null));
    }
    return lines;
  }

  /** Change what is loaded: one step of the browser's history. Of two such changes at once both hold, and the later answer is shown. */
  async function move(change) {
    parts.problem.replaceChildren();
    wanted = { ...wanted, ...change };
    turn += 1;
    const mine = turn;
    try {
      const got = await load(wanted, signal);
      if (mine !== turn) return;
      loaded = got;
    } catch (error) {
      if (error.name === "AbortError" || mine !== turn) return;
      wanted = view;
      parts.problem.replaceChildren(h("p.problem", {}, error.message));
      return;
    }
    view = wanted;
    marks = [];
    history.pushState(null, "", addressOf(view));
    update({ lay: true });
  }

  /** Change how it is shown; the address says so. */
  function settle(change) {
    view = { ...view, ...change };
    wanted = { ...wanted, ...change };
    remember(addressOf(view));
  }

  const on = {
    open(id, mark) {
      if (mark) { on.mark(id); return; }
      picked = id;
      if (wanted.nodes.includes(id)) detail(); else move({ nodes: [...wanted.nodes, id] });
    },
    pick(id) { picked = id; detail(); parts.detail.querySelector("h2")?.focus({ preventScroll: true }); parts.detail.scrollIntoView({ block: "nearest" }); },
    close(id) {
      const nodes = wanted.nodes.filter((one) => one !== id);
      if (nodes.length || wanted.path.length) move({ nodes });
    },
    mark(id) { picked = id; marks = marks.includes(id) ? marks.filter((one) => one !== id) : [...marks, id].slice(-2); update(); },
    /** Pin where it was dragged to; without a place: pin where it stands, or let go. */
    pin(id, place) {
      const pins = new Map(view.pins);
      if (!place && pins.has(id)) pins.delete(id);
      else { const { x, y } = place || drawing.placeOf(id); pins.set(id, { x: Math.round(x), y: Math.round(y) }); }
      picked = id;
      settle({ pins });
      update();
    },
    forgetPath() { move({ path: [], nodes: wanted.nodes.length ? wanted.nodes : wanted.path }); },
  };

  async function filtered(change) {
    if (change.perhaps !== view.perhaps || (change.collectives !== view.collectives && view.path.length)) { await move(change); return; }
    settle(change);
    update({ lay: true });
  }

  const forms = otherForms(() => ({ shown, loaded, view, places: drawing?.places() }), overview);
  const tool = (word, name, onclick, label = null) => h("button", { type: "button", "data-do": name, "aria-label": label, onclick }, word);
  const search = searchBox(t("net.add"), "", async (event) => {
    event.preventDefault();
    parts.results.replaceChildren(...await found(new FormData(event.target).get("q"), (row) => h("button.plain", { type: "button", onclick: () => { parts.results.replaceChildren(); on.open(row.id, false); } }, short(row.label, 60)), signal));
  });
  update();
  return {
    title: `${t("graph")}: ${labelOf(view.nodes[0] ?? view.path[0]).slice(0, 40)}`,
    json: view.nodes.length ? `/api/graph/${encodeURIComponent(view.nodes[0])}` : address("/api/paths", { from: view.path[0], to: view.path[1] }),
    content: [
      filterForm(view, overview, filtered), parts.status, parts.problem, parts.beyond, parts.marked, parts.paths,
      h("div.network", {}, h("div", {},
        h("p.tools", {}, tool("+", "closer", () => drawing.zoom(1.3), t("net.closer")), tool("−", "farther", () => drawing.zoom(1 / 1.3), t("net.farther")), tool(t("net.fit"), "fit", () => drawing.fit()), tool(t("net.again"), "again", () => update({ anew: true })),
          tool(t("net.unpinAll"), "unpin", () => { settle({ pins: new Map() }); update(); })),
        parts.canvas, parts.printed, parts.legend, h("p.fine", {}, t("net.howTo"))), h("div.beside-canvas", {}, parts.detail, h("h2.unseen", {}, t("net.nodes")), parts.nodes)),
      search, parts.results, forms.element,
      h("section.edge-list", {}, h("h2", {}, t("net.edges")), parts.edges)],
    ready: async () => {
      try { drawing = await makeDrawing(parts.canvas, on); } catch (error) {
        parts.problem.replaceChildren(h("p.problem", {}, `${t("failed")}: ${error.message}`));
        return;
      }
      if (signal.aborted) { drawing.end(); return; }
      const scheme = matchMedia("(prefers-color-scheme: dark)");
      scheme.addEventListener("change", () => drawing.restyle(), { signal });
      signal.addEventListener("abort", () => drawing.end());
      addEventListener("beforeprint", () => parts.printed.replaceChildren(forms.picture()), { signal });
      update({ lay: true });
      parts.canvas.dataset.ready = "";
    },
  };
}

/** A selector of what has the focus, so that it can have it again when the lists were made anew. */
function focused() {
  const { open, pick, do: doing } = document.activeElement?.dataset || {};
  return open ? `[data-open="${open}"]` : pick ? `[data-pick="${pick}"]` : doing ? `[data-do="${doing}"]` : null;
}
