// How kinds of nodes and edges look: one table for the drawing, the picture and the legend. Shape and stroke tell them apart without colour.

import { svg } from "../dom.js";

const around = (corners, turn = -90) => Array.from({ length: corners }, (_, k) => {
  const angle = ((turn + (360 * k) / corners) * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
});
const star = around(10).map(([x, y], k) => (k % 2 ? [x * 0.45, y * 0.45] : [x, y]));

/** Kind to its colour, radius and outline (points within -1 to 1; null: a circle). */
export const NODES = {
  Plan: { colour: "#0072b2", size: 15, points: [[-1, -0.75], [1, -0.75], [1, 0.75], [-1, 0.75]] },
  Task: { colour: "#56b4e9", size: 10, points: null },
  Department: { colour: "#e69f00", size: 15, points: around(6, 0) },
  Indicator: { colour: "#cc79a7", size: 11, points: around(3) },
  Policy: { colour: "#009e73", size: 12, points: around(4) },
  Programme: { colour: "#d55e00", size: 14, points: star },
  Goal: { colour: "#f0e442", size: 12, points: around(5) },
  Document: { colour: "#8a93a3", size: 14, points: [[-0.8, -1], [0.3, -1], [0.8, -0.5], [0.8, 1], [-0.8, 1]] },
  Duty: { colour: "#b9a6e0", size: 11, points: around(8, 22.5) },
};
export const KINDS = Object.keys(NODES);
export const PIN = "#a11b1b";
export const ROUTE = { colour: "#d4006a", width: 4, dash: [] }; // of a path that was asked for
export const COLLECTIVE = [4, 3]; // dashes of the outline of a unit that is more than one

const EDGES = {
  lead: { colour: "#9c3f14", width: 4, dash: [], arrow: true }, responsible: { colour: "#3b7fb8", width: 2.2, dash: [], arrow: true },
  support: { colour: "#4f7f35", width: 2, dash: [8, 4], arrow: true }, implement: { colour: "#7a62b3", width: 2, dash: [2, 4], arrow: true },
  continues: { colour: "#00795a", width: 2.6, dash: [14, 3, 3, 3], arrow: true }, resembles: { colour: "#00795a", width: 1.2, dash: [3, 6], arrow: true },
  other: { colour: "#8b95a5", width: 1, dash: [], arrow: true },
};

/** The key of an edge's look: its role, a link of tasks, or other. */
export const lookOf = (edge) => (edge.kind === "RESPONSIBLE_FOR" ? edge.role : edge.kind === "CONTINUES" ? "continues" : edge.kind === "RESEMBLES" ? "resembles" : "other");
/** How an edge is drawn; on a path that was asked for it stands out. */
export const strokeOf = (edge, onPath = false) => ({ ...EDGES[lookOf(edge)], ...(onPath ? ROUTE : {}) });
export const EDGE_LOOKS = Object.keys(EDGES);

const EMS = 7; // of a line of a label in the drawing; two lines are 14 Chinese characters

/** A label for the drawing: at most two lines, cut with … */
export function linesOf(text) {
  const lines = [""];
  let room = EMS;
  for (const character of text.replace(/\s+/g, " ").trim()) {
    const width = character < "\u2e80" ? 0.55 : 1;
    if (room < width) {
      if (lines.length === 2) return [lines[0], `${lines[1]}…`];
      lines.push("");
      room = EMS;
    }
    lines[lines.length - 1] += character;
    room -= width;
  }
  return lines;
}

/** Outline of a kind at a place, as SVG points. */
export const outline = (kind, x = 0, y = 0, scale = 1) => NODES[kind].points.map(([a, b]) => `${(x + a * NODES[kind].size * scale).toFixed(1)},${(y + b * NODES[kind].size * scale).toFixed(1)}`).join(" ");

/** The sign of a kind of nodes for a legend or a list. */
export function signOf(kind) {
  const { colour, points } = NODES[kind];
  const scale = 8 / NODES[kind].size;
  return svg("svg", { viewBox: "-10 -10 20 20", width: 16, height: 16, "aria-hidden": "true", class: "sign" },
    points ? svg("polygon", { points: outline(kind, 0, 0, scale), fill: colour, stroke: "currentColor" }) : svg("circle", { r: 7, fill: colour, stroke: "currentColor" }));
}

/** A stroke for a legend: of an edge's look, or ROUTE. */
export function strokeSign({ colour, width, dash }) {
  return svg("svg", { viewBox: "0 0 40 10", width: 40, height: 10, "aria-hidden": "true", class: "sign" },
    svg("line", { x1: 1, y1: 5, x2: 39, y2: 5, stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" ") }));
}

export const edgeLook = (look) => EDGES[look];
