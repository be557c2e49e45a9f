// @ts-check
/** `<staff-login>`: sign in for desk and console; the server then renders the page that was asked for. */

import { ApiError, inWords, post } from "./api.js";
import { find } from "./element.js";

class StaffLogin extends HTMLElement {
  connectedCallback() {
    const form = find(this, "form", HTMLFormElement);
    const email = find(form, "[name=email]", HTMLInputElement);
    const password = find(form, "[name=password]", HTMLInputElement);
    const button = find(form, "button[type=submit]", HTMLButtonElement);
    const problem = find(form, "[role=alert]", HTMLElement);

    for (const hint of this.querySelectorAll("button[data-email]")) {
      hint.addEventListener("click", () => {
        email.value = hint.getAttribute("data-email") ?? "";
        password.value = hint.getAttribute("data-password") ?? "";
        button.focus();
      });
    }

    /**
     * @param {string} words
     * @param {HTMLInputElement} field
     */
    const refuse = (words, field) => {
      problem.textContent = words;
      problem.hidden = false;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      field.select();
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      problem.hidden = true;
      for (const field of [email, password]) field.removeAttribute("aria-invalid");
      if (!email.value.trim()) return refuse("Enter your email address.", email);
      if (!password.value) return refuse("Enter your password.", password);
      button.disabled = true;
      button.textContent = "Signing in…";
      try {
        await post("login", { email: email.value.trim(), password: password.value });
        location.reload();
      } catch (error) {
        button.disabled = false;
        button.textContent = "Sign in";
        const wrong = error instanceof ApiError && error.code === "wrong_credentials";
        refuse(wrong ? "Email or password is wrong." : inWords(error), wrong ? password : email);
      }
    });
    email.focus();
  }
}

customElements.define("staff-login", StaffLogin);
