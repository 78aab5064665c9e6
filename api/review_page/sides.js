/* The text and the record beside it: a key (d1t5, d1u5.2) names the same thing on both sides. */

// One document is shown at a time.

const shown = () => $(".document:not([hidden])");
const documentOf = (key) => key.match(/^d\d+/)[0];

function show(id) {
  for (const section of $$(".document")) section.hidden = section.id !== id;
  for (const link of $$(".documents a")) {
    if (link.hash === `#${id}`) { link.setAttribute("aria-current", "true"); link.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    else link.removeAttribute("aria-current");
  }
  clearPicked();
}

/** The document that the address names; at first a plan. */
function showFromAddress(event) {
  const named = document.getElementById(location.hash.slice(1));
  if (named?.classList.contains("document")) show(named.id);
  else if (!event) show(($('.document[data-kind="plan"]') ?? $(".document")).id);
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ownerKey = (key) => key.replace(/[hc](\d+)$/, "t$1");  // a task's heading and clause lead to its card
const cardOf = (key) => $(`#${documentOf(key)} .record [data-k="${ownerKey(key)}"]`);

function wordsOf(key) {
  const keys = /t\d+$/.test(key) ? [key, key.replace("t", "h"), key.replace("t", "c")] : [key];
  return $$(keys.map((one) => `[data-s~="${one}"]`).join(), $(`#${documentOf(key)} .text`));
}

function flash(elements) {
  for (const element of elements) element.classList.remove("flash");
  void document.body.offsetWidth;  // so that the same words flash again
  for (const element of elements) element.classList.add("flash");
  setTimeout(() => elements.forEach((element) => element.classList.remove("flash")), 1600);
}

function reveal(element) {
  if (!element) return;
  element.closest("details")?.setAttribute("open", "");
  // A long way is jumped: cards that are laid out only on the way would move the goal.
  const far = Math.abs(element.getBoundingClientRect().top) > 2 * innerHeight;
  element.scrollIntoView({ block: "center", behavior: far || calm.matches ? "auto" : "smooth" });
}

/** Makes a task or goal the current one, on both sides. */
function choose(card) {
  for (const element of $$(".here")) element.classList.remove("here");
  for (const element of [card, ...wordsOf(card.dataset.k)]) element.classList.add("here");
  showPicked(card);
}

function goToWords(key) {
  if (documentOf(key) !== shown().id) show(documentOf(key));
  const words = wordsOf(key);
  const card = cardOf(key)?.closest(".card");
  if (card) choose(card);
  reveal(words.find((one) => one.dataset.s.split(" ").includes(key)) ?? words[0]);
  flash(words);
}

function goToCard(key) {
  const found = cardOf(key);
  const card = found.closest(".card");
  if (card) { card.hidden = false; choose(card); }
  reveal(found);
  flash([found, ...(card && card !== found ? [card] : [])]);
}

function describe(key) {
  const [, letter, numbers] = key.match(/^d\d+([a-z])(.+)$/);
  const found = cardOf(key);
  if (letter === "u") return `${found.dataset.name}: ${t(found.dataset.role)}, ${t(BASES[found.dataset.basis])}`;
  if (letter === "m" || letter === "i") return found.textContent.replace(/\s+/g, " ");
  if (letter === "w") return $("[data-message]", found).textContent;
  return { t: t("Task {n}", { n: numbers }), g: t("Goal {n}", { n: numbers }), h: t("Heading"), c: t("Clause"), n: t("Not read"), y: `${t("Duty")} ${numbers}` }[letter];
}
const BASES = { marked: "role is marked in words", rule: "role follows from the plan's rule", none: "role is not marked", hand: "role was put right by hand" };

/** The next card or warning behind the current one. */
function step(selector, current, by) {
  const all = $$(selector, shown()).filter((element) => !element.hidden);
  const at = all.indexOf(current);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  goToWords(next.dataset.k);
  return next;
}

let warning = null;

function filter(box) {
  if (!box) return;
  const wanted = box.value.trim().toLowerCase();
  const cards = $$(".card.task", box.closest(".document"));
  for (const card of cards) card.hidden = wanted !== "" && !card.textContent.toLowerCase().includes(wanted);
  const left = cards.filter((card) => !card.hidden).length;
  $("[data-shown]", box.closest(".document")).textContent = wanted ? t("{n} of {all}", { n: left, all: cards.length }) : "";
}

// Words that are selected in the text.

let picked = null;  // {words, keys}: the words as they stand in the text, the tasks and goals that they touch

function readSelection() {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const text = (range.commonAncestorContainer.closest ? range.commonAncestorContainer : range.commonAncestorContainer.parentElement)?.closest(".text");
  if (!text) return;  // a click into a box or on a button leaves what was picked
  // Not selection.toString(): that is what is seen, with line ends and spaces changed.
  const words = range.toString().trim();
  if (!words) return clearPicked();
  const first = range.startContainer.parentElement.closest("[data-s]");
  const touched = [first, ...$$("[data-s]", range.cloneContents())].filter(Boolean).flatMap((one) => one.dataset.s.split(" "));
  picked = { words, keys: [...new Set(touched.map(ownerKey).filter((key) => /[tg]\d+$/.test(key)))] };
  showPicked();
}

function clearPicked() { picked = null; showPicked(); }

/** The task or goal that a button of the tray means: the current one where the words touch it or it was chosen after them. */
let meant = null;
function showPicked(chosen = null) {
  const here = $(".card.here", shown());
  meant = chosen ?? (!picked ? here : picked.keys.length && !picked.keys.includes(here?.dataset.k) ? cardOf(picked.keys[0]) : here);
  const bar = $(".picked");
  bar.hidden = !picked;
  for (const element of $$("[data-picked]")) element.textContent = picked ? brief(picked.words, 40) : "";
  for (const element of $$("[data-selected]")) element.hidden = !picked;
  const owner = meant && /([tg])(\d+)$/.exec(meant.dataset.k);
  $("[data-of]", bar).hidden = !owner;
  if (owner) $("[data-of]", bar).textContent = t(owner[1] === "t" ? "Task {n}" : "Goal {n}", { n: owner[2] });
  $("[data-for-task]", bar).hidden = owner?.[1] !== "t";
  $("[data-for-owner]", bar).hidden = !owner;
}

function brief(words, most) {
  const points = [...words.replace(/\s+/g, " ")];
  return points.length <= most ? points.join("") : `${points.slice(0, most / 2).join("")}…${points.slice(-most / 2).join("")}`;
}
