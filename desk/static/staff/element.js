// @ts-check
/** Builds DOM elements from plain values, so that no page ever needs innerHTML. */

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * `make("p", {class: "quiet", onclick: f}, "text", node)`. Attributes that are null or false are left out,
 * functions under `on…` become listeners, everything else is an attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>|null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...shown(children));
  return node;
}

/**
 * Replaces everything inside `parent`.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...shown(children));
}

/**
 * @param {Child[]} children
 * @returns {(Node|string)[]}
 */
function shown(children) {
  /** @type {(Node|string)[]} */
  const kept = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    kept.push(typeof child === "number" ? String(child) : child);
  }
  return kept;
}

/**
 * The one element that must be there; a missing one is a mistake in the page's shell.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new (...args: any[]) => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  const node = root.querySelector(selector);
  if (!(node instanceof type)) throw new Error(`${selector} is missing from the page`);
  return node;
}
