// @ts-check
/** Whether a draft asks the customer for what is on the card already; pure. Nobody is to be asked twice. */

/** @typedef {import("../staff/types.js").ConversationDetail} ConversationDetail */
/** @typedef {{what: string, value: string}} Known */

// An asking: a question, or words that want something of the reader.
const QUESTION = /\?\s*$/;
const PLEASE =
  /\b(?:please|kindly|can you|could you|would you|may i have|can i have|could i have|can i (?:take|get)|i(?:'ll| will)? (?:just )?need|i would need|let me know|tell me|send me|give me|provide|confirm)\b/;
// What was asked for before, or is being told, is no asking.
const TELLING =
  /\b(?:(?:i|we) (?:have|can see|see|found|got|received|already|will(?! (?:just )?need)|sent|checked|updated|changed)|(?:i|we)(?:'ve|'ll(?! (?:just )?need))|thank you for|thanks for|no need|you (?:don't|do not) (?:need|have) to|as you (?:said|wrote))\b/;

const POSTCODE = /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/;

/** @type {{names: RegExp, asked: RegExp, what: string}[]} */
const FACTS = [
  {
    names: /^order_number$/,
    asked:
      /\border(?:'s)? (?:no\b|nr\b|num|id\b|reference|ref\b)|\b(?:which|what) order\b|\bnumber of (?:your|the) order\b|\breference number\b/,
    what: "order number",
  },
  {
    names: /^postcode$/,
    asked: /\bpost ?codes?\b|\bzip(?: ?code)?\b/,
    what: "postcode",
  },
  { names: /^email$/, asked: /\be-?mail(?: address)?\b/, what: "e-mail address" },
  { names: /^phone$/, asked: /\b(?:phone|mobile|telephone)(?: number)?\b/, what: "phone number" },
  {
    names: /^name$/,
    asked:
      /\byour (?:full |first |last |sur)?name\b|\bwho (?:am i|are we) (?:talking|speaking|chatting) (?:to|with)\b/,
    what: "name",
  },
  {
    names: /^address$/,
    asked:
      /\b(?:your|the|delivery|shipping|home|full|postal|which|what) address\b|\bwhere (?:do you live|should (?:we|it) (?:send|go))\b/,
    what: "address",
  },
  {
    names: /^wish$/,
    asked:
      /\bwhat(?:'s| is| seems to be| exactly is)? (?:wrong|the (?:problem|issue|matter)|happened|it (?:is )?about)\b|\bhow (?:can|may) (?:i|we) help\b|\bwhat (?:can|may) (?:i|we) do for you\b|\bdescribe (?:the|your) (?:problem|issue)\b/,
    what: "what it is about",
  },
];

/**
 * What is known by the name of the thing it answers, the card first.
 *
 * @param {ConversationDetail} detail
 * @param {Record<string, unknown>|null} profile what the shop knows
 * @returns {Map<string, string>}
 */
export function knownOf({ customer, handoff }, profile) {
  /** @type {Map<string, string>} */
  const known = new Map();
  /**
   * @param {string} name
   * @param {unknown} value
   */
  const add = (name, value) => {
    if (value !== null && value !== undefined && value !== "" && !known.has(name)) {
      known.set(name, String(value));
    }
  };
  for (const { name, value } of handoff?.collected ?? []) {
    if (typeof value !== "object") add(name, value);
  }
  for (const name of ["email", "phone", "address", "name"]) add(name, profile?.[name]);
  add("postcode", String(profile?.address ?? "").match(POSTCODE)?.[0]);
  if (customer.name !== "Guest") add("name", customer.name);
  const wish = handoff?.wants;
  if (wish?.intent) add("wish", wish.text);
  return known;
}

/**
 * What the draft asks for and is known, in the order of the draft.
 *
 * @param {string} draft
 * @param {ReadonlyMap<string, string>} known
 * @returns {Known[]}
 */
export function askedAgain(draft, known) {
  /** @type {Known[]} */
  const found = [];
  const plain = draft.toLowerCase().replaceAll("\u2019", "'");
  for (const sentence of plain.split(/(?<=[.!?])\s+|\n+/)) {
    if (!isAsking(sentence)) continue;
    for (const { names, asked, what } of FACTS) {
      const name = [...known.keys()].find((one) => names.test(one));
      const value = name === undefined ? undefined : known.get(name);
      if (value === undefined || !asked.test(sentence)) continue;
      // Whoever reads it back wants a yes, not the value.
      if (sentence.includes(value.toLowerCase())) continue;
      if (!found.some((one) => one.what === what)) found.push({ what, value });
    }
  }
  return found;
}

/** @param {string} sentence */
function isAsking(sentence) {
  if (QUESTION.test(sentence)) return !/^(?:i|we) /.test(sentence);
  return PLEASE.test(sentence) && !TELLING.test(sentence);
}
