// @ts-check
/** Finds the pieces that a template names with `data-part`, and says which one is missing. */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} [type]
 * @returns {T}
 */
export function part(root, name, type) {
  const found = root.querySelector(`[data-part="${name}"]`);
  const wanted = type ?? HTMLElement;
  if (!(found instanceof wanted)) {
    throw new TypeError(`widget.html: no ${wanted.name} with data-part="${name}"`);
  }
  return /** @type {T} */ (found);
}

/**
 * A copy of what is in `<template id>`.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function stamp(id) {
  const template = document.getElementById(id);
  const first = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  if (!(first instanceof HTMLElement)) throw new TypeError(`widget.html: no <template id="${id}">`);
  return /** @type {HTMLElement} */ (document.importNode(first, true));
}
