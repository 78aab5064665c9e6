// A document's text with its spans marked. Offsets of the service count code points, so the text is cut as such.

import { h, of } from "./dom.js";
import { t, value } from "./words.js";

const ORDER = ["duty", "goal", "task", "heading", "clause", "unit", "indicator", "policy", "programme", "mention"];
const PAGES = { task: "tasks", clause: "tasks", unit: "units", mention: "units" };

/** The points of `text` (a list of characters that begins at `start` of the document) as a paragraph of marked pieces.
 *  `spans` are those of /api/documents/{id}/spans; `lit` are places [start, end] to show as the evidence. */
export function marked(characters, start, spans, lit = []) {
  const end = start + characters.length;
  const here = spans.filter((span) => span.start_char < end && span.end_char > start);
  const places = lit.filter(([a, b]) => a < end && b > start);
  const cuts = new Set([start, end]);
  for (const [a, b] of [...here.map((span) => [span.start_char, span.end_char]), ...places]) {
    cuts.add(Math.max(start, a));
    cuts.add(Math.min(end, b));
  }
  const borders = [...cuts].sort((a, b) => a - b);
  const box = h("div.source", { lang: "zh" });
  let active = [];
  const waiting = [...here].sort((a, b) => a.start_char - b.start_char);
  for (let k = 0; k + 1 < borders.length; k += 1) {
    const [a, b] = [borders[k], borders[k + 1]];
    while (waiting.length && waiting[0].start_char <= a) active.push(waiting.shift());
    active = active.filter((span) => span.end_char > a);
    const words = characters.slice(a - start, b - start).join("");
    const isLit = places.some(([from, to]) => from <= a && b <= to);
    if (!active.length && !isLit) { box.append(words); continue; }
    const piece = h(isLit ? "mark.lit" : "span", { class: [...new Set(active.map((span) => `m-${span.kind}`)), isLit ? "lit" : ""].filter(Boolean).join(" "), title: active.map(describe).join(" · ") || null, "data-at": a }, words);
    const link = linkOf(active);
    box.append(link ? h("a.marked", { href: link }, piece) : piece);
  }
  return box;
}

/** The innermost thing at a place that has a page. */
function linkOf(spans) {
  const found = [...spans].sort((a, b) => ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind)).find((span) => PAGES[span.kind] || span.kind === "programme" || span.kind === "policy");
  if (!found || found.kind === "task" || found.kind === "clause") return null;
  return PAGES[found.kind] ? of(PAGES[found.kind], found.id) : `/tasks?${found.kind}=${encodeURIComponent(found.id)}`;
}

const describe = (span) => `${t(`kind.${span.kind}`)}${span.kind === "unit" ? `: ${value(span.label)}` : span.label && !["task", "clause", "heading", "goal"].includes(span.kind) ? `: ${value(span.label)}` : ""}`;

/** A toggle for each kind of mark. */
export function legend(spans, box) {
  const kinds = ORDER.filter((kind) => spans.some((span) => span.kind === kind));
  return h("p.legend", { role: "group", "aria-label": t("marks") }, kinds.map((kind) => h("button", {
    type: "button", class: `m-${kind}`, "aria-pressed": "true",
    onclick: (event) => { const on = event.target.getAttribute("aria-pressed") !== "true"; event.target.setAttribute("aria-pressed", on); box.classList.toggle(`no-${kind}`, !on); },
  }, t(`kind.${kind}`))));
}

/** Scroll to what is lit, or to a place, and put the focus there. */
export function scrollToPlace(box, start = null) {
  const target = box.querySelector(".lit") || (start === null ? null : [...box.querySelectorAll("[data-at]")].findLast((piece) => Number(piece.dataset.at) <= start));
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

/** The words of a text by code points, and a reader of pieces of it. */
export const points = (text) => Array.from(text);
