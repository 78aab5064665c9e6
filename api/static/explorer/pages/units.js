// Units: who owns the most tasks.

import { address, h } from "../dom.js";
import { bars, basisOf, downloads, filters, number, percent, plansOf, ROLES, select, unitLink, value } from "../parts.js";
import { get, getOverview } from "../service.js";
import { t } from "../words.js";

const PATH = "/api/queries/department_workload";
const FILTERS = ["year", "plan", "role", "level", "region", "kind", "code"];

export default async function units({ query, signal }) {
  const [overview, asked] = [await getOverview(), Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]))];
  const counting = ["whole", "split", "share"].includes(query.get("count")) ? query.get("count") : "whole";
  const shown = Number(query.get("rows")) || 50;
  const answer = await get(PATH, { ...asked, limit: 1000 }, signal);
  const measure = { whole: (row) => row.tasks, split: (row) => row.split, share: (row) => row.share }[counting];
  const rows = [...answer.rows].sort((a, b) => measure(b) - measure(a));
  const blocks = [[t("units"), rows.filter((row) => !row.collective)], [t("collectives"), rows.filter((row) => row.collective)]];
  const choices = (list) => list.map((item) => [item, value(item)]);
  return {
    title: t("unitsTitle"), json: address(PATH, asked),
    content: [
      filters("/units",
        select("year", t("year"), overview.years, asked.year), select("plan", t("plan"), plansOf(overview), asked.plan),
        select("role", t("role"), choices(ROLES), asked.role), select("level", t("level"), choices(overview.levels), asked.level),
        select("region", t("region"), overview.regions, asked.region), select("kind", t("kind"), choices(overview.kinds), asked.kind),
        overview.codes.length ? select("code", t("code"), [...overview.codes, "(none)"], asked.code) : null,
        select("count", t("counting"), [["whole", t("whole")], ["split", t("split")], ["share", t("share")]], counting, null)),
      h("p", {}, t(`${counting}Says`)),
      basisOf(answer.basis),
      blocks.map(([title, listed]) => (listed.length ? h("section", {}, h("h2", {}, title, " ", h("small", {}, number(listed.length))), ranking(title, listed.slice(0, shown), measure, counting, asked)) : null)),
      rows.length ? null : h("p", {}, t("noRows")),
      blocks[0][1].length > shown ? h("p", {}, t("shown", { shown, total: blocks[0][1].length }), " ", h("a", { href: address("/units", { ...asked, count: counting, rows: shown + 200 }) }, t("more"))) : null,
      answer.total > answer.rows.length ? h("p", {}, t("shown", { shown: answer.rows.length, total: answer.total })) : null,
      downloads(PATH, asked),
    ],
  };
}

function ranking(title, rows, measure, counting, asked) {
  const tasksOf = (row, role) => address("/tasks", { department: row.id, year: asked.year, plan: asked.plan, code: asked.code, role: role || asked.role });
  const by = (role) => ({
    label: value(role), number: true,
    cell: (row) => (row.source[role] === null ? h("span.none", {}, t("notMarked")) : row.source[role] ? h("a", { href: tasksOf(row.source, role) }, number(row.source[role])) : "0"),
  });
  return bars(title, t("unit"), t(counting), rows.map((row) => ({
    source: row, value: measure(row), name: unitLink(row.id, row.department, row.scope),
    shown: h("a", { href: tasksOf(row), "aria-label": `${row.department}: ${t("nTasks", { n: row.tasks })}` }, counting === "share" ? percent(row.share) : number(measure(row))),
  })), [...ROLES.map(by), { label: t("alone"), number: true, cell: (row) => number(row.source.alone) }, { label: t("shareShort"), number: true, cell: (row) => percent(row.source.share) },
    { label: "", cell: (row) => h("a", { href: `/graph?node=${encodeURIComponent(row.source.id)}`, "aria-label": `${row.source.department}: ${t("graph")}` }, t("graph")) }]);
}
