// One unit: its tasks by year and role, whom it works with, its targets and duties, its spellings.

import { address, h, of, short, zh } from "../dom.js";
import { amount, bars, downloads, number, ROLES, table, unitLink, value } from "../parts.js";
import { get } from "../service.js";
import { t } from "../words.js";


export default async function unit({ id, signal }) {
  const path = `/api/departments/${encodeURIComponent(id)}`;
  const [found, shared, counterparts, targets] = await Promise.all([
    get(path, {}, signal), get("/api/queries/shared_tasks", { department: id, limit: 50 }, signal),
    get("/api/queries/counterparts", { department: id, limit: 50 }, signal), get("/api/indicators", { department: id, limit: 50 }, signal)]);
  return {
    title: found.name, json: path,
    content: [
      h("p.lead", {}, [found.full_name && found.full_name !== found.name ? zh(found.full_name) : null, zh(found.scope), value(found.level), value(found.kind), found.collective ? t("collective") : null].filter(Boolean).flatMap((part, k) => (k ? [" · ", part] : [part]))),
      found.part_of.length ? h("p", {}, t("partOf"), " ", found.part_of.map((body) => [unitLink(body.id, body.name), " "])) : null,
      h("p", {}, h("a", { href: address("/tasks", { department: id }) }, t("allItsTasks")), " · ", h("a", { href: `/graph?node=${encodeURIComponent(id)}` }, t("inGraph"))),
      years(found), plans(found), partners(id, shared, found.plans.some((row) => row.role_scheme && row.role_scheme !== "flat")), reforms(found), counterpartsOf(id, counterparts),
      targets.rows.length ? h("section", {}, h("h2", {}, t("targets"), " ", h("small", {}, number(targets.total))), table(t("targets"), [
        { label: t("words"), cell: (row) => h("a", { href: row.owner.startsWith("t-") ? `${of("tasks", row.owner)}?at=${row.id}` : "#" }, zh(row.quote)) }, { label: t("object"), cell: (row) => zh(row.object) },
        { label: t("value"), number: true, cell: amount },
        { label: t("plan"), cell: (row) => h("a", { href: of("plans", row.plan), lang: "zh" }, row.plan_title) }], targets.rows)) : null,
      found.duties.length ? h("section", {}, h("h2", {}, t("duties")), h("ol.duties", {}, found.duties.map((duty) => h("li", {}, zh(duty.text))))) : null,
      h("section", {}, h("h2", {}, t("spellings")), table(t("spellings"), [
        { label: t("asWritten"), head: true, cell: (row) => zh(row.surface) }, { label: t("plan"), cell: (row) => h("a", { href: of("plans", row.plan), lang: "zh" }, row.title) },
        { label: t("times"), number: true, cell: (row) => number(row.times) }, { label: t("why"), cell: (row) => row.why }, { label: t("example"), cell: (row) => h("a", { href: of("tasks", row.task) }, t("readThere")) }], found.spellings)),
    ],
  };
}

/** Tasks by year as stacked bars by role; a task with two roles of the unit counts in both. */
function years(found) {
  const byYear = new Map();
  for (const row of found.plans) {
    const year = byYear.get(row.first_year) || { all: 0, roles: {} };
    year.roles[row.role] = (year.roles[row.role] || 0) + row.tasks;
    year.all += row.tasks;
    byYear.set(row.first_year, year);
  }
  const rows = [...byYear].sort(([a], [b]) => (a ?? 0) - (b ?? 0));
  return h("section", {}, h("h2", {}, t("byYearAndRole")),
    h("p.legend", {}, ROLES.filter((role) => rows.some(([, year]) => year.roles[role])).map((role) => [h(`span.swatch.${role}`, { "aria-hidden": "true" }), " ", value(role), " "])),
    bars(t("byYearAndRole"), t("year"), t("tasks"), rows.map(([year, { all, roles }]) => ({
      name: String(year ?? t("noYear")), value: all, parts: ROLES.filter((role) => roles[role]).map((role) => [role, roles[role]]),
      shown: ROLES.filter((role) => roles[role]).map((role) => `${value(role)} ${roles[role]}`).join(", ") }))));
}

const plans = (found) => h("section", {}, h("h2", {}, t("inPlans")), table(t("inPlans"), [
  { label: t("plan"), head: true, cell: (row) => h("a", { href: of("plans", row.plan), lang: "zh" }, row.title) }, { label: t("year"), cell: (row) => String(row.first_year ?? "–") },
  { label: t("whose"), cell: (row) => (row.own ? t("ownPlan") : t("othersPlan")) },
  { label: t("role"), cell: (row) => (row.role === "responsible" && row.role_scheme === "flat" ? `${value(row.role)} (${t("notMarked")})` : value(row.role)) },
  { label: t("tasks"), number: true, cell: (row) => h("a", { href: address("/tasks", { department: found.id, plan: row.plan, role: row.role }) }, number(row.tasks)) }], found.plans));

function partners(id, shared, marked) {
  if (!shared.rows.length) return null;
  const seen = shared.rows.map((row) => (row.first_id === id
    ? { id: row.second_id, name: row.second, tasks: row.tasks, leads: row.first_leads, led: row.second_leads }
    : { id: row.first_id, name: row.first, tasks: row.tasks, leads: row.second_leads, led: row.first_leads }));
  return h("section", {}, h("h2", {}, t("worksWith"), " ", h("small", {}, number(shared.total))), bars(t("worksWith"), t("unit"), t("sharedTasks"), seen.map((row) => ({ source: row, name: unitLink(row.id, row.name), value: row.tasks })), [
    { label: t("itLeads"), number: true, cell: (row) => (marked ? number(row.source.leads) : h("span.none", {}, t("notMarked"))) }, { label: t("otherLeads"), number: true, cell: (row) => (marked ? number(row.source.led) : h("span.none", {}, t("notMarked"))) }]));
}

function reforms(found) {
  const rows = [...found.before.map((row) => ({ ...row, word: t("tookOverFrom") })), ...found.after.map((row) => ({ ...row, word: t("wentTo") }))];
  return rows.length ? h("section", {}, h("h2", {}, t("reforms")), h("ul", {}, rows.map((row) => h("li", {}, row.word, " ", unitLink(row.id, row.name, row.scope), ` ${row.date} `, short(row.basis, 80))))) : null;
}

function counterpartsOf(id, answer) {
  if (!answer.rows.length) return null;
  return h("section", {}, h("h2", {}, t("counterparts")), h("ul", {}, answer.rows.map((row) => {
    const upper = row.unit_id === id;
    return h("li", {}, upper ? unitLink(row.counterpart_id, row.counterpart, row.counterpart_scope) : unitLink(row.unit_id, row.unit, row.unit_scope), " ", h("span.fine", {}, row.reason));
  })), downloads("/api/queries/counterparts", { department: id }));
}
