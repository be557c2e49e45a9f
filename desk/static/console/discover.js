// @ts-check
/** Discover: what customers write that the bot does not know, and a lead's decisions on it. */

import "../staff/staff_bar.js";
import "../staff/status_line.js";
import "./cluster_list.js";
import "./discovery_state.js";
import { doorbell } from "../shared/doorbell.js";
import { inWords } from "../staff/api.js";
import { find } from "../staff/element.js";
import { LiveSocket } from "../staff/live.js";
import { StaffBar } from "../staff/staff_bar.js";
import { StatusLine } from "../staff/status_line.js";
import { openIntentDialog, openLabelDialog } from "./cluster_dialogs.js";
import { ClusterList } from "./cluster_list.js";
import {
  dismissCluster,
  labelCluster,
  readDiscovery,
  readIntents,
  startDiscovery,
} from "./clusters.js";
import { counted } from "./discover_words.js";
import { DiscoveryState } from "./discovery_state.js";

/** @typedef {import("./clusters.js").Cluster} Cluster */

const OUT_OF_SCOPE = "out_of_scope";

class DiscoverPage {
  bar = find(document, "staff-bar", StaffBar);
  heading = find(document, "h1", HTMLElement);
  state = find(document, "discovery-state", DiscoveryState);
  list = find(document, "cluster-list", ClusterList);
  status = find(document, "status-line", StatusLine);
  live = new LiveSocket();
  /** @type {Cluster[]} */
  clusters = [];
  running = false;
  load = doorbell(() => this.#read());

  start() {
    this.state.addEventListener("search", () => this.search());
    this.state.addEventListener("reload", () => this.load());
    this.list.addEventListener("decide", (event) => {
      const { cluster, decision, unticked } = /** @type {CustomEvent} */ (event).detail;
      this.decide(cluster, decision, unticked).catch((error) => this.status.say(inWords(error)));
    });
    this.live.addEventListener("resync", () => this.load());
    this.live.addEventListener("frame", (event) => {
      const { type } = /** @type {CustomEvent} */ (event).detail;
      if (type === "discovery" || type === "label") this.load();
    });
    this.bar.watch(this.live);
    this.live.start();
    this.load();
  }

  async #read() {
    try {
      const discovery = await readDiscovery();
      this.clusters = discovery.clusters;
      this.running = discovery.state === "running";
      this.state.show(discovery, null);
      this.list.show(this.clusters);
    } catch (error) {
      this.state.show(null, inWords(error));
    }
  }

  async search() {
    if (this.running) return;
    this.running = true;
    try {
      await startDiscovery(this.state.days);
    } catch (error) {
      this.status.say(inWords(error));
    }
    await this.load();
  }

  /**
   * @param {Cluster} cluster
   * @param {import("./cluster_card.js").Decision} decision
   * @param {ReadonlySet<string>} unticked
   */
  async decide(cluster, decision, unticked) {
    /** @param {string} intent */
    const label = async (intent) => {
      const labelled = await labelCluster(cluster.id, unticked, intent);
      await this.#gone(cluster, `${counted(labelled, "message")} labelled ${intent}.`);
    };
    if (decision === "intent") openIntentDialog(cluster.name, label);
    else if (decision === "label") openLabelDialog(cluster, await readIntents(), label);
    else if (decision === "foreign") await label(OUT_OF_SCOPE);
    else {
      await dismissCluster(cluster.id);
      await this.#gone(cluster, `${cluster.name} is not shown again.`);
    }
  }

  /**
   * @param {Cluster} cluster
   * @param {string} words
   */
  async #gone(cluster, words) {
    const place = this.clusters.findIndex(({ id }) => id === cluster.id);
    await this.load();
    this.status.say(words);
    // A dialog may still be open here, and lets nobody behind it have the focus.
    setTimeout(() => this.list.focusCard(place) || this.heading.focus());
  }
}

new DiscoverPage().start();
