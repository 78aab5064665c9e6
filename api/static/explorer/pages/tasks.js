// A list of tasks: those of a unit, a plan, a year, a programme, or all.

import { address, h, of, zh } from "../dom.js";
import { filters, more, number, plansOf, ROLES, select, table, taskLink, value } from "../parts.js";
import { get, getOverview } from "../service.js";
import { t } from "../words.js";

const NAMES = ["year", "plan", "department", "role", "code", "programme", "policy", "q"];

export default async function tasks({ query, signal }) {
  const [overview, asked] = [await getOverview(), Object.fromEntries(NAMES.map((name) => [name, query.get(name)]))];
  const shown = Math.min(1000, Number(query.get("rows")) || 100);
  const [answer, unit, named] = await Promise.all([
    get("/api/tasks", { ...asked, limit: shown }, signal),
    asked.department ? get(`/api/departments/${encodeURIComponent(asked.department)}`, {}, signal).catch(() => null) : null,
    asked.programme || asked.policy ? get("/api/queries/neighbours", { node: asked.programme || asked.policy, limit: 1 }, signal).catch(() => null) : null]);
  const titles = [unit?.name, asked.role ? value(asked.role) : null, asked.year, asked.q ? `“${asked.q}”` : null].filter(Boolean);
  return {
    title: `${t("tasks")}${titles.length ? `: ${titles.join(" · ")}` : ""} (${number(answer.total)})`, json: address("/api/tasks", asked),
    content: [
      filters("/tasks",
        select("year", t("year"), overview.years, asked.year), select("plan", t("plan"), plansOf(overview), asked.plan), select("role", t("role"), ROLES.map((role) => [role, value(role)]), asked.role),
        overview.codes.length ? select("code", t("code"), [...overview.codes, "(none)"], asked.code) : null,
        h("label.field", {}, h("span", {}, t("withWords")), h("input", { name: "q", value: asked.q || "", type: "search", maxlength: 200 })),
        ["department", "programme", "policy"].filter((name) => asked[name]).map((name) => h("input", { type: "hidden", name, value: asked[name] }))),
      unit ? h("p", {}, t("onlyOf"), " ", h("a", { href: of("units", unit.id), lang: "zh" }, unit.name), " · ", h("a", { href: address("/tasks", { ...asked, department: null }) }, t("ofAll"))) : null,
      named ? h("p", {}, t(asked.programme ? "thatName" : "thatCite"), " ", h("span.id", {}, asked.programme || asked.policy), " · ", h("a", { href: `/graph?node=${encodeURIComponent(asked.programme || asked.policy)}` }, t("inGraph"))) : null,
      answer.rows.length ? table(t("tasks"), [
        { label: t("year"), cell: (row) => String(row.first_year ?? "–") }, { label: t("plan"), cell: (row) => h("a", { href: of("plans", row.plan), lang: "zh" }, row.plan_title) },
        { label: t("number"), number: true, cell: (row) => String(row.number) }, { label: t("words"), head: true, cell: (row) => taskLink(row.id, row.text, 80) }, { label: t("clause"), cell: (row) => (row.clause ? zh(row.clause) : h("span.none", {}, t("noUnit"))) }], answer.rows) : h("p", {}, t("noRows")),
      more(answer.rows.length, answer.total, asked, "/tasks"),
      h("p.downloads", {}, `${t("download")}: `, h("a", { href: address("/api/tasks", { ...asked, limit: 1000, format: "csv" }), download: "tasks.csv" }, "CSV"), " ", h("a", { href: address("/api/tasks", { ...asked, limit: 1000, format: "parquet" }), download: "tasks.parquet" }, "PARQUET")),
    ],
  };
}
