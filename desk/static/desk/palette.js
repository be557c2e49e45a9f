// @ts-check
/** What the command palette finds for what is typed; pure. */

/**
 * @typedef {object} Entry
 * @property {"command"|"view"|"conversation"|"reply"} kind
 * @property {string} name what is looked for first
 * @property {string} [text] shown below it, and looked for too
 * @property {string} [number] looked for too
 * @property {readonly string[]} [keys] the shorter way to it
 * @property {() => void} run
 */

// Under each heading no more than can be read at a glance; typing brings up the others.
const MOST = { command: 20, view: 10, conversation: 8, reply: 6 };
const KINDS = /** @type {Entry["kind"][]} */ (Object.keys(MOST));

// How well a typed word fits: it begins the name or a word of it, stands in one, or its letters come
// in its order.
const FIRST = 0;
const BEGINS = 1;
const INSIDE = 2;
const SCATTERED = 3;
const ELSEWHERE = 4;

/**
 * The entries in which every typed word is found, the best of each kind first, kind by kind.
 *
 * @template {Pick<Entry, "kind"|"name"|"text"|"number">} T
 * @param {readonly T[]} entries
 * @param {string} typed
 * @returns {T[]}
 */
export function found(entries, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  /** @type {Record<Entry["kind"], {entry: T, misfit: number}[]>} */
  const hits = { command: [], view: [], conversation: [], reply: [] };
  for (const entry of entries) {
    const misfit = misfitOf(entry, words);
    if (misfit !== null) hits[entry.kind].push({ entry, misfit });
  }
  const kinds = KINDS.map((kind) => ({
    best: Math.min(...hits[kind].map(({ misfit }) => misfit)),
    entries: hits[kind]
      .sort((a, b) => a.misfit - b.misfit) // stable: equals stay in the order they came in
      .slice(0, MOST[kind])
      .map(({ entry }) => entry),
  }));
  return kinds.sort((a, b) => a.best - b.best).flatMap((kind) => kind.entries);
}

/**
 * @param {Pick<Entry, "name"|"text"|"number">} entry
 * @param {readonly string[]} words
 * @returns {number|null} 0 where all words fit best, null where one is not found
 */
function misfitOf({ name, text = "", number = "" }, words) {
  let worst = 0;
  for (const word of words) {
    const misfit = fit(plain(name), word);
    if (misfit !== null) worst = Math.max(worst, misfit);
    else if (plain(`${number} ${text}`).includes(word)) worst = ELSEWHERE;
    else return null;
  }
  return worst;
}

/**
 * @param {string} name
 * @param {string} word
 */
function fit(name, word) {
  if (name.startsWith(word)) return FIRST;
  if (name.includes(` ${word}`)) return BEGINS;
  if (name.includes(word)) return INSIDE;
  let from = 0;
  for (const letter of word) {
    const at = name.indexOf(letter, from);
    if (at === -1) return null;
    from = at + 1;
  }
  // Two letters are in nearly every name.
  return word.length > 2 ? SCATTERED : null;
}

/**
 * Small letters without accents: whoever looks for Siobhán types Siobhan.
 *
 * @param {string} text
 */
function plain(text) {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
