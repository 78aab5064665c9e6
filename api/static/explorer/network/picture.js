// The drawing as a picture that can be published: SVG with legend, filters, n and versions in it; PNG is that SVG rasterised.

import { value, t } from "../words.js";
import { COLLECTIVE, EDGE_LOOKS, KINDS, NODES, ROUTE, edgeLook, linesOf, lookOf, outline, strokeOf } from "./looks.js";
import { isStep } from "./view.js";

const MARGIN = 70;
const LINE = 18;
const INK = "#1d2430";
const FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
const MOST_PIXELS = 8000; // of a side of a PNG: browsers refuse larger canvases
const escape = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const tag = (name, attributes, inside = "") => `<${name}${Object.entries(attributes).map(([key, content]) => ` ${key}="${escape(content)}"`).join("")}>${inside}</${name}>`;
const text = (x, y, words, more = {}) => tag("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": 11, fill: INK, ...more }, escape(words));

/** The SVG of what is shown at its places; `lines` are said under it: filters, numbers, versions, date. */
export function pictureOf(shown, places, view, lines) {
  const points = shown.nodes.map((node) => places.get(node.id));
  const [left, top, right, bottom] = [Math.min(...points.map((p) => p.x)) - MARGIN, Math.min(...points.map((p) => p.y)) - MARGIN, Math.max(...points.map((p) => p.x)) + MARGIN, Math.max(...points.map((p) => p.y)) + MARGIN];
  const width = Math.max(560, right - left);
  const parts = [];
  const known = new Map(shown.nodes.map((node) => [node.id, node]));
  for (const edge of shown.edges) parts.push(line(edge, known, places, isStep(edge, shown.steps)));
  for (const node of shown.nodes) parts.push(shape(node, places.get(node.id), view, shown));
  const legend = legendOf(shown, left + 16, bottom + 10, width - 32);
  const said = lines.flatMap((words) => wrap(words, Math.floor((width - 32) / 11)));
  const below = legend.height + 10 + said.length * LINE + 16;
  const height = bottom - top + below;
  parts.push(legend.drawn, ...said.map((words, k) => text(left + 16, bottom + 10 + legend.height + 14 + k * LINE, words)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag("svg", { xmlns: "http://www.w3.org/2000/svg", width: Math.ceil(width), height: Math.ceil(height), viewBox: `${left.toFixed(1)} ${top.toFixed(1)} ${width.toFixed(1)} ${height.toFixed(1)}`, "font-family": FONT },
    tag("title", {}, escape(lines[0])) + tag("rect", { x: left.toFixed(1), y: top.toFixed(1), width: Math.ceil(width) + 1, height: Math.ceil(height) + 1, fill: "#fff" }) + parts.join("\n"))}\n`;
}

/** From one node's edge to the other's, with its head. */
function line(edge, known, places, onPath) {
  const [a, b] = [places.get(edge.source), places.get(edge.target)];
  const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [dx, dy] = [(b.x - a.x) / far, (b.y - a.y) / far];
  const { colour, width, dash, arrow } = strokeOf(edge, onPath);
  const [from, to] = [NODES[known.get(edge.source).kind].size, NODES[known.get(edge.target).kind].size + 2];
  const end = { x: b.x - dx * to, y: b.y - dy * to };
  const head = 4 + width;
  const drawn = tag("line", { x1: (a.x + dx * from).toFixed(1), y1: (a.y + dy * from).toFixed(1), x2: (end.x - (arrow ? dx * head : 0)).toFixed(1), y2: (end.y - (arrow ? dy * head : 0)).toFixed(1), stroke: colour, "stroke-width": width, ...(dash.length ? { "stroke-dasharray": dash.join(" ") } : {}) });
  const corners = [[end.x, end.y], [end.x - dx * head * 1.6 - dy * head * 0.6, end.y - dy * head * 1.6 + dx * head * 0.6], [end.x - dx * head * 1.6 + dy * head * 0.6, end.y - dy * head * 1.6 - dx * head * 0.6]];
  return drawn + (arrow ? tag("polygon", { points: corners.map((corner) => corner.map((n) => n.toFixed(1)).join(",")).join(" "), fill: colour }) : "");
}

function shape(node, { x, y }, view, shown) {
  const { colour, size } = NODES[node.kind];
  const opened = view.nodes.includes(node.id);
  const onPath = shown.onPath.has(node.id);
  const look = { fill: colour, stroke: onPath ? ROUTE.colour : INK, "stroke-width": opened || onPath ? 3 : 1, ...(node.collective ? { "stroke-dasharray": COLLECTIVE.join(" ") } : {}) };
  const words = linesOf(node.label).map((row, k) => text(x, y + size + 12 + k * 12, row, { "text-anchor": "middle", "font-size": opened ? 12 : 10, "font-weight": opened ? 700 : 400, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke" })).join("");
  return tag("g", {}, tag("title", {}, escape(node.label)) + symbol(node.kind, x, y, 1, look) + words);
}

const symbol = (kind, x, y, scale, look) => (NODES[kind].points ? tag("polygon", { points: outline(kind, x, y, scale), ...look }) : tag("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: NODES[kind].size * scale, ...look }));

/** The kinds and strokes that are in the picture, in rows as wide as it is. */
function legendOf({ nodes, edges, onPath }, left, top, width) {
  const kinds = KINDS.filter((kind) => nodes.some((node) => node.kind === kind));
  const looks = EDGE_LOOKS.filter((look) => edges.some((edge) => lookOf(edge) === look));
  const items = [
    ...kinds.map((kind) => [`${t(`net.${kind}`)} (${nodes.filter((node) => node.kind === kind).length})`, (x, y) => symbol(kind, x + 10, y - 4, 7 / NODES[kind].size, { fill: NODES[kind].colour, stroke: INK })]),
    ...(nodes.some((node) => node.collective) ? [[t("collectives"), (x, y) => symbol("Department", x + 10, y - 4, 0.45, { fill: NODES.Department.colour, stroke: INK, "stroke-dasharray": "2 1.5" })]] : []),
    ...looks.map((look) => [`${wordsOfLook(look)} (${edges.filter((edge) => lookOf(edge) === look).length})`, (x, y) => sample(edgeLook(look), x, y)]),
    ...(onPath.size ? [[t("net.path"), (x, y) => sample(ROUTE, x, y)]] : [])];
  const cell = 190;
  const columns = Math.max(1, Math.floor(width / cell));
  const drawn = items.map(([words, sign], k) => {
    const [x, y] = [left + 12 + (k % columns) * cell, top + LINE * (1 + Math.floor(k / columns))];
    return sign(x, y) + text(x + 26, y, words);
  });
  return { drawn: drawn.join(""), height: LINE * (1 + Math.ceil(items.length / columns)) };
}

const sample = ({ colour, width, dash }, x, y) => tag("line", { x1: x - 12, y1: y - 4, x2: x + 20, y2: y - 4, stroke: colour, "stroke-width": width, ...(dash.length ? { "stroke-dasharray": dash.join(" ") } : {}) });

export const wordsOfLook = (look) => (look === "continues" || look === "resembles" || look === "other" ? t(`net.${look}`) : value(look));

function wrap(words, characters) {
  const rows = [""];
  let room = characters;
  for (const piece of words.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/gu) || []) {
    const size = [...piece].reduce((sum, c) => sum + (c < "\u2e80" ? 0.6 : 1), 0);
    if (room < size && rows.at(-1)) { rows.push(""); room = characters; }
    rows[rows.length - 1] += piece;
    room -= size;
  }
  return rows;
}

/** A picture as PNG, twice as fine as the screen where a canvas takes that. */
export async function rasterise(picture) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  await image.decode();
  const scale = Math.min(2, MOST_PIXELS / image.naturalWidth, MOST_PIXELS / image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => { canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error(t("net.noPicture")))), "image/png"); });
}
