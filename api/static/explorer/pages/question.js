// One question as a form, its answer as a table and, where it has a name and a number, as bars.

import { address, h, short } from "../dom.js";
import { answerTable, bars, basisOf, copier, downloads, number, plansOf, select, value } from "../parts.js";
import { get, getOverview, Problem } from "../service.js";
import { column, language, t } from "../words.js";

const NUMBERS = ["tasks", "times", "share", "score", "value", "plans"]; // a column to draw, the first that is there

export default async function question({ id, query, signal }) {
  const [listed, overview] = await Promise.all([get("/api/queries", {}, signal), getOverview()]);
  const found = listed.find((one) => one.name === id);
  if (!found) throw new Problem(404, t("noPage"), id);
  const asked = Object.fromEntries(found.parameters.map(({ name }) => [name, query.get(name)]).filter(([, content]) => content));
  if (found.by_code && query.get("by_code")) asked.by_code = "true";
  const shown = Math.min(1000, Number(query.get("rows")) || 100);
  const missing = found.parameters.filter((parameter) => parameter.required && !asked[parameter.name]);
  let answer = null;
  let problem = null;
  if (!missing.length) {
    try { answer = await get(found.href, { ...asked, limit: shown }, signal); } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      problem = error;
    }
  }
  const columns = answer?.rows[0] && "code" in answer.rows[0] && !found.columns.some((c) => c.name === "code") ? [{ name: "code", type: "str" }, ...found.columns] : found.columns;
  return {
    title: language() === "zh" ? found.zh : found.question, json: answer ? address(found.href, asked) : "/api/queries",
    content: [
      h("p", {}, found.notes),
      h("form.filters", { action: `/questions/${found.name}`, method: "get", "data-keep": true },
        found.parameters.map((parameter) => field(parameter, asked, overview)),
        found.by_code && overview.codes.length ? h("label.field", {}, h("span", {}, t("byCode")), h("input", { type: "checkbox", name: "by_code", value: "true", checked: Boolean(asked.by_code) })) : null,
        h("button", {}, t("ask"))),
      missing.length ? h("p", {}, t("needs"), " ", missing.map((parameter) => column(parameter.name)).join(", ")) : null,
      problem ? h("p.problem", { role: "alert" }, problem.message) : null,
      answer ? [basisOf(answer.basis), chart(answer, columns), answer.rows.length ? answerTable(found.question, columns, answer.rows) : h("p", {}, t("noRows")),
        answer.total > answer.rows.length ? h("p", {}, t("shown", { shown: answer.rows.length, total: answer.total }), " ", h("a", { href: address(`/questions/${id}`, { ...asked, rows: shown + 200 }) }, t("more"))) : h("p.fine", {}, t("nRows", { n: answer.total })),
        downloads(found.href, asked), h("p.fine", {}, `${t("permalink")}: `, h("a", { href: address(`/questions/${id}`, asked) }, `${location.origin}${address(`/questions/${id}`, asked)}`))] : null,
      h("details", {}, h("summary", {}, t("columns")), h("dl.about", {}, found.columns.map((c) => [h("dt", {}, column(c.name), " ", h("code", {}, c.name)), h("dd", {}, c.description)]))),
      found.cypher ? cypher(found, answer) : null,
    ],
  };
}

function field({ name, type, required, default: usual, choices, description }, asked, overview) {
  const label = column(name);
  const given = asked[name] ?? "";
  const known = { year: overview.years, from_year: overview.years, to_year: overview.years, since: overview.years, until: overview.years, level: overview.levels, region: overview.regions, kind: overview.kinds, scope: bodies(overview), body: bodies(overview), code: overview.codes.length ? [...overview.codes, "(none)"] : null }[name];
  const plans = /plan$/.test(name) ? plansOf(overview) : null;
  const list = choices || (type === "bool" ? ["true", "false"] : null) || known || plans;
  if (list?.length) {
    const shown = list.map((item) => (Array.isArray(item) ? item : [item, value(String(item))]));
    const element = select(name, label, shown, given, usual === null ? t("all") : `${t("usual")}: ${value(String(usual))}`);
    element.title = description;
    return element;
  }
  return h("label.field", { title: description }, h("span", {}, label, required ? " *" : ""), h("input", {
    name, value: given, required, type: type === "int" || type === "float" ? "number" : "text", step: type === "float" ? "any" : null, maxlength: 200, placeholder: usual === null ? null : String(usual) }));
}

const bodies = (overview) => [...new Set(overview.plans.flatMap((plan) => [plan.body, plan.place]).filter(Boolean))];

function chart(answer, columns) {
  const measure = NUMBERS.map((name) => columns.find((c) => c.name === name && (c.type === "int" || c.type === "float"))).find(Boolean);
  const label = columns.find((c) => c.type === "str" && c.name !== "code");
  const rows = answer.rows.filter((row) => typeof row[measure?.name] === "number").slice(0, 25);
  if (!measure || !label || rows.length < 2) return null;
  return h("details.chart", {}, h("summary", {}, t("chart")), bars(t("chart"), column(label.name), column(measure.name), rows.map((row) => ({ name: short(String(row[label.name] ?? "–"), 40), value: row[measure.name], shown: number(row[measure.name]) }))));
}

function cypher(found, answer) {
  const text = `${answer ? `:params ${JSON.stringify(answer.basis.parameters).replace(/"([a-z_]+)":/g, "$1: ")}\n` : ""}${found.cypher}`;
  return h("details", {}, h("summary", {}, t("cypher")), h("pre", { tabindex: "0" }, text), copier(() => text).elements);
}
