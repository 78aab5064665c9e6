// The explorer's words in both languages, and the choice between them.

import { COLUMNS, WORDS } from "./dictionary.js";

const KEY = "policygraph.language";
let chosen = new URLSearchParams(location.search).get("lang") || stored() || (navigator.language.startsWith("zh") ? "zh" : "en");

function stored() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

export const language = () => (chosen === "zh" ? "zh" : "en");

export function setLanguage(code) {
  chosen = code;
  try { localStorage.setItem(KEY, code); } catch { /* a browser that keeps nothing: it holds until the page is left */ }
}

const pick = (pair) => pair[language() === "zh" ? 1 : 0];

/** The words of a key, `{name}` replaced by values; numbers in the form of the language. */
export function t(key, values) {
  const text = WORDS[key] ? pick(WORDS[key]) : key.replace(/^called\./, "");
  return text.replace(/\{(\w+)\}/g, (_, name) => number(values[name]));
}

/** A column or parameter of the service in words; unknown ones as they are. */
export function column(name) {
  return COLUMNS[name] ? pick(COLUMNS[name]) : name.replaceAll("_", " ");
}

/** A value that is one of a few words (role, level, kind, …). */
export const value = (word) => (word === null || word === undefined ? "–" : WORDS[`=${word}`] ? pick(WORDS[`=${word}`]) : String(word));

export function number(n) {
  return typeof n === "number" ? n.toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: 3 }) : String(n ?? "–");
}

export const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(share && share < 0.1 ? 1 : 0)} %`);

/** Put the words of the language into what the page's file holds. */
export function translate(page) {
  page.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  for (const element of page.querySelectorAll("[data-word]")) element.textContent = t(element.dataset.word);
  const button = page.querySelector(".language");
  button.textContent = language() === "zh" ? "English" : "中文";
  button.lang = language() === "zh" ? "en" : "zh";
}
