// Which page an address is, and moving between pages without loading the whole again.

import { h } from "./dom.js";
import { getOverview, Problem } from "./service.js";
import { language, setLanguage, t, translate } from "./words.js";

const PAGES = [
  [/^\/$/, "home"], [/^\/units$/, "units"], [/^\/units\/([^/]+)$/, "unit"], [/^\/tasks$/, "tasks"], [/^\/tasks\/([^/]+)$/, "task"],
  [/^\/plans\/([^/]+)$/, "plan"], [/^\/documents\/([^/]+)$/, "document"], [/^\/compare$/, "compare"], [/^\/graph$/, "graph"],
  [/^\/questions$/, "questions"], [/^\/questions\/([^/]+)$/, "question"], [/^\/search$/, "search"], [/^\/upload$/, "upload"],
];
const NAVIGATION = [["/", "home"], ["/units", "units"], ["/compare", "compare"], ["/graph", "graph"], ["/questions", "questions"]];
const main = document.querySelector("main");
let leaving = new AbortController();
let moved = false; // within the explorer, without loading its file anew

function pageOf(path) {
  for (const [pattern, name] of PAGES) {
    const found = path.match(pattern);
    if (found) return [name, found[1] && decodeURIComponent(found[1])];
  }
  return null;
}

/** Go to an address of the explorer. `keep`: the view changed in a detail, so neither the place nor the focus moves. */
export async function go(to, { keep = false } = {}) {
  history.pushState(null, "", to);
  moved = true;
  await show(keep);
}

/** Say in the address what the view shows, without drawing it anew. */
export function remember(to) {
  history.replaceState(null, "", to);
}

async function show(keep = false) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const found = pageOf(location.pathname);
  const query = new URLSearchParams(location.search);
  markNavigation();
  main.setAttribute("aria-busy", "true");
  let drawn;
  try {
    if (!found) throw new Problem(404, t("noPage"), location.pathname);
    const { default: page } = await import(`./pages/${found[0]}.js`);
    drawn = await page({ id: found[1], query, signal });
  } catch (error) {
    if (error.name === "AbortError") return;
    drawn = errorPage(error);
  }
  if (signal.aborted) return;
  document.title = drawn.title ? `${drawn.title} · policygraph` : "policygraph";
  main.replaceChildren(h("h1", { tabindex: "-1" }, drawn.title), ...[drawn.content].flat(Infinity).filter(Boolean));
  main.removeAttribute("aria-busy");
  const json = document.querySelector("footer .json");
  json.hidden = !drawn.json;
  if (drawn.json) json.href = drawn.json;
  drawn.ready?.();
  if (!keep && !drawn.placed) {
    scrollTo(0, 0);
    if (moved) main.querySelector("h1").focus({ preventScroll: true }); // a page that has just been loaded begins at its top
  }
  sayGraph();
}

function errorPage(error) {
  const status = error instanceof Problem ? error.status : null;
  if (!status) console.warn(error);
  const lines = [h("p.problem", { role: "alert" }, error.message)];
  if (status === 503) lines.push(h("p", {}, t("fill")), h("pre", {}, "policygraph ingest FOLDER\npolicygraph serve"));
  lines.push(h("p", {}, h("a", { href: "/" }, t("toHome"))));
  return { title: error.title || t("failed"), content: lines };
}

function markNavigation() {
  const nav = document.querySelector("nav");
  nav.replaceChildren(...NAVIGATION.map(([href, word]) => {
    const here = href === "/" ? location.pathname === "/" : location.pathname.startsWith(href);
    return h("a", { href, "aria-current": here ? "page" : null }, t(word));
  }));
  document.querySelector(".search input").value = location.pathname === "/search" ? new URLSearchParams(location.search).get("q") || "" : "";
}

async function sayGraph() {
  const place = document.querySelector("footer .graph");
  try {
    const { graph, policygraph } = await getOverview();
    place.textContent = `policygraph ${policygraph} · ${t("graphName")} ${graph}`;
  } catch { place.textContent = ""; }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.hasAttribute("download") || link.target) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || !pageOf(to.pathname)) return;
  if (to.pathname === location.pathname && to.search === location.search && to.hash) return;
  event.preventDefault();
  go(to.pathname + to.search + to.hash);
});

// A form with an address of the explorer is a view: its fields are the address's parameters.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const to = new URL(form.action);
  if (event.defaultPrevented || form.method !== "get" || !pageOf(to.pathname)) return;
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  go(String(query) ? `${to.pathname}?${query}` : to.pathname, { keep: form.dataset.keep !== undefined });
});
document.addEventListener("change", (event) => {
  if (event.target.form?.dataset.keep !== undefined && event.target.dataset.free === undefined) event.target.form.requestSubmit();
});
addEventListener("popstate", () => { moved = true; show(); });

document.querySelector(".language").addEventListener("click", () => {
  setLanguage(language() === "zh" ? "en" : "zh");
  translate(document);
  show(true);
});
translate(document);
show();
