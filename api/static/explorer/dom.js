// Elements from code. Whatever comes from a document becomes a text node, never markup.

/** An element: attributes by name (`onclick` and the like take functions; null and false leave one out), then children. */
export function h(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

/** Append nodes, texts and lists of both; null is left out. */
export function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An SVG element. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  return add(element, children);
}

/** Words of a document: their language is told to screen readers and fonts. */
export const zh = (text, tag = "span") => h(tag, { lang: "zh" }, text);

/** A long text, cut after `length` characters, whole on opening. */
export function short(text, length = 90) {
  const characters = [...text];
  return characters.length <= length ? zh(text) : h("span", { lang: "zh", title: text }, characters.slice(0, length).join("") + "…");
}

/** An address with its parameters; empty ones are left out. */
export function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters || {})) {
    if (value !== null && value !== undefined && value !== "" && value !== false) query.append(name, value);
  }
  return String(query) ? `${path}?${query}` : path;
}

export const of = (kind, id) => `/${kind}/${encodeURIComponent(id)}`;
