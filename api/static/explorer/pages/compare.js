// Two plans or years side by side: what is compared, how many tasks carried on as a band, the links with their evidence.

import { add, address, h, of, short, zh } from "../dom.js";
import { answerTable, basisOf, filters, number, percent, plansOf, ruling, select, taskLink, value } from "../parts.js";
import { get, getOverview } from "../service.js";
import { remember } from "../app.js";
import { language, t } from "../words.js";

const NAMES = ["from_year", "to_year", "from_plan", "to_plan", "scope"];
const CLASSES = ["continued", "perhaps", "none"];

export default async function compare({ query, signal }) {
  const overview = await getOverview();
  const asked = Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
  const bodies = [...new Set(overview.plans.map((plan) => plan.body).filter(Boolean))];
  const choose = filters("/compare",
    select("from_year", t("fromYear"), overview.years, asked.from_year), select("to_year", t("toYear"), overview.years, asked.to_year),
    select("from_plan", t("fromPlan"), plansOf(overview), asked.from_plan), select("to_plan", t("toPlan_"), plansOf(overview), asked.to_plan), select("scope", t("body"), bodies, asked.scope));
  if (!(asked.from_year || asked.from_plan) || !(asked.to_year || asked.to_plan)) {
    return { title: t("compare"), json: null, content: [h("p", {}, t("chooseTwo")), choose] };
  }
  const found = await get("/api/compare", asked, signal);
  const cut = Number(query.get("cut")) || overview.band.cut;
  return {
    title: t("compare"), json: address("/api/compare", asked),
    content: [choose, h("section.compared", {}, wordsOf(found, "compared").map((line) => h("p", {}, line))), basisOf(found.basis),
      band(found, overview.band, cut, query), columnsOf(found), changes(found, asked)],
  };
}

/** What the service says of the whole, in its English; in Chinese the same from its numbers. */
function wordsOf(found, part) {
  if (language() !== "zh" || !found[part].length) return found.words[part] || [];
  if (part === "compared") {
    return found.compared.map((row) => t("zhCompared", { side: t(row.side), plan: row.plan, body: `${row.body || "–"}${row.body_inferred ? `（${t("inferred")}）` : ""}`, level: row.level ? value(row.level) : "", years: row.years.join("、"), tasks: row.tasks, items: row.numbered_items, sentences: row.sentences, characters: row.characters }));
  }
  return found.summary.map((row) => t("zhSummary", { side: t(row.side), tasks: row.tasks, continued: row.continued, perhaps: row.perhaps, none: row.none, called: t(`called.${row.called}`), least: row.least, most: row.most, low: percent(row.least_share), high: percent(row.most_share) })
    + (row.equal_tasks ? t("zhEqual", { tasks: row.equal_tasks, low: percent(row.equal_least), high: percent(row.equal_most), from: percent(row.equal_low), to: percent(row.equal_high) }) : "。"));
}

/** What the words of the summary say, and how they move with the cut. */
function band(found, { low, cut: usual, high }, cut, query) {
  const moving = h("p.moving", { role: "status" });
  const slider = h("input", { type: "range", min: low, max: high, step: 0.01, value: cut, id: "cut" });
  const say = () => {
    const at = Number(slider.value);
    slider.setAttribute("aria-valuetext", String(at));
    moving.replaceChildren(...["later", "earlier"].map((side) => {
      const of_side = found.tasks.filter((task) => task.side === side);
      const ruled = (pair) => pair.method === "hand";
      const kept = new Set(found.pairs.filter((pair) => (ruled(pair) ? pair.class === "continued" : pair.score >= at)).map((pair) => pair[side]));
      const none = of_side.filter((task) => !kept.has(task.task)).length;
      return h("span", {}, t(side), ": ", h("b", {}, number(of_side.length - none)), ` ${t("continuedWord")}, `, h("b", {}, number(none)), ` ${t("without")} (${t("ofN", { n: of_side.length })}). `);
    }));
  };
  slider.addEventListener("input", () => { say(); query.set("cut", slider.value); remember(`${location.pathname}?${query}`); });
  say();
  return h("section", {}, h("h2", {}, t("howMany")), wordsOf(found, "summary").map((line) => h("p", {}, line)),
    h("p.slider", {}, h("label", { for: "cut" }, t("cutAt")), " ", String(low), " ", slider, " ", String(high), " ", h("span.fine", {}, t("usualCut", { cut: usual }))), moving);
}

