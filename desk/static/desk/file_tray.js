// @ts-check
/** The files of a draft, below what is written: how far each is, what is wrong with it, and the way to take it out. */

import { sizeText } from "../shared/size.js";
import { fill, make } from "../staff/element.js";

/**
 * @typedef {object} Shown
 * @property {string} key
 * @property {string} name
 * @property {number} size
 * @property {number} [share] while it is uploaded
 * @property {string|null} [problem]
 */

export class FileTray {
  node = make("ul", { class: "file-tray", "aria-label": "Files", hidden: true });
  #printed = "";

  /**
   * @param {readonly Shown[]} files
   * @param {(key: string) => void} remove
   */
  show(files, remove) {
    const print = JSON.stringify(files.map(({ key, problem }) => [key, problem]));
    this.node.hidden = files.length === 0;
    if (print !== this.#printed) {
      this.#printed = print;
      fill(this.node, ...files.map((one) => this.#row(one, remove)));
    }
    files.forEach(({ share }, index) => {
      const bar = this.node.children[index].querySelector("progress");
      if (bar) bar.value = share ?? 1;
    });
  }

  /**
   * @param {Shown} file
   * @param {(key: string) => void} remove
   */
  #row({ key, name, size, share, problem }, remove) {
    return make(
      "li",
      { class: "file" },
      make("bdi", { class: "file-name" }, name),
      make("span", { class: "quiet" }, sizeText(size)),
      share !== undefined && !problem &&
        make("progress", { max: "1", value: share, "aria-label": `${name} is uploaded` }),
      problem && make("span", { class: "bad", role: "alert" }, problem),
      make(
        "button",
        { type: "button", class: "link", onclick: () => remove(key) },
        "Remove",
        make("span", { class: "visually-hidden" }, ` ${name}`),
      ),
    );
  }
}
