// One search over units, plans, programmes, policies and tasks.

import { address, h, of, short, zh } from "../dom.js";
import { number } from "../parts.js";
import { get } from "../service.js";
import { t } from "../words.js";

const TO = {
  units: (row) => of("units", row.id), plans: (row) => of("plans", row.id), tasks: (row) => of("tasks", row.id),
  programmes: (row) => address("/tasks", { programme: row.id }), policies: (row) => address("/tasks", { policy: row.id }) };

export default async function search({ query, signal }) {
  const q = (query.get("q") || "").trim();
  if (!q) return { title: t("search"), content: h("p", {}, t("searchSays")) };
  const found = await get("/api/search", { q, limit: 20 }, signal);
  const groups = Object.entries(found).filter(([, { total }]) => total);
  return {
    title: `${t("search")}: ${q}`, json: address("/api/search", { q }),
    content: groups.length ? groups.map(([name, { total, rows }]) => h("section", {}, h("h2", {}, t(name), " ", h("small", {}, number(total))),
      h("ul.found", {}, rows.map((row) => h("li", {}, h("a", { href: TO[name](row) }, short(row.label, 90)), " ", h("span.scope", { lang: "zh" }, row.detail || ""), row.tasks === undefined ? null : h("span.fine", {}, ` ${t("nTasks", { n: row.tasks })}`)))),
      name === "tasks" && total > rows.length ? h("p", {}, h("a", { href: address("/tasks", { q }) }, t("allN", { n: total }))) : total > rows.length ? h("p.fine", {}, t("shown", { shown: rows.length, total })) : null)) : h("p", {}, t("nothingFound"), " ", zh(q)),
  };
}
