/* The editors, of which one is open at a time, and the row that each of their buttons and forms makes. */

const FACTS = { title: "", genre: "", issuer: "", issuers: "several: with ； between", place: "", level: "", doc_number: "", signed_on: "YYYY-MM-DD", published_on: "YYYY-MM-DD", years: "several: with ； between" };

function closeEditor() {
  const open = $('[data-open][aria-expanded="true"]');
  $(".document .editor")?.closest(".editor-row, .editor").remove();
  open?.setAttribute("aria-expanded", "false");
  return open;
}

function openEditor(button) {
  if (closeEditor() === button) return;
  const editor = $(`#edit-${button.dataset.open}`).content.cloneNode(true).firstElementChild;
  FILL[button.dataset.open](editor, button);
  button.setAttribute("aria-expanded", "true");
  translate(editor);
  showPicked();
  (button.dataset.open === "fact" ? $("input, select", editor) : $("button, input", editor))?.focus({ preventScroll: true });
  editor.scrollIntoView({ block: "nearest" });
}

const FILL = {
  task(editor, button) {
    const card = button.closest(".card");
    card.append(editor);
    choose(card);
    $("[data-id]", editor).textContent = card.dataset.id;
    const pending = latest(card.dataset.q);
    editor.querySelector("[name=deadline]").value = pending("deadline") ?? card.dataset.deadline;
    editor.querySelector("[name=part]").value = pending("part") ?? card.dataset.part;
    if (picked && [...picked.words].length <= 30) editor.querySelector("[name=name]").value = picked.words;
  },
  unit(editor, chip) {
    chip.closest("ul").after(editor);
    editor.dataset.of = chip.dataset.k;
    goToWords(chip.dataset.k);
    editor.querySelector("[name=name]").value = chip.dataset.name;
    const basis = $("[data-basis]", editor);
    english.set(basis, { text: BASES[chip.dataset.basis] });
    basis.dataset.t = "";
    basis.textContent = BASES[chip.dataset.basis];
    pressRole(editor, chip);
  },
  target(editor, chip) {
    chip.closest("ul").after(editor);
    editor.dataset.of = chip.dataset.k;
    goToWords(chip.dataset.k);
    const pending = latest(chip.closest("[data-q]").dataset.q);
    for (const name of TARGET_FIELDS) editor.querySelector(`[name=${name}]`).value = pending(`target.${name}`) ?? chip.dataset[name];
  },
  fact(editor, button) {
    const row = button.closest("[data-fact]");
    const { fact, value } = row.dataset;
    const [input, select] = ["input", "select"].map((kind) => $(`${kind}[name=value]`, editor));
    (fact === "level" ? input : select).remove();
    const box = fact === "level" ? select : input;
    box.value = rows.find((one) => one.field === fact && one.key === row.closest(".document").id)?.value ?? value;
    if (FACTS[fact] === "YYYY-MM-DD") box.pattern = "\\d{4}-\\d{2}-\\d{2}";
    $("[data-hint]", editor).textContent = t(FACTS[fact]);
    const holder = document.createElement("tr");
    holder.className = "editor-row";
    const inside = holder.insertCell();
    inside.colSpan = 3;
    inside.append(editor);
    row.after(holder);
  },
};
const TARGET_FIELDS = ["value", "comparator", "unit", "object", "year", "change"];
const latest = (quote) => (field) => rows.find((row) => row.quote === quote && row.field === field)?.value;
const subjectOf = (element) => cardOf(element.closest(".editor").dataset.of);

function pressRole(editor, chip) {
  const row = rows.find((one) => one.field === "unit.role" && one.key === chip.dataset.k);
  const role = row ? row.value.split("=").at(-1) : chip.dataset.role;
  for (const button of $$('[data-act="unit.role"]', editor)) button.setAttribute("aria-pressed", button.value === role);
}

/** The task's or goal's card that a button stands in, or that the tray's buttons mean. */
const cardFor = (element) => element.closest(".card") ?? meant;

