// @ts-check
/**
 * `<cluster-list>`: the groups that were found, a card each; fires `decide` with detail
 * {cluster, decision, unticked}.
 */

import { placeInOrder } from "../shared/keyed.js";
import { make } from "../staff/element.js";
import { ClusterCard } from "./cluster_card.js";

/** @typedef {import("./clusters.js").Cluster} Cluster */

export class ClusterList extends HTMLElement {
  #list = make("ul", { class: "clusters" });
  /** @type {Map<string, ClusterCard>} */
  #cards = new Map();

  connectedCallback() {
    this.append(this.#list);
  }

  /** @param {Cluster[]} clusters */
  show(clusters) {
    const shown = new Set(clusters.map(({ id }) => id));
    for (const id of this.#cards.keys()) if (!shown.has(id)) this.#cards.delete(id);
    placeInOrder(
      this.#list,
      clusters.map((cluster) => {
        const card = this.#cards.get(cluster.id) ??
          new ClusterCard((detail) => this.dispatchEvent(new CustomEvent("decide", { detail })));
        this.#cards.set(cluster.id, card);
        card.show(cluster);
        return card.row;
      }),
    );
  }

  /**
   * Puts the focus into the card at this place, or the last one; false when there is none.
   *
   * @param {number} index
   */
  focusCard(index) {
    const rows = this.#list.children;
    const button = rows[Math.min(index, rows.length - 1)]?.querySelector("button");
    button?.focus();
    return Boolean(button);
  }
}

customElements.define("cluster-list", ClusterList);
