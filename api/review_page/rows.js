/* Corrections as rows of corrections.csv, kept until they are deleted. */

const COLUMNS = ["document", "quote", "field", "value", "reason", "by", "date"];
// Rows are kept for the file as it was read; with its corrections applied it begins without any.
const KEEP = `rows.${document.body.dataset.state}`;
let rows = [];  // {key, document, quote, field, value, reason, date}; key is where it was made

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** Whether two rows say the same thing of the same thing, so that the later takes the earlier's place. */
function meet(a, b) {
  if (a.document !== b.document || a.field !== b.field || a.quote !== b.quote) return false;
  if (a.field === "unit.role" || a.field === "unit.name") return a.key === b.key;
  return /^(unit|target)\.(add|remove)$/.test(a.field) ? a.value === b.value : true;
}

/** One row; `asRead` is what the record says already, which takes the row away again. */
function correct(key, quote, field, value, asRead) {
  const row = { key, document: shown().dataset.document, quote, field, value, reason: $("#reason").value.trim(), date: today() };
  const before = rows.length;
  rows = rows.filter((other) => !meet(row, other));
  const replaced = rows.length < before;
  if (value === asRead) say(replaced ? "row deleted" : "as it was read: nothing to correct");
  else { rows.push(row); say(replaced ? "row replaced" : "row added", `${field} ${brief(value, 24)}`); }
  showRows();
}

const cell = (text) => /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const line = (cells) => cells.map(cell).join(",") + "\r\n";
const asLines = () => rows.map((row) => line([row.document, row.quote, row.field, row.value, row.reason, $("#by").value.trim(), row.date]));
const asFile = () => "\ufeff" + line(COLUMNS) + asLines().join("");

function showRows() {
  remembered.set(KEEP, JSON.stringify(rows));
  $("[data-count]").textContent = rows.length;
  const noun = $("#tray-title [data-t]");
  english.set(noun, { text: rows.length === 1 ? "correction" : "corrections" });
  noun.textContent = t(rows.length === 1 ? "correction" : "corrections");
  $("#tray-rows table").hidden = !rows.length;
  $("#tray-rows .empty").hidden = rows.length > 0;
  $("#tray-rows tbody").replaceChildren(...rows.map(rowElement));
  for (const element of $$(".pending")) { element.classList.remove("pending"); delete element.dataset.pending; }
  for (const row of rows.filter((row) => row.key)) markPending(row);
}

/** Shows on the card what the row will change. */
function markPending(row) {
  const element = row.field in FACTS ? $(`#${row.key} [data-fact="${row.field}"]`) : cardOf(row.key);
  if (!element) return;  // a row that was made when the file was read otherwise
  element.classList.add("pending");
  element.closest(".card")?.classList.add("pending");
  const becomes = row.value.split("=").at(-1);
  element.dataset.pending = { "unit.role": `→ ${t(becomes)}`, "unit.name": `→ ${becomes}`, "unit.remove": "✕", "target.remove": "✕" }[row.field] ?? "✎";
}

/** Task 3, Goal 1, 500门以上, the words of a new task. */
function placeOf(row) {
  if (row.field in FACTS) return $(`#${row.key} h2`)?.textContent ?? t("metadata");
  const words = brief(row.quote.replace(/^[a-z]-\w+ /, ""), 16);
  const owner = row.key && /([tg])(\d+)$/.exec(cardOf(row.key)?.closest(".card")?.dataset.k ?? "");
  return owner ? `${t(owner[1] === "t" ? "Task {n}" : "Goal {n}", { n: owner[2] })} ${words}` : words;
}

function rowElement(row, n) {
  const element = document.createElement("tr");
  const where = document.createElement("button");
  Object.assign(where, { type: "button", className: "go", textContent: placeOf(row) });
  where.lang = "zh";
  if (row.key && !(row.field in FACTS)) { where.dataset.go = ""; where.dataset.k = row.key; }
  const reason = document.createElement("input");
  Object.assign(reason, { value: row.reason, ariaLabel: t("Reason") });
  reason.dataset.reason = n;
  const remove = document.createElement("button");
  Object.assign(remove, { type: "button", textContent: "×", ariaLabel: t("Delete this row"), title: t("Delete this row") });
  remove.dataset.act = "row.delete";
  remove.value = n;
  const value = document.createElement("span");
  Object.assign(value, { lang: "zh", textContent: row.value });
  for (const inner of [where, row.field, value, reason, remove]) element.insertCell().append(inner);
  return element;
}

async function copy() {
  if (!rows.length) return say("nothing to copy yet");
  const text = asLines().join("");
  try { await navigator.clipboard.writeText(text); return say("rows copied"); } catch { /* not allowed here: the old way */ }
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  say(done ? "rows copied" : "copying was refused; use the download");
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([asFile()], { type: "text/csv" }));
  link.download = "corrections.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  openTray(true);
  say("downloaded: put it beside the plan");
}

/** Send the rows to the service that showed this page, and show the file as it is then read. */
async function save() {
  if (!rows.length) return say("nothing to save yet");
  say("saving");
  const by = $("#by").value.trim();
  const body = JSON.stringify({ document: document.body.dataset.of, rows: rows.map(({ document, quote, field, value, reason }) => ({ document, quote, field, value, reason, by })) });
  const send = (token) => fetch(document.body.dataset.save, { method: "POST", body, headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) } });
  let answer = await send(remembered.get("token"));
  if (answer.status === 401) {
    const token = prompt(t("The token of this service"));
    if (!token) return say("not saved");
    remembered.set("token", token);
    answer = await send(token);
  }
  if (!answer.ok) return say("not saved", (await answer.json()).detail);
  rows = [];
  remembered.set(KEEP, "[]");
  location.reload();
}

function openTray(open) {
  $("#tray-rows").hidden = !open;
  $(".tray").classList.toggle("open", open);
  $('[data-act="tray"]').setAttribute("aria-expanded", open);
}
