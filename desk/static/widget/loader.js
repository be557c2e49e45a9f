// @ts-check
/**
 * The one script a site embeds: <script src="https://our.host/widget.js" data-customer-token="…" async></script>.
 * It adds a launcher and, once needed, a frame on our own origin; page and frame speak only to each other's known origin.
 *
 * It leaves one name on the page, `window.Warmline`:
 *   open()           opens the chat
 *   close()          closes it
 *   identify(token)  says who the visitor is (a customer token, or null for a guest), for instance after a sign-in
 */
(() => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || "Warmline" in window) return;
  if (!/^https?:$/.test(location.protocol)) {
    console.warn("Warmline: the chat needs a page served over http or https.");
    return;
  }
  const origin = new URL(script.src).origin;
  const phone = matchMedia("(max-width: 480px)");
  const ACTIVE = "warmline:active";
  const ANSWER_WITHIN_MS = 15_000;

  const STYLE = `
    :host { all: initial !important; color-scheme: light dark !important;
      --accent: #b3411e; --on-accent: #fff; --surface: #fff; --ink: #1f1d1a; --line: #dcd8d0; --focus: #1a5fb4; }
    @media (prefers-color-scheme: dark) { :host {
      --accent: #ff9d7a; --on-accent: #2b0f05; --surface: #1f1d1b; --ink: #f1eee9; --line: #3a3733; --focus: #8ab8ff; } }
    .launcher, .panel { font: 600 15px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    .launcher { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      display: grid; place-items: center; width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
      background: var(--accent); color: var(--on-accent); box-shadow: 0 2px 6px rgb(0 0 0 / 20%), 0 8px 24px rgb(0 0 0 / 20%); transition: scale .15s; }
    .launcher:hover { scale: 1.05; }
    .launcher:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .launcher[aria-expanded="true"] .closed, .launcher[aria-expanded="false"] .opened { display: none; }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 24px; height: 24px; padding: 0 6px; box-sizing: border-box; border-radius: 12px;
      background: var(--ink); color: var(--surface); border: 2px solid var(--surface); font-size: 13px; line-height: 20px; }
    .panel { position: fixed; inset: auto; right: max(20px, env(safe-area-inset-right)); bottom: calc(max(20px, env(safe-area-inset-bottom)) + 74px); z-index: 2147483000;
      width: 400px; max-width: none; height: min(660px, calc(100dvh - 114px)); max-height: none; margin: 0; padding: 0; overflow: hidden; box-sizing: border-box;
      border: 1px solid var(--line); border-radius: 16px; background: var(--surface); color: var(--ink); box-shadow: 0 8px 40px rgb(0 0 0 / 25%); }
    .panel[open] { animation: rise .18s ease-out; }
    .panel::backdrop { background: none; }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; background: var(--surface); }
    .note { margin: 0; padding: 24px; font-weight: 400; }
    .note button { font: inherit; font-weight: 600; min-height: 36px; padding: 0 14px; margin: 12px 8px 0 0; }
    .silent { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [hidden] { display: none !important; }
    @keyframes rise { from { opacity: 0; translate: 0 12px; } }
    @media (max-width: 480px) { .panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; } }
    @media (prefers-reduced-motion: reduce) { .panel[open] { animation: none; } .launcher { transition: none; } }
  `;

  let customerToken = script.dataset.customerToken || null;
  let unread = 0;
  let ready = false;
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const launcher = element("button", {
    type: "button",
    class: "launcher",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
  });
  launcher.append(
    icon(
      "closed",
      "M5 5h18a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-9l-6 5v-5H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z",
    ),
    icon("opened", "M7 11l7 7 7-7"),
  );
  const badge = element("span", { class: "badge", "aria-hidden": "true" });
  const news = element("span", { class: "silent", role: "status" });
  const panel = /** @type {HTMLDialogElement} */ (element("dialog", {
    class: "panel",
    "aria-label": "Support chat",
  }));
  const note = element("p", { class: "note", role: "status" });
  launcher.append(badge);
  panel.append(note);
  root.append(launcher, news, panel);

  /** @param {string} name @param {Record<string, string>} attributes */
  function element(name, attributes) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /** @param {string} name @param {string} shape */
  function icon(name, shape) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("class", name);
    svg.setAttribute("viewBox", "0 0 28 28");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", shape);
    svg.append(path);
    return svg;
  }

  function showLauncher() {
    const count = unread > 9 ? "9+" : String(unread);
    const words = unread === 1 ? "1 unread message" : `${unread} unread messages`;
    launcher.setAttribute("aria-expanded", String(panel.open));
    launcher.setAttribute(
      "aria-label",
      panel.open ? "Close chat" : unread > 0 ? `Open chat, ${words}` : "Open chat",
    );
    badge.hidden = unread === 0 || panel.open;
    badge.textContent = count;
    const heard = badge.hidden ? "" : `Support chat: ${words}`;
    if (news.textContent !== heard) news.textContent = heard;
  }

  /** A frame that has not spoken may still be an empty page of this origin; its `init` will tell it everything. @param {object} message */
  function tell(message) {
    if (ready) frame?.contentWindow?.postMessage({ source: "warmline", ...message }, origin);
  }

  function load() {
    if (frame !== null) return;
    frame = document.createElement("iframe");
    frame.title = "Support chat";
    frame.src = `${origin}/widget#${new URLSearchParams({ host: location.origin })}`;
    note.textContent = "Loading the chat…";
    panel.append(frame);
    patience = setTimeout(apologise, ANSWER_WITHIN_MS);
  }

  /** A frame that never speaks is blocked or unreachable; say so instead of showing an empty box. */
  function apologise() {
    frame?.remove();
    frame = null;
    ready = false;
    note.textContent = "The chat could not be loaded. Please check your connection. ";
    const again = element("button", { type: "button" });
    again.textContent = "Try again";
    again.addEventListener("click", load);
    const shut = element("button", { type: "button" });
    shut.textContent = "Close";
    shut.addEventListener("click", close);
    note.append(document.createElement("br"), again, shut);
  }

  function open() {
    load();
    if (!panel.open) show();
    tell({ type: "open" });
    frame?.focus();
    showLauncher();
  }

  /** On a phone the panel is all there is, so the page behind it must not take the focus: a modal dialog does that. */
  function show() {
    if (phone.matches) panel.showModal();
    else panel.show();
  }

  function close() {
    if (!panel.open) return;
    panel.close();
    tell({ type: "closed" });
    showLauncher();
    launcher.focus();
  }

  /** @param {string | null} token */
  function identify(token) {
    if ((token || null) === customerToken) return;
    customerToken = token || null;
    tell({ type: "identify", customerToken });
  }

  /** @param {MessageEvent} event */
  function receive(event) {
    if (frame === null || event.source !== frame.contentWindow || event.origin !== origin) return;
    const message = event.data;
    if (message?.source !== "warmline") return;
    if (message.type === "hello") {
      ready = true;
      clearTimeout(patience);
      note.textContent = "";
      tell({ type: "init", customerToken, open: panel.open });
    } else if (message.type === "close") close();
    else if (message.type === "active") remember();
    else if (message.type === "unread" && Number.isSafeInteger(message.count)) {
      unread = message.count;
      showLauncher();
    }
  }

  /** A running chat is followed on the next page too, so that an answer there is not missed. */
  function remember() {
    try {
      sessionStorage.setItem(ACTIVE, "1");
    } catch {
      // Without storage the badge waits for the next opening.
    }
  }

  function wasActive() {
    try {
      return sessionStorage.getItem(ACTIVE) !== null;
    } catch {
      return false;
    }
  }

  launcher.addEventListener("click", () => (panel.open ? close() : open()));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("keydown", (event) => {
    if (event instanceof KeyboardEvent && event.key === "Escape") close();
  });
  phone.addEventListener("change", () => {
    if (!panel.open) return;
    panel.close();
    show();
  });
  addEventListener("message", receive);

  function mount() {
    document.body.append(host);
    showLauncher();
    if (wasActive()) load();
  }
  if (document.body === null) addEventListener("DOMContentLoaded", mount, { once: true });
  else mount();

  Object.defineProperty(window, "Warmline", { value: Object.freeze({ open, close, identify }) });
})();
