// Finding a node to begin with, or to add to what is shown.

import { address, h, short, zh } from "../dom.js";
import { number } from "../parts.js";
import { get } from "../service.js";
import { t } from "../words.js";

/** Search results by group; `act(row)` is the element that leads on from one. */
export async function found(q, act, signal) {
  const groups = Object.entries(await get("/api/search", { q, limit: 8 }, signal)).filter(([, { total }]) => total);
  if (!groups.length) return [h("p", {}, t("nothingFound"), " ", zh(q))];
  return groups.map(([name, { total, rows }]) => h("section", {}, h("h3", {}, t(name), " ", h("small", {}, number(total))),
    h("ul.found", {}, rows.map((row) => h("li", {}, act(row), " ", h("span.scope", { lang: "zh" }, row.detail || ""))),
      total > rows.length ? h("li.fine", {}, t("shown", { shown: rows.length, total })) : null)));
}

/** The box to search in. */
export const searchBox = (label, q, onsubmit = null) => h("form.filters", { action: "/graph", method: "get", onsubmit },
  h("label.field", {}, h("span", {}, label), h("input", { type: "search", name: "q", value: q, required: true, maxlength: 200 })), h("button", {}, t("search")));

/** The page without a node: a search, and the units with the most tasks of the last year to begin with. */
export async function startPage(overview, query, signal) {
  const q = (query.get("q") || "").trim();
  const year = overview.years.at(-1);
  const link = (row) => h("a", { href: address("/graph", { node: row.id }) }, short(row.label, 70));
  const [results, busiest] = await Promise.all([q ? found(q, link, signal) : null, overview.plans.length ? get("/api/queries/department_workload", { year, limit: 30 }, signal) : { rows: [] }]);
  const units = busiest.rows.filter((row) => !row.collective).slice(0, 5);
  return {
    title: t("graph"), json: q ? address("/api/search", { q }) : null,
    content: [
      h("p", {}, t("net.startSays")), searchBox(t("net.find"), q), results,
      units.length ? h("section", {}, h("h2", {}, t("net.begin", { year: String(year ?? "") })), h("ul.found", {}, units.map((row) => h("li", {}, link({ id: row.id, label: row.department }), " ", h("span.scope", { lang: "zh" }, row.scope), h("span.fine", {}, ` ${t("nTasks", { n: row.tasks })}`))))) : null,
      overview.plans.length ? h("section", {}, h("h2", {}, t("net.beginPlan")), h("ul.found", {}, overview.plans.slice(-5).reverse().map((plan) => h("li", {}, link({ id: plan.id, label: plan.title }), h("span.fine", {}, ` ${t("nTasks", { n: plan.tasks })}`))))) : h("p", {}, t("emptyGraph")),
    ],
  };
}
