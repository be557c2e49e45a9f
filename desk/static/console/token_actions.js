// @ts-check
/** Making an API token and ending one, as the pages Access and Account do. */

import { post, remove } from "../staff/api.js";
import { StatusLine } from "../staff/status_line.js";
import { openEndDialog, openTokenDialog, showOnce } from "./access_dialogs.js";
import { ProofList } from "./proof_list.js";

/** @typedef {import("./access_words.js").Proof} Proof */
/** @typedef {{load: () => Promise<void>, tokenList: ProofList, status: StatusLine}} Page */

/**
 * @param {Page} page
 * @param {Parameters<typeof openTokenDialog>[0]} programs
 * @param {Parameters<typeof openTokenDialog>[1]} scopes
 */
export function makeToken(page, programs, scopes) {
  openTokenDialog(programs, scopes, async (wish) => {
    const { secret, name } = await post("tokens", wish);
    await page.load();
    setTimeout(() =>
      showOnce({
        title: `The token ${name}`,
        words: "Its program shows it with every request. It is not shown again.",
        secret,
        closed: () => page.tokenList.focusFirst(),
      })
    );
  });
}

/**
 * @param {Page} page
 * @param {Proof} token
 */
export function endToken(page, token) {
  openEndDialog(
    `Delete the token ${token.title}?`,
    "Whatever uses it gets in no more, from this moment.",
    "Delete",
    async () => {
      await remove(`tokens/${encodeURIComponent(token.id)}`);
      await page.load();
      page.status.say(`The token ${token.title} is deleted.`);
      setTimeout(() => page.tokenList.focusFirst());
    },
  );
}
