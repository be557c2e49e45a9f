// @ts-check
/** A unified diff as lines to read, each with its sign, so that nothing is said by colour alone. */

/** @typedef {{kind: "added"|"removed"|"kept"|"place", sign: string, text: string}} DiffLine */

/** @type {Readonly<Record<string, DiffLine["kind"]>>} */
const KINDS = { "+": "added", "-": "removed", " ": "kept" };

/**
 * The lines of one file's diff, without the two that name the file.
 *
 * @param {string} diff
 * @returns {DiffLine[]}
 */
export function diffLines(diff) {
  const lines = diff.split("\n").slice(2);
  if (lines.at(-1) === "") lines.pop();
  return lines
    .filter((line) => !line.startsWith("\\"))
    .map((line) => {
      if (line.startsWith("@@")) {
        const start = /\+(\d+)/.exec(line)?.[1] ?? "1";
        return { kind: "place", sign: "", text: `From line ${start}` };
      }
      const sign = line.slice(0, 1);
      return { kind: KINDS[sign] ?? "kept", sign, text: line.slice(1) };
    });
}

/** @param {DiffLine[]} lines */
export function addedIn(lines) {
  return lines.filter(({ kind }) => kind === "added").length;
}
