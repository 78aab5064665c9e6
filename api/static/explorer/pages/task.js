// One task: its words with every span marked, its units, targets, and its line of work both ways.

import { add, address, h, of, short, zh } from "../dom.js";
import { legend, marked, points, scrollToPlace } from "../marks.js";
import { amount, number, ruling, table, taskLink, unitLink, value } from "../parts.js";
import { get } from "../service.js";
import { t } from "../words.js";

const AROUND = 60; // characters shown before and after

export default async function task({ id, query, signal }) {
  const path = `/api/tasks/${encodeURIComponent(id)}`;
  const found = await get(path, {}, signal);
  const { source } = found;
  const documentPath = `/api/documents/${encodeURIComponent(source.document)}`;
  const [text, spans] = await Promise.all([get(`${documentPath}/text`, {}, signal), get(`${documentPath}/spans`, {}, signal)]);
  const characters = points(text);
  const start = Math.max(0, Math.min(source.heading_start ?? source.start_char, source.start_char) - AROUND);
  const end = Math.min(characters.length, Math.max(source.end_char, source.clause_end ?? 0) + AROUND);
  const place = h("p.fine", { role: "status", "aria-busy": "true" }, t("lineComing"));
  const lit = placesOf(query, found, source);
  const from = source.heading_start !== null && source.heading_start < start - 400 ? Math.max(0, source.start_char - AROUND) : start;
  const box = marked(characters.slice(from, end), from, spans, lit);
  return {
    title: `${found.plan_title} · ${t("taskN", { n: found.number })}`, json: path, placed: query.get("at") !== null,
    ready: () => {
      if (query.get("at") !== null) scrollToPlace(box);
      // A long line of work takes its time: the task itself is read meanwhile.
      get("/api/queries/task_history", { task: id, limit: 200 }, signal).then((history) => place.replaceWith(line(history, id) || ""), (error) => {
        if (error.name === "AbortError") return;
        place.replaceChildren(error.message);
        place.removeAttribute("aria-busy");
      });
    },
    content: [
      h("p.lead", { lang: "zh" }, found.path.join(" › ")),
      legend(spans.filter((span) => span.start_char < end && span.end_char > from), box), box,
      h("p", {}, h("a", { href: `${of("documents", source.document)}?at=${source.start_char}-${source.end_char}` }, t("inDocument")), " · ",
        h("a", { href: of("plans", found.plan) }, t("toPlan")), " · ", h("a", { href: `/graph?node=${encodeURIComponent(id)}` }, t("inGraph")), " · ",
        h("a", { href: `/documents/${encodeURIComponent(source.document)}/review`, target: "_blank" }, t("putRightHere")),
        h("span.fine", {}, ` ${t("characters", { start: source.start_char, end: source.end_char })} · ${source.file.split("/").pop()}`)),
      facts(found), units(found), targets(found),
      named(t("programmes"), found.programmes, "programme"), named(t("policies"), found.policies, "policy"),
      links(t("continues"), found.continues, "later", found, source), links(t("continuedBy"), found.continued_by, "earlier", found, source),
      place,
    ],
  };
}

/** What to light: `at=task`, the id of one of its targets, a place 12-40, or the task's own words. */
function placesOf(query, found, source) {
  const at = query.get("at");
  const target = found.indicators.find((indicator) => indicator.id === at);
  if (target) return [[target.start_char, target.end_char]];
  const place = (at || "").split("-").map(Number);
  if (place.length === 2 && place[1] > place[0]) return [place];
  return at === "task" ? [[source.start_char, source.end_char]] : [];
}

const facts = (found) => (found.deadline || found.part !== "substantive" ? h("p", {}, found.deadline ? `${t("deadline")}: ${found.deadline} ` : "", found.part !== "substantive" ? value(found.part) : "") : null);

function units(found) {
  if (!found.units.length) return h("p.none", {}, t("noUnit"));
  return h("section", {}, h("h2", {}, t("units")), table(t("units"), [
    { label: t("unit"), head: true, cell: (row) => unitLink(row.id, row.name, row.scope) }, { label: t("role"), cell: (row) => value(row.role) }, { label: t("basisOfRole"), cell: (row) => value(row.role_basis) },
    { label: t("asWritten"), cell: (row) => h("a", { href: `?at=${row.start_char}-${row.end_char}` }, zh(row.surface)) }], found.units));
}

function targets(found) {
  if (!found.indicators.length) return null;
  return h("section", {}, h("h2", {}, t("targets")), table(t("targets"), [
    { label: t("words"), head: true, cell: (row) => h("a", { href: `?at=${row.id}` }, zh(row.quote)) }, { label: t("object"), cell: (row) => zh(row.object) },
    { label: t("value"), number: true, cell: amount }, { label: t("byYear"), cell: (row) => String(row.year ?? "–") }], found.indicators));
}

const named = (title, rows, kind) => (rows.length ? h("p", {}, h("b", {}, title), ": ", rows.map((row) => [h("a", { href: address("/tasks", { [kind]: row.id }), lang: "zh" }, row.name), " "])) : null);

function links(title, rows, side, found, source) {
  if (!rows.length) return null;
  const own = (row) => (side === "later" ? [row.evidence_later, row.later_start, row.later_end] : [row.evidence_earlier, row.earlier_start, row.earlier_end]);
  const other = (row) => (side === "later" ? [row.evidence_earlier, row.earlier_start, row.earlier_end] : [row.evidence_later, row.later_start, row.later_end]);
  return h("section", {}, h("h2", {}, title, " ", h("small", {}, number(rows.length))), h("ul.links", {}, rows.map((row) => {
    const [words, a, b] = own(row);
    const [others, c, d] = other(row);
    return h("li", {}, h("p", {}, taskLink(row.task, row.text), " ", h("span.scope", { lang: "zh" }, row.plan_title)),
      h("p.evidence", {}, h("a", { href: `${of("documents", source.document)}?at=${a}-${b}` }, zh(words, "q")), " ↔ ", h("a", { href: `${of("tasks", row.task)}?at=${c}-${d}` }, zh(others, "q"))),
      h("p.fine", {}, `${t("score")} ${number(row.score)} · ${value(row.relation)} · ${value(row.method)}`),
      h("details", {}, h("summary", {}, t("ruleOnIt")), side === "later" ? ruling(found.id, row.task) : ruling(row.task, found.id)));
  })));
}

/** The whole line of work over the years, those without a task too. */
function line(history, id) {
  if (history.total < 2) return null;
  return h("section", {}, h("h2", {}, t("lineOfWork")), h("ol.line", {}, history.rows.map((row) => h("li", { class: row.task === id ? "here" : null },
    h("b", {}, String(row.year ?? "–")), " ", row.task ? [taskLink(row.task, row.text, 60), " ", h("span.scope", { lang: "zh" }, row.body || row.plan || "")] : h("span.none", {}, `${value(row.status)} `, row.series ? zh(row.series) : ""),
    add(h("span.fine", {}), [row.change ? ` ${row.change}` : "", row.joined?.length ? [` + `, zh(row.joined.join("、"))] : null, row.left?.length ? [` − `, zh(row.left.join("、"))] : null])))),
  h("p.fine", {}, short(history.basis.notes.join(" "), 300)));
}
