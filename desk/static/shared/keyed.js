// @ts-check
/** Keeps a parent's children in the wanted order while touching only what changed, so that live regions announce only news. */

/**
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function placeInOrder(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) {
    if (!keep.has(child)) child.remove();
  }
  wanted.forEach((node, index) => {
    const present = parent.children[index] ?? null;
    if (present !== node) parent.insertBefore(node, present);
  });
}
