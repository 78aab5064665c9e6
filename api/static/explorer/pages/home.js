// Home: the three questions as doors, and which body's plans of which year are there.

import { address, h, of, zh } from "../dom.js";
import { change, number, table } from "../parts.js";
import { getOverview } from "../service.js";
import { t, value } from "../words.js";

const SHOWN = 40; // bodies; more on request

const TAKEN = [
  ["takeTasks", "/api/export/tasks?format=csv"], ["takeUnits", "/api/export/responsibilities?format=csv"], ["takeParquet", "/api/export?format=parquet"], ["takeCsv", "/api/export?format=csv"],
  ["takeGephi", "/api/export?format=graphml"], ["takeNeo4j", "/api/export?format=neo4j-admin"]];

export default async function home({ query }) {
  const overview = await getOverview();
  const title = t("homeTitle");
  if (!overview.plans.length) {
    return { title, json: "/api/overview", content: [h("p", {}, t("emptyGraph")), h("pre", {}, "policygraph ingest FOLDER"), h("p", {}, h("a", { href: "/upload" }, t("toUpload")))] };
  }
  const { counts, years } = overview;
  const held = [["plans", counts.Plan], ["tasks", counts.Task], ["unitsHeld", counts.Department], ["targets", counts.Indicator], ["links", counts.CONTINUES], ["programmes", counts.Programme]];
  return {
    title, json: "/api/overview",
    content: [
      overview.warnings.map((warning) => h("p.problem", {}, warning)),
      h("ul.facts", {}, held.map(([word, n]) => h("li", {}, h("b", {}, number(n)), " ", t(word)))),
      doors(overview),
      matrix(overview, query),
      h("section", {}, h("h2", {}, t("takeAlong")), h("ul", {}, TAKEN.map(([word, path]) => h("li", {}, h("a", { href: path, download: "" }, t(word)))))),
      h("p.fine", {}, years.length ? t("spans", { first: String(years[0]), last: String(years.at(-1)) }) : ""),
    ],
  };
}

function doors({ plans }) {
  const begins = [...new Set(plans.map((plan) => plan.first_year).filter(Boolean))].sort();
  const pair = comparable(plans) || (begins.length > 1 ? { from_year: begins[0], to_year: begins.at(-1) } : {});
  const said = pair.from_year ? { from: String(pair.from_year), to: String(pair.to_year) } : { from: "", to: "" };
  const last = begins.at(-1);
  return h("ul.doors", {},
    h("li", {}, h("a", { href: address("/units", { year: last }) }, h("b", {}, t("doorUnits")), h("span", {}, t("doorUnitsSays", { year: String(last ?? "") })))),
    h("li", {}, h("a", { href: address("/compare", pair) }, h("b", {}, t("doorCompare", said)), h("span", {}, t("doorCompareSays")))),
    h("li", {}, h("a", { href: "/tasks" }, h("b", {}, t("doorSource")), h("span", {}, t("doorSourceSays")))));
}

/** The first and last year in which plans of one body begin, of the body with most such years: there "new" and "dropped" can be said. */
function comparable(plans) {
  const begins = new Map();
  for (const { body, first_year: year } of plans) if (body && year) begins.set(body, (begins.get(body) || new Set()).add(year));
  const [best] = [...begins].filter(([, years]) => years.size > 1).sort(([, a], [, b]) => b.size - a.size);
  if (!best) return null;
  const years = [...best[1]].sort();
  return { from_year: years[0], to_year: years.at(-1), scope: best[0] };
}

function matrix({ plans, years }, query) {
  const bodies = new Map();
  for (const plan of plans) {
    const key = plan.body || plan.place || t("unknownBody");
    if (!bodies.has(key)) bodies.set(key, { level: plan.level, plans: [] });
    bodies.get(key).plans.push(plan);
  }
  const all = query.get("all") !== null;
  const rows = [...bodies].slice(0, all ? undefined : SHOWN);
  const shownYears = years.length > 12 && !all ? years.slice(-12) : years;
  return h("section", {}, h("h2", {}, t("plansByBody")), table(t("plansByBody"), [
    { label: t("body"), head: true, cell: ([body, { level }]) => [zh(body), " ", h("span.scope", {}, value(level))] },
    ...shownYears.map((year) => ({ label: String(year), cell: ([, { plans: of_body }]) => cell(of_body.filter((plan) => plan.years?.includes(year))) })),
    ...(plans.some((plan) => !plan.years?.length) ? [{ label: t("noYear"), cell: ([, { plans: of_body }]) => cell(of_body.filter((plan) => !plan.years?.length)) }] : []),
  ], rows),
  bodies.size > rows.length || years.length > shownYears.length
    ? h("p", {}, t("shown", { shown: rows.length, total: bodies.size }), " ", h("button", { type: "button", onclick: () => change(query, "all", "1") }, t("more"))) : null);
}

const cell = (plans) => (plans.length
  ? plans.map((plan) => h("a.loaded", { href: of("plans", plan.id), title: plan.title, "aria-label": `${plan.title}, ${t("nTasks", { n: plan.tasks })}` }, number(plan.tasks)))
  : h("span.missing", { title: t("notLoaded") }, h("span.unseen", {}, t("notLoaded")), h("span", { "aria-hidden": "true" }, "·")));
