// @ts-check
/** `<staff-login>`: sign in for desk and console; the server then renders the page that was asked for. */

import { ApiError, inWords, post } from "./api.js";
import { find, make } from "./element.js";
import { countdown } from "./moments.js";

class StaffLogin extends HTMLElement {
  connectedCallback() {
    const form = find(this, "form", HTMLFormElement);
    const email = find(form, "[name=email]", HTMLInputElement);
    const password = find(form, "[name=password]", HTMLInputElement);
    const button = find(form, "button[type=submit]", HTMLButtonElement);
    const problem = find(form, "[role=alert]", HTMLElement);
    /** @type {ReturnType<typeof setInterval>|undefined} */
    let counting;

    const mayTry = () => {
      clearInterval(counting);
      counting = undefined;
      button.disabled = false;
      button.textContent = "Sign in";
    };

    for (const hint of this.querySelectorAll("button[data-email]")) {
      hint.addEventListener("click", () => {
        email.value = hint.getAttribute("data-email") ?? "";
        password.value = hint.getAttribute("data-password") ?? "";
        if (counting) mayTry();
        button.focus();
      });
    }
    // The wait may be that of one person, and somebody else's turn has come.
    email.addEventListener("input", () => {
      if (counting) mayTry();
    });

    /**
     * @param {(string|HTMLElement)[]} words
     * @param {HTMLInputElement} field
     */
    const refuse = (words, field) => {
      problem.replaceChildren(...words);
      problem.hidden = false;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      field.select();
    };

    /**
     * Seen, the wait counts down on the button; read out, it is told once.
     *
     * @param {number} seconds
     */
    const waitFor = (seconds) => {
      const until = Date.now() + seconds * 1000;
      const tick = () => {
        const left = Math.ceil((until - Date.now()) / 1000);
        if (left > 0) {
          button.textContent = `Sign in again in ${countdown(left)}`;
        } else {
          mayTry();
          problem.textContent = "You can try again now.";
        }
      };
      button.disabled = true;
      counting = setInterval(tick, 250);
      tick();
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      problem.hidden = true;
      for (const field of [email, password]) field.removeAttribute("aria-invalid");
      if (!email.value.trim()) return refuse(["Enter your email address."], email);
      if (!password.value) return refuse(["Enter your password."], password);
      button.disabled = true;
      button.textContent = "Signing in…";
      try {
        await post("login", { email: email.value.trim(), password: password.value });
        location.reload();
      } catch (error) {
        mayTry();
        if (error instanceof ApiError && error.code === "too_many" && error.wait > 0) {
          refuse(
            ["Too many tries.", make("span", { class: "visually-hidden" }, ` ${error.message}`)],
            password,
          );
          return waitFor(error.wait);
        }
        const wrong = error instanceof ApiError && error.code === "wrong_credentials";
        refuse([wrong ? "Email or password is wrong." : inWords(error)], wrong ? password : email);
      }
    });
    email.focus();
  }
}

customElements.define("staff-login", StaffLogin);