/** The tasks in two columns; the links are lines beneath each later task, for tasks are many to many. */
function columnsOf(found) {
  const byId = new Map(found.tasks.map((task) => [task.task, task]));
  const side = (name) => found.tasks.filter((task) => task.side === name);
  const detail = h("div.pair", { "aria-live": "polite" });
  const list = (name) => h("div.side", {}, h("h3", {}, t(name), " ", h("small", {}, number(side(name).length))), CLASSES.map((kind) => {
    const tasks = side(name).filter((task) => task.class === kind);
    if (!tasks.length) return null;
    return h("section", { class: `class-${kind}` }, h("h4", {}, kind === "none" ? (tasks[0].called || value(kind)) : value(kind), " ", h("small", {}, number(tasks.length))), h("ol.tasks", {}, tasks.map((task) => h("li", { value: task.number, "data-task": task.task },
      h("a", { href: of("tasks", task.task) }, short(task.words, 40)), task.sentences_alone?.length ? h("p.fine", {}, `${t("inParts")}: `, zh(task.sentences_alone.join(" "))) : null,
      task.partner_tasks.length ? h("p.lines", {}, found.pairs.filter((pair) => pair[name] === task.task).map((pair) => {
        const other = byId.get(pair[name === "later" ? "earlier" : "later"]);
        return h("button", { type: "button", class: pair.class, title: other?.words, onclick: (event) => show(detail, pair, event.currentTarget) }, `${name === "later" ? "← " : "→ "}${other?.number ?? "?"}${pair.class === "perhaps" ? "?" : ""} ${pair.score.toFixed(2)}`);
      })) : null))));
  }));
  return h("section", {}, h("h2", {}, t("sideBySide")), h("p.fine", {}, t("pressALine")), detail, h("div.sides", {}, list("earlier"), list("later")));
}

/** A link with its evidence in both texts, its reasons, and what rules on it. */
function show(box, pair, pressed) {
  for (const other of document.querySelectorAll(".lines button[aria-expanded]")) other.removeAttribute("aria-expanded");
  pressed.setAttribute("aria-expanded", "true");
  const side = (name) => h("div", {}, h("h4", {}, t(name), " ", h("span.scope", { lang: "zh" }, pair[`${name}_plan`])), h("p", {}, `${pair[`${name}_number`]}. `, taskLink(pair[name], pair[`${name}_words`], 60)), h("p", {}, h("a", { href: `${of("tasks", pair[name])}?at=task` }, h("mark.lit", { lang: "zh" }, pair[`evidence_${name}`]))));
  box.replaceChildren();
  add(box, [h("div.sides", {}, side("earlier"), side("later")),
    h("p", {}, `${value(pair.class)} · ${t("score")} ${number(pair.score)} · ${value(pair.relation)} · ${value(pair.method)}${pair.note ? ` · ${pair.note}` : ""}`),
    h("ul.reasons", {}, pair.reasons.map((reason) => h("li", {}, reason))), pair.changed.length ? h("p", {}, `${t("changed")}: `, zh(pair.changed.join("; "))) : null, ruling(pair.later, pair.earlier)]);
  box.scrollIntoView({ block: "nearest" });
}

function changes(found, asked) {
  const kinds = [["targets", ["standing", "change", "earlier_quote", "later_quote"]], ["units", ["stayed", "joined", "left", "lead_earlier", "lead_later"]], ["strength", ["change", "earlier_verb", "later_verb", "earlier_quote", "later_quote"]], ["programmes", ["name", "standing", "earlier", "later"]], ["terms", ["word", "side", "z", "log_odds", "earlier", "later", "example"]]];
  return kinds.map(([name, columns]) => {
    const rows = found[name].filter((row) => (name === "targets" ? row.standing === "changed" || row.standing === "similar object, check" : name === "strength" ? row.change !== "same" : name === "units" ? row.joined?.length || row.left?.length || row.lead_changed : name === "programmes" ? row.standing !== "held" : true));
    const pairColumns = ["targets", "units", "strength"].includes(name) ? ["earlier_number", "later_number", "earlier", "later"] : [];
    if (!found[name].length) return null;
    return h("section", {}, h("h2", {}, t(`part.${name}`), " ", h("small", {}, number(rows.length))),
      (found.notes[name] || []).length ? h("details", {}, h("summary", {}, t("notes")), h("ul", {}, found.notes[name].map((note) => h("li", {}, note)))) : null,
      rows.length ? answerTable(t(`part.${name}`), [...columns, ...pairColumns].filter((column) => column in rows[0]).map((column) => ({ name: column, type: typeOf(rows, column) })), rows) : h("p", {}, t("noneChanged")),
      h("p.downloads", {}, `${t("download")}: `, h("a", { href: address("/api/compare", { ...asked, part: name, format: "csv", limit: 1000 }), download: `${name}.csv` }, "CSV"), found[name].length > rows.length ? [" ", h("span.fine", {}, t("csvHasAll", { n: found[name].length }))] : null));
  });
}

function typeOf(rows, column) {
  const first = rows.map((row) => row[column]).find((content) => content !== null && content !== undefined);
  return typeof first === "number" ? (Number.isInteger(first) && !rows.some((row) => typeof row[column] === "number" && !Number.isInteger(row[column])) ? "int" : "float") : typeof first === "boolean" ? "bool" : "str";
}

