// Send documents to the graph: many files, progress while they are read.

import { h } from "../dom.js";
import { forgetOverview, getOverview, Problem } from "../service.js";
import { t } from "../words.js";

export default async function upload() {
  const overview = await getOverview();
  if (!overview.uploads) return { title: t("upload"), json: null, content: [h("p", {}, t("noUploads")), h("pre", {}, "POLICYGRAPH_TOKEN=… policygraph serve")] };
  const progress = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("upload") });
  const log = h("ol.log", { "aria-live": "polite" });
  const say = (words, kind) => log.append(h("li", { class: kind || null }, words));
  const form = h("form.filters", { onsubmit: (event) => { event.preventDefault(); send(event.target, progress, say); } },
    h("label.field", {}, h("span", {}, t("files")), h("input", { type: "file", name: "files", multiple: true, required: true, accept: ".txt,.md,.docx,.docm,.pdf,.html,.htm,.shtml,.zip" })),
    h("label.field", {}, h("span", {}, t("token")), h("input", { type: "password", name: "token", required: true, autocomplete: "current-password" })), h("button", {}, t("send")));
  return { title: t("upload"), json: null, content: [h("p", {}, t("uploadSays")), form, progress, log] };
}

async function send(form, progress, say) {
  const body = new FormData();
  for (const file of form.elements.files.files) body.append("files", file);
  const button = form.querySelector("button");
  button.disabled = true;
  progress.hidden = false;
  progress.removeAttribute("value");
  try {
    const answer = await fetch("/api/documents", { method: "POST", body, headers: { authorization: `Bearer ${form.elements.token.value}` } });
    const said = await answer.json();
    if (!answer.ok) throw new Problem(answer.status, said.title, said.detail);
    await follow(said.events, progress, say);
  } catch (error) { say(error.message, "problem"); }
  button.disabled = false;
}

/** Show the events of an upload until it is done. */
function follow(address, progress, say) {
  return new Promise((resolve) => {
    const source = new EventSource(address);
    const close = () => { source.close(); forgetOverview(); resolve(); };
    source.addEventListener("file", ({ data }) => { const event = JSON.parse(data); progress.max = event.of; progress.value = event.done; say(`${event.done}/${event.of} ${event.file}`); });
    source.addEventListener("done", ({ data }) => { const event = JSON.parse(data); for (const line of event.notes) say(line, "done"); for (const line of event.warnings) say(line, "problem"); close(); });
    source.addEventListener("failed", ({ data }) => { say(JSON.parse(data).detail, "problem"); close(); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) close(); };
  });
}
