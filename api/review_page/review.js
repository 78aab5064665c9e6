/* What the reader does, and how the page begins. The parts before it in the page: words, sides, rows, editors. */

document.addEventListener("click", (event) => {
  settle();
  const target = event.target;
  const button = target.closest("button");
  if (button?.dataset.language) { remembered.set("language", button.dataset.language); return speak(button.dataset.language); }
  if (button?.dataset.toggle) {
    const off = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", !off);
    return button.closest(".document").classList.toggle(`no-${button.dataset.toggle}`, off);
  }
  if (button?.dataset.act) return ACTS[button.dataset.act](button);
  if (button?.dataset.open) return openEditor(button);
  if (button && "go" in button.dataset) {
    if (button.closest(".warnings")) warning = button;
    if (button.closest(".tray")) { if (documentOf(button.dataset.k) !== shown().id) show(documentOf(button.dataset.k)); goToCard(button.dataset.k); }
    return goToWords(button.dataset.k);
  }
  if (target.closest("button, input, select, label, form, summary, a, .editor") || !getSelection().isCollapsed) return;
  const segment = target.closest(".text [data-s]");
  if (segment) {
    const key = segment.dataset.s.split(" ").reverse().find((one) => cardOf(one));
    return key && goToCard(key);
  }
  const card = target.closest(".card");
  if (card) goToWords(card.dataset.k);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  FORMS[event.target.dataset.form](event.target);
});

// A press on one of these must not take away the words that are selected.
document.addEventListener("mousedown", (event) => { if (event.target.closest(".picked button, .editor [data-act]")) event.preventDefault(); });

// A drag changes the selection many times: it is read when it rests, or when a button is pressed before that.
let settling = null;
document.addEventListener("selectionchange", () => { clearTimeout(settling); settling = setTimeout(settle, 120); });
function settle() {
  if (settling === null) return;
  clearTimeout(settling);
  settling = null;
  readSelection();
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if ("filter" in box.dataset) filter(box);
  if (box.dataset.reason) { rows[box.dataset.reason].reason = box.value.trim(); remembered.set(KEEP, JSON.stringify(rows)); }
  if (box.id === "reason" || box.id === "by") remembered.set(box.id, box.value);
  if (box.id === "keys") remembered.set("keys", box.checked ? "on" : "off");
});

document.addEventListener("mouseover", (event) => {
  const segment = event.target.closest?.(".text [data-s]");
  if (segment) segment.title = segment.dataset.s.split(" ").map(describe).join(" · ");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const box = event.target.closest?.("[data-filter]");
    if (box) { box.value = ""; filter(box); box.blur(); }
    else closeEditor()?.focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea") || !$("#keys").checked) return;
  const card = $(".card.task.here", shown());
  if (event.key === "j") step(".card.task", card, 1);
  else if (event.key === "k") step(".card.task", card, -1);
  else if (event.key === "w") warning = step(".warnings [data-go]", warning, 1) ?? step(".warnings [data-go]", null, 1);
  else if (event.key === "/") { event.preventDefault(); $("[data-filter]", shown()).focus(); }
});

addEventListener("hashchange", showFromAddress);

$("#reason").value = remembered.get("reason") ?? "";
$("#by").value = remembered.get("by") ?? "";
$("#keys").checked = remembered.get("keys") !== "off";
try { rows = JSON.parse(remembered.get(KEEP)) ?? []; } catch { rows = []; }
showFromAddress();
speak(remembered.get("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
