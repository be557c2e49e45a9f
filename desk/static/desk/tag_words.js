// @ts-check
/** Tags in words: those that a row has room for, and in what is searched for; pure. */

const ROOM = 2;
// A name with a space stands in quotation marks, as one that is still being typed does at its start.
const TAG = /(?:^|\s)tag:(?:"([^"]+)"?|([^\s"]+))/i;

/**
 * @param {string[]} tags
 * @returns {{shown: string[], more: number}}
 */
export function forRow(tags) {
  return { shown: tags.slice(0, ROOM), more: Math.max(0, tags.length - ROOM) };
}

/** @param {string} tag */
export function searchFor(tag) {
  return tag.includes(" ") ? `tag:"${tag}"` : `tag:${tag}`;
}

/**
 * What the server is asked for: the words are looked for, the first tag narrows them.
 *
 * @param {string} typed
 * @returns {{search?: string, tag?: string}}
 */
export function queryOf(typed) {
  const found = TAG.exec(typed);
  const tag = (found?.[1] ?? found?.[2] ?? "").trim();
  if (!found || !tag) return { search: typed };
  const search = typed.replace(found[0], "").trim();
  return search ? { search, tag } : { tag };
}

/** @param {string} typed */
export function nothingFound(typed) {
  const { search, tag } = queryOf(typed);
  if (!tag) return "No conversation has these words.";
  return search ? `Nothing tagged “${tag}” has these words.` : `Nothing is tagged “${tag}”.`;
}
