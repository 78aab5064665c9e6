// Every question that the graph can be asked.

import { h } from "../dom.js";
import { get } from "../service.js";
import { language, t } from "../words.js";

export default async function questions({ signal }) {
  const listed = await get("/api/queries", {}, signal);
  return {
    title: t("questions"), json: "/api/queries",
    content: [h("p", {}, t("questionsSay")), h("ul.questions", {}, listed.map((question) => h("li", {}, h("a", { href: `/questions/${question.name}` }, language() === "zh" ? question.zh : question.question), h("code", {}, question.name), h("p.fine", {}, question.notes))))],
  };
}
