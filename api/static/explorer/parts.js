// What several pages show: tables, ranked bars, filters, the basis of an answer.

import { address, h, of, short, zh } from "./dom.js";
import { go } from "./app.js";
import { post } from "./service.js";
import { column, number, percent, t, value } from "./words.js";

export const ROLES = ["lead", "responsible", "support", "implement"];

/** A table: `columns` are {label, cell(row), number, head}; `caption` tells a screen reader what it is. */
export function table(caption, columns, rows, { hidden = true } = {}) {
  return h("div.scroll", { tabindex: "0", role: "region", "aria-label": caption },
    h("table", {}, h(hidden ? "caption.unseen" : "caption", {}, caption),
      h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", class: c.number ? "number" : null }, c.label)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((c) => h(c.head ? "th" : "td", { scope: c.head ? "row" : null, class: c.number ? "number" : null }, c.cell(row))))))));
}

/** Ranked bars as a table: a name, a bar as long as its number, the number. Rows: {name (node), value, shown, after}. */
export function bars(caption, label, unit, rows, after = null) {
  const most = Math.max(...rows.map((row) => row.value), 0) || 1;
  return table(caption, [
    { label: "#", number: true, cell: (row) => number(rows.indexOf(row) + 1) },
    { label, head: true, cell: (row) => row.name },
    { label: unit, cell: (row) => h("span.bar-line", {}, bar(row.value / most, row.parts?.map((part) => [part[0], part[1] / most])), h("span.bar-value", {}, row.shown ?? number(row.value))) },
    ...(after || []),
  ], rows);
}

function bar(share, parts) {
  const whole = h("span.bar", { "aria-hidden": "true" });
  for (const [name, part] of parts || [["all", share]]) {
    const piece = h(`span.bar-part.${name}`);
    piece.style.width = `${(100 * part).toFixed(2)}%`;
    whole.append(piece);
  }
  return whole;
}

/** A field that chooses: `choices` are values or [value, label]; the first, empty one leaves it open. */
export function select(name, label, choices, chosen, open = t("all")) {
  return h("label.field", {}, h("span", {}, label), h("select", { name },
    open === null ? null : h("option", { value: "" }, open),
    choices.map((choice) => {
      const [key, text] = Array.isArray(choice) ? choice : [choice, String(choice)];
      return h("option", { value: key, selected: String(key) === String(chosen ?? "") }, text);
    })));
}

export const plansOf = (overview) => overview.plans.map((plan) => [plan.id, `${plan.years?.[0] ?? "–"} ${plan.title}`]);

/** A form whose fields are the view: a change shows it at once, the button is for who has no pointer. */
export const filters = (action, ...fields) => h("form.filters", { action, method: "get", "data-keep": true }, fields, h("button", {}, t("show")));

/** What an answer rests on, folded up below its first line. */
export function basisOf(basis) {
  const years = [...new Set(basis.plans.flatMap((plan) => plan.years || []))].sort();
  const bodies = [...new Set(basis.plans.map((plan) => plan.body || plan.place).filter(Boolean))];
  const span = years.length > 1 ? `${years[0]}–${years.at(-1)}` : years.join("");
  return h("details.basis", {},
    h("summary", {}, t("basis", { plans: basis.plans.length, bodies: bodies.slice(0, 3).join("、") + (bodies.length > 3 ? " …" : ""), years: span, tasks: basis.tasks, unstated: basis.tasks_without_stated_unit })),
    basis.notes.length ? h("ul", {}, basis.notes.map((note) => h("li", {}, note))) : null,
    basis.left_out?.length ? h("p", {}, t("leftOut"), ": ", basis.left_out.join("; ")) : null,
    basis.plans.length ? h("ul.plans", {}, basis.plans.slice(0, 200).map((plan) => h("li", {}, h("a", { href: of("plans", plan.id), lang: "zh" }, plan.title), ` ${plan.body || ""} · ${t("nTasks", { n: plan.tasks })}`))) : null,
    h("p.fine", {}, `policygraph ${basis.policygraph}, ${t("graphName")} ${basis.graph}`));
}

/** Links to the same answer in other forms. */
export function downloads(path, parameters, formats = ["csv", "json", "parquet"]) {
  return h("p.downloads", {}, `${t("download")}: `, formats.map((format) => [
    h("a", { href: address(path, { ...parameters, limit: 1000, format }), download: format === "json" ? null : `${path.split("/").pop()}.${format}`, target: format === "json" ? "_blank" : null }, format.toUpperCase()), " "]));
}

/** What a target counts up to: its number with comparator and counter. */
export const amount = (target) => `${target.comparator === "=" ? "" : target.comparator + " "}${number(target.value)} ${target.unit || ""}`;

/** A button that copies the text which `text()` gives, and says whether it did; `again()` forgets what it said. */
export function copier(text) {
  const said = h("span", { role: "status" });
  const button = h("button", { type: "button", onclick: async () => { try { await navigator.clipboard.writeText(text()); said.textContent = ` ${t("copied")}`; } catch { said.textContent = ` ${t("copyYourself")}`; } } }, t("copy"));
  return { elements: [button, said], again: () => { said.textContent = ""; } };
}

/** Two buttons to rule on a link, with why and by whom: a row of verdicts.csv. */
export function ruling(later, earlier) {
  const said = h("span", { role: "status" });
  const note = h("input", { maxlength: 500, "aria-label": t("note"), placeholder: t("note") });
  const by = h("input", { maxlength: 100, "aria-label": t("by"), placeholder: t("by"), autocomplete: "name" });
  const send = (verdict) => h("button", {
    type: "button", onclick: async () => {
      said.textContent = " …";
      try {
        const done = await post("/api/verdicts", { later, earlier, verdict, note: note.value, by: by.value });
        said.replaceChildren(` ${t("written", { sheet: done.sheet })} `, ...done.notes.map((line) => h("span", {}, line)));
      } catch (error) { said.textContent = ` ${error.message}`; }
    } }, t(verdict === "continues" ? "ruleYes" : "ruleNo"));
  return h("p.rule", {}, note, " ", by, " ", send("continues"), " ", send("not"), said);
}

export const taskLink = (id, text, length = 70) => h("a", { href: of("tasks", id) }, short(text, length));
export const unitLink = (id, name, scope) => [h("a", { href: of("units", id), lang: "zh" }, name), scope ? [" ", h("span.scope", { lang: "zh" }, scope)] : null];

/** Rows of any question as a table: ids become links, scores and shares numbers. */
export function answerTable(caption, columns, rows) {
  const ids = new Set(columns.map((c) => c.name));
  return table(caption, columns.map((c) => ({
    label: column(c.name), number: c.type === "int" || c.type === "float", cell: (row) => cellOf(c, row[c.name], row, ids) })), rows);
}

const KINDS = { t: "tasks", p: "plans", d: "units", x: "documents" };
const ID = /^([tpdx])-[a-z0-9]+$/;

function cellOf(c, content, row, names) {
  if (content === null || content === undefined) return h("span.none", { title: "null" }, "–");
  if (c.type === "bool") return content ? t("yes") : t("no");
  if (c.type === "float") return c.name.includes("share") ? percent(content) : number(content);
  if (c.type === "int") return /year|^by$|number$/.test(c.name) ? String(content) : number(content);
  if (Array.isArray(content)) return h("ul.cell", {}, content.map((item) => h("li", {}, linked(item))));
  return linked(content);
}

function linked(text) {
  const found = String(text).match(ID);
  if (found) return h("a.id", { href: of(KINDS[found[1]], text) }, text);
  return short(String(text), 120);
}

/** A button that goes on to more rows, where there are any. */
export const more = (shown, total, parameters, path) => (shown < total
  ? h("p", {}, t("shown", { shown, total }), " ", h("a", { href: address(path, { ...parameters, rows: shown + 100 }) }, t("more")))
  : h("p.fine", {}, t("shown", { shown, total })));

/** Put a parameter of the view right without leaving it. */
export function change(query, name, to) {
  const next = new URLSearchParams(query);
  if (to === null || to === "") next.delete(name); else next.set(name, to);
  go(`${location.pathname}?${next}`, { keep: true });
}

export { number, percent, value, zh };
