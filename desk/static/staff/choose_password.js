// @ts-check
/** `<choose-password>`: by a link that an admin gave out, whose secret stands behind the #. */

import { inWords, post } from "./api.js";
import { find, make } from "./element.js";

class ChoosePassword extends HTMLElement {
  connectedCallback() {
    const form = find(this, "form", HTMLFormElement);
    const password = find(form, "[name=password]", HTMLInputElement);
    const again = find(form, "[name=again]", HTMLInputElement);
    const button = find(form, "button[type=submit]", HTMLButtonElement);
    const problem = find(form, "[role=alert]", HTMLElement);
    const token = location.hash.slice(1);
    // It is good once, and no history keeps it.
    history.replaceState(null, "", location.pathname);

    /**
     * @param {string} words
     * @param {HTMLInputElement} field
     */
    const refuse = (words, field) => {
      problem.textContent = words;
      problem.hidden = false;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      problem.hidden = true;
      for (const field of [password, again]) field.removeAttribute("aria-invalid");
      if (!password.value) return refuse("Enter a password.", password);
      if (password.value !== again.value) return refuse("The two are not the same.", again);
      button.disabled = true;
      try {
        await post("password/choose", { token, password: password.value });
        const desk = make("a", { class: "button primary", href: "/desk" }, "Sign in");
        form.replaceWith(make("p", { role: "status" }, "Your password is kept."), desk);
        desk.focus();
      } catch (error) {
        refuse(inWords(error), password);
      } finally {
        button.disabled = false;
      }
    });
    password.focus();
  }
}

customElements.define("choose-password", ChoosePassword);