function withPicked(use) {
  if (!picked) return say("select words in the text first");
  use(picked.words);
  getSelection().removeAllRanges();
  clearPicked();
}

const shortened = (words) => [...words].length > 60 ? `${[...words].slice(0, 20).join("")}…${[...words].slice(-20).join("")}` : words;

function addUnit(card, name, role) { correct(card.dataset.k, card.dataset.q, "unit.add", `${name}=${role}`); }

const ACTS = {
  "close": () => closeEditor()?.focus(),
  "tray": (button) => openTray(button.getAttribute("aria-expanded") !== "true"),
  "copy": copy,
  "download": download,
  "save": save,
  "row.delete": (button) => { rows.splice(Number(button.value), 1); showRows(); say("row deleted"); $('[data-act="tray"]').focus(); },
  "task.add": () => withPicked((words) => correct("", words, "task", "add")),
  "task.remove": (button) => { const card = cardFor(button); correct(card.dataset.k, card.dataset.q, "task", "remove"); },
  "text": (button) => withPicked((words) => { const card = cardFor(button); correct(card.dataset.k, card.dataset.q, "text", shortened(words)); }),
  "clause": (button) => withPicked((words) => { const card = cardFor(button); correct(card.dataset.k, card.dataset.q, "clause", words); }),
  "unit.add": (button) => withPicked((words) => addUnit(cardFor(button), words, $("[data-role-of-picked]").value)),
  "target.add": (button) => withPicked((words) => { const card = cardFor(button); correct(card.dataset.k, card.dataset.q, "target.add", words); }),
  "unit.role": (button) => {
    const chip = subjectOf(button), { name, role, k } = chip.dataset;
    correct(k, chip.closest(".card").dataset.q, "unit.role", `${name}=${button.value}`, `${name}=${role}`);
    pressRole(button.closest(".editor"), chip);
  },
  "unit.remove": (button) => { const chip = subjectOf(button); correct(chip.dataset.k, chip.closest(".card").dataset.q, "unit.remove", chip.dataset.name); },
  "target.remove": (button) => { const chip = subjectOf(button); correct(chip.dataset.k, chip.closest("[data-q]").dataset.q, "target.remove", ""); },
};

const FORMS = {
  "unit.add": (form) => {
    const { name, role } = form.elements;
    const unit = name.value.trim() || picked?.words;
    if (!unit) return say("select words in the text first");
    addUnit(form.closest(".card"), unit, role.value);
    name.value = "";
    clearPicked();
  },
  "task": (form) => {
    const { k, q, deadline, part } = form.closest(".card").dataset;
    changed(k, q, [["deadline", form.elements.deadline.value.trim(), deadline], ["part", form.elements.part.value, part]]);
  },
  "unit.name": (form) => {
    const chip = subjectOf(form), { name, k } = chip.dataset;
    correct(k, chip.closest(".card").dataset.q, "unit.name", `${name}=${form.elements.name.value.trim()}`, `${name}=${name}`);
  },
  "target": (form) => {
    const chip = subjectOf(form);
    changed(chip.dataset.k, chip.closest("[data-q]").dataset.q,
      TARGET_FIELDS.map((name) => [`target.${name}`, form.elements[name].value.trim(), chip.dataset[name]]));
  },
  "fact": (form) => {
    const row = form.closest(".editor-row").previousElementSibling;
    correct(row.closest(".document").id, "", row.dataset.fact, form.elements.value.value.trim(), row.dataset.value);
    closeEditor()?.focus();
  },
};

/** Rows for the fields of a form that differ from what was read; a field put back takes its row away. */
function changed(key, quote, fields) {
  const before = latest(quote);
  const different = fields.filter(([field, value, asRead]) => value !== (before(field) ?? asRead));
  if (!different.length) return say("as it was read: nothing to correct");
  for (const [field, value, asRead] of different) correct(key, quote, field, value, asRead);
}
