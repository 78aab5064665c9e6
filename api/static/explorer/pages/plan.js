// A plan: what is known of it, its tasks and goals, and what of it was not read.

import { address, h, of, zh } from "../dom.js";
import { number, percent, table, taskLink, value } from "../parts.js";
import { get } from "../service.js";
import { t } from "../words.js";

export default async function plan({ id, signal }) {
  const path = `/api/plans/${encodeURIComponent(id)}`;
  const [found, coverage] = await Promise.all([get(path, {}, signal), get("/api/queries/coverage", { plan: id }, signal)]);
  const [read] = coverage.rows;
  const said = [["body", found.issuer && `${found.issuer}${found.issuer_inferred ? ` (${t("inferred")})` : ""}`], ["place", found.place], ["level", found.level && value(found.level)], ["docNumber", found.doc_number],
    ["years", found.years.length ? `${found.years.join(", ")} (${value(found.years_basis)})` : null], ["signed", found.signed_on], ["published", found.published_on], ["roles", found.role_scheme && value(found.role_scheme)], ["leadRule", found.lead_rule], ["file", found.source]];
  return {
    title: found.title, json: path,
    content: [
      h("dl.about", {}, said.filter(([, content]) => content).map(([word, content]) => [h("dt", {}, t(word)), h("dd", { lang: "zh" }, content)])),
      h("p", {}, h("a", { href: of("documents", found.document) }, t("toText")), " · ", h("a", { href: address("/units", { plan: id }) }, t("itsUnits")), " · ", h("a", { href: address("/compare", { to_plan: id }) }, t("compareIt")), " · ",
        h("a", { href: `/documents/${encodeURIComponent(found.document)}/review`, target: "_blank" }, t("putRightHere"))),
      read ? h("p.fine", {}, t("readOf", { tasks: read.tasks, items: read.numbered_items, share: percent(read.uncovered_share) })) : null,
      found.warnings.length ? h("ul.warnings", {}, found.warnings.map((warning) => h("li", {}, warning))) : null,
      found.goals.length ? h("section", {}, h("h2", {}, t("goals")), h("ul", {}, found.goals.map((goal) => h("li", {}, h("a", { href: `${of("documents", found.document)}?at=${goal.start_char}-${goal.end_char}` }, zh(goal.text)))))) : null,
      h("section", {}, h("h2", {}, t("tasks"), " ", h("small", {}, number(found.tasks.length))), table(t("tasks"), [
        { label: t("number"), number: true, cell: (row) => String(row.number) }, { label: t("words"), head: true, cell: (row) => taskLink(row.id, row.text, 80) },
        { label: t("clause"), cell: (row) => (row.clause ? zh(row.clause) : h("span.none", {}, t("noUnit"))) }], found.tasks)),
    ],
  };
}
