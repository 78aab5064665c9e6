// The drawing itself: cytoscape over what is shown, with places that stay and pins.

import { COLLECTIVE, NODES, PIN, ROUTE, linesOf, strokeOf } from "./looks.js";
import { isStep, keyOf } from "./view.js";

const TURN = Math.PI * (3 - Math.sqrt(5)); // the golden angle: no two places of a spiral coincide
const STEP = 46; // model points between the turns of the spiral

/** A drawing in `box`. `on` has open(id, mark), pin(id, place) and picked(id); the script of cytoscape is loaded at the first one. */
export async function makeDrawing(box, on) {
  if (!globalThis.cytoscape) await import("/static/vendor/cytoscape/cytoscape.min.js");
  const places = new Map();
  let pins = new Map();
  const cy = globalThis.cytoscape({ container: box, elements: [], style: styleOf(box), minZoom: 0.1, maxZoom: 4, boxSelectionEnabled: false, selectionType: "single" });
  // It keeps where its box was; anything above may have moved it.
  box.addEventListener("pointerdown", () => cy.resize(), { capture: true });
  cy.on("tap", "node", (event) => on.open(event.target.id(), Boolean(event.originalEvent?.shiftKey)));
  cy.on("dragfree", "node", (event) => on.pin(event.target.id(), { ...event.target.position() }));

  /** Draw what is shown; nodes that were drawn before keep their places. `lay`: lay out where something is new; `anew`: all of it. */
  function draw(shown, view, { lay = false, anew = false, marks = [] } = {}) {
    cy.nodes().forEach((node) => { places.set(node.id(), { ...node.position() }); });
    pins = view.pins;
    if (anew) places.clear();
    for (const [id, place] of pins) places.set(id, place);
    const fresh = placeNew(shown, view, places);
    cy.elements().remove();
    cy.add([
      ...shown.nodes.map((node) => ({ data: { id: node.id, kind: node.kind, words: linesOf(node.label).join("\n") }, position: { ...places.get(node.id) }, classes: classesOf(node, view, marks, shown) })),
      ...shown.edges.map((edge) => ({ data: { id: keyOf(edge), source: edge.source, target: edge.target, ...drawnOf(edge, isStep(edge, shown.steps)) } }))]);
    if ((lay && fresh) || anew) layOut(shown);
  }

  function layOut(shown) {
    for (const id of pins.keys()) cy.getElementById(id).lock();
    const many = shown.nodes.length > 120;
    cy.layout({
      name: "cose", randomize: false, animate: false, fit: false, nodeDimensionsIncludeLabels: !many, numIter: many ? 300 : 800, idealEdgeLength: () => 80, nodeRepulsion: () => 400000, nodeOverlap: 12,
      gravity: 0.6, componentSpacing: 70,
    }).run();
    cy.nodes().unlock();
    fit();
  }

  const fit = () => cy.fit(undefined, 28);
  return {
    draw, fit, end: () => cy.destroy(), restyle: () => cy.style(styleOf(box)),
    zoom: (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    mark: (id) => { cy.nodes().unselect(); cy.getElementById(id).select(); },
    placeOf: (id) => ({ ...cy.getElementById(id).position() }),
    places: () => new Map(cy.nodes().map((node) => [node.id(), { ...node.position() }])),
  };
}

/** Give a place to every node that has none, around the opened node that it hangs on; whether there was any. */
function placeNew({ nodes, edges }, view, places) {
  const hubs = nodes.filter((node) => view.nodes.includes(node.id) || view.path.includes(node.id)).map((node) => node.id);
  let fresh = false;
  hubs.forEach((id, k) => { if (!places.has(id)) { fresh = true; places.set(id, k ? { x: Math.cos(k * TURN) * STEP * 8 * Math.sqrt(k), y: Math.sin(k * TURN) * STEP * 8 * Math.sqrt(k) } : { x: 0, y: 0 }); } });
  const hubOf = new Map();
  for (const hub of hubs) for (const edge of edges) for (const [one, other] of [[edge.source, edge.target], [edge.target, edge.source]]) if (one === hub && !hubOf.has(other)) hubOf.set(other, hub);
  const turn = new Map();
  for (const { id } of nodes) {
    if (places.has(id)) continue;
    fresh = true;
    const hub = hubOf.get(id) ?? hubs[0];
    const k = (turn.get(hub) || 0) + 1;
    turn.set(hub, k);
    const { x, y } = places.get(hub) || { x: 0, y: 0 };
    places.set(id, { x: x + Math.cos(k * TURN) * STEP * (1 + Math.sqrt(k)), y: y + Math.sin(k * TURN) * STEP * (1 + Math.sqrt(k)) });
  }
  return fresh;
}

function classesOf(node, view, marks, shown) {
  return [view.nodes.includes(node.id) ? "opened" : "", view.pins.has(node.id) ? "pinned" : "", marks.includes(node.id) ? "marked" : "", shown.onPath.has(node.id) ? "onpath" : "", node.collective ? "collective" : ""].filter(Boolean).join(" ");
}

function drawnOf(edge, onPath) {
  const { colour, width, dash, arrow } = strokeOf(edge, onPath);
  return { colour, width, line: dash.length ? "dashed" : "solid", dash: dash.length ? dash : [1, 0], arrow: arrow ? "triangle" : "none" };
}

function styleOf(box) {
  const tone = getComputedStyle(box);
  const ink = tone.getPropertyValue("--ink").trim();
  const paper = tone.getPropertyValue("--paper").trim();
  return [
    { selector: "node", style: {
      label: "data(words)", "text-wrap": "wrap", "font-size": 10, "font-family": "system-ui, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif", color: ink, "text-outline-color": paper, "text-outline-width": 2, "text-valign": "bottom", "text-margin-y": 3, "min-zoomed-font-size": 6,
      "border-width": 1, "border-color": ink, "overlay-opacity": 0 } },
    ...Object.entries(NODES).map(([kind, { colour, size, points }]) => ({ selector: `node[kind = "${kind}"]`, style: {
      "background-color": colour, width: 2 * size, height: 2 * size, ...(points ? { shape: "polygon", "shape-polygon-points": points.flat() } : { shape: "ellipse" }) } })),
    { selector: "node.opened", style: { "border-width": 3, "font-weight": "bold", "font-size": 12, "z-index": 9 } },
    { selector: "node.collective", style: { "border-style": "dashed", "border-dash-pattern": COLLECTIVE, "border-width": 2 } },
    { selector: "node.pinned", style: { "border-color": PIN, "border-width": 3 } },
    { selector: "node.marked, node.onpath", style: { "underlay-color": ROUTE.colour, "underlay-opacity": 0.25, "underlay-padding": 6 } },
    { selector: "node:selected", style: { "underlay-color": ink, "underlay-opacity": 0.3, "underlay-padding": 7 } },
    { selector: "edge", style: {
      "line-color": "data(colour)", width: "data(width)", "line-style": "data(line)", "line-dash-pattern": "data(dash)", "curve-style": "bezier", "target-arrow-color": "data(colour)", "target-arrow-shape": "data(arrow)", "arrow-scale": 0.8, "overlay-opacity": 0 } },
  ];
}
