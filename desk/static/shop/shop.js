// @ts-check
/** The demo shop's own script: which demo customer is at the keyboard, their mailbox, and buttons that open the chat. */

/** @typedef {{open: () => void, close: () => void, identify: (token: string | null) => void}} WarmlineApi */

const CHOICE = "shop:customer";
const customers = /** @type {HTMLSelectElement|null} */ (document.getElementById("customer"));
const account = document.querySelector('[data-part="account"]');
const mailbox =
  /** @type {HTMLAnchorElement|null} */ (document.querySelector('[data-part="mailbox"]'));
const whose = document.querySelector('[data-part="whose"]');

/** The chat's documented object, as soon as its script has run. @returns {Promise<WarmlineApi>} */
function warmline() {
  return new Promise((done) => {
    const present = () => /** @type {any} */ (window).Warmline;
    if (present() !== undefined) done(present());
    else document.getElementById("warmline")?.addEventListener("load", () => done(present()));
  });
}

/** @param {HTMLSelectElement} who */
async function signIn({ selectedOptions: [choice] }) {
  sessionStorage.setItem(CHOICE, choice.value);
  if (account !== null) {
    account.textContent = choice.value === "" ? "Not signed in" : `Signed in as ${choice.value}`;
  }
  if (mailbox !== null && whose !== null) {
    mailbox.hidden = choice.value === "";
    mailbox.href = `/demo/mailbox?customer=${encodeURIComponent(choice.dataset.reference ?? "")}`;
    whose.textContent = ` of ${choice.value}`;
  }
  (await warmline()).identify(choice.dataset.token || null);
}

document.querySelector('[data-part="ask"]')?.addEventListener("click", async () => {
  (await warmline()).open();
});

if (customers !== null) {
  const kept = sessionStorage.getItem(CHOICE);
  const known = [...customers.options].find(({ value }) => value === kept);
  if (known !== undefined) known.selected = true;
  customers.addEventListener("change", () => signIn(customers));
  signIn(customers);
}
