// A document: its text as it was read, every span marked. `?at=12-40` lights those characters.

import { h, of, short } from "../dom.js";
import { legend, marked, points, scrollToPlace } from "../marks.js";
import { get } from "../service.js";
import { t, value } from "../words.js";

export default async function document_({ id, query, signal }) {
  const path = `/api/documents/${encodeURIComponent(id)}`;
  const [text, spans, listed] = await Promise.all([get(`${path}/text`, {}, signal), get(`${path}/spans`, {}, signal), get("/api/documents", {}, signal)]);
  const document = listed.find((one) => one.id === id);
  const lit = (query.get("at") || "").split(",").map((place) => place.split("-").map(Number)).filter(([a, b]) => b > a);
  const source = marked(points(text), 0, spans, lit);
  const tasks = spans.filter((span) => span.kind === "task");
  return {
    title: document?.title || id, json: `${path}/spans`, placed: lit.length > 0,
    ready: () => lit.length && scrollToPlace(source),
    content: [
      h("p.lead", {}, value(document?.kind), " · ", h("span.file", {}, document?.source || "")),
      h("p", {}, h("a", { href: `${path}/text`, target: "_blank" }, t("plainText")), " · ", h("a", { href: `/documents/${encodeURIComponent(id)}/review`, target: "_blank" }, t("putRightHere"))),
      legend(spans, source),
      h("div.beside", {}, source, tasks.length ? h("nav.contents", { "aria-label": t("tasks") }, h("h2", {}, t("tasks"), " ", h("small", {}, String(tasks.length))), h("ol", {}, tasks.map((span) => h("li", {}, h("a", { href: of("tasks", span.id) }, short(span.quote, 34)))))) : null),
    ],
  };
}
