// @ts-check
/** What an admin decides: who is there, in which role, and with what programs get in. */

import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { ROLES, SCOPES } from "./access_words.js";

/** @typedef {import("./access_words.js").Person} Person */
/** @typedef {import("./access_words.js").Role} Role */

/** @param {(person: {email: string, name: string, role: string}) => Promise<void>} submit */
export function openPersonDialog(submit) {
  const name = make("input", { id: "person-name", required: true, maxlength: "200" });
  const email = make("input", { id: "person-email", type: "email", required: true });
  const roles = choices("radio", Object.entries(ROLES), ["agent"]);
  openFormDialog({
    title: "Add somebody",
    confirm: "Add",
    content: [
      label("person-name", "Name, as customers and colleagues read it"),
      name,
      label("person-email", "Email"),
      email,
      fieldset("Role", roles),
    ],
    submit: () =>
      submit({ name: name.value, email: email.value.trim(), role: roles.chosen()[0] ?? "" }),
  });
  name.focus();
}

/**
 * @param {Person} person
 * @param {(role: string) => Promise<void>} submit
 */
export function openRoleDialog(person, submit) {
  const people = Object.entries(ROLES).filter(([role]) => role !== "program");
  const roles = choices("radio", people, [person.role]);
  openFormDialog({
    title: `The role of ${person.name}`,
    confirm: "Save",
    content: [
      fieldset("Role", roles),
      make("p", { class: "quiet" }, "They are signed out, and sign in again in their new role."),
    ],
    submit: () => submit(roles.chosen()[0] ?? person.role),
  });
}

/**
 * The present password, and twice the new one.
 *
 * @param {string} email whose it is, for what keeps passwords
 * @param {(change: {current: string, new: string}) => Promise<void>} submit
 */
export function openPasswordDialog(email, submit) {
  /** @param {string} id @param {string} autocomplete */
  const field = (id, autocomplete) =>
    make("input", { id, type: "password", autocomplete, required: true, maxlength: "200" });
  const current = field("password-current", "current-password");
  const wish = field("password-new", "new-password");
  const again = field("password-again", "new-password");
  const compare = () =>
    again.setCustomValidity(wish.value === again.value ? "" : "The two new ones are not the same.");
  for (const one of [wish, again]) one.addEventListener("input", compare);
  openFormDialog({
    title: "Change your password",
    confirm: "Change it",
    content: [
      make("input", { type: "hidden", autocomplete: "username", value: email }),
      label("password-current", "Your present password"),
      current,
      label("password-new", "The new one: 10 characters or more"),
      wish,
      label("password-again", "The new one again"),
      again,
      make("p", { class: "quiet" }, "You are signed out everywhere but here."),
    ],
    submit: () => submit({ current: current.value, new: wish.value }),
  });
  current.focus();
}

/**
 * @param {readonly Person[]} programs that it may be made for; without any it is one's own
 * @param {readonly string[]} scopes
 * @param {(wish: {name: string, scopes: string[], days: number, user_id: string|null}) => Promise<void>} submit
 */
export function openTokenDialog(programs, scopes, submit) {
  const name = make("input", { id: "token-name", required: true, maxlength: "60" });
  const days = make("input", {
    id: "token-days",
    type: "number",
    min: "1",
    max: "365",
    required: true,
    value: "90",
  });
  const owner = make(
    "select",
    { id: "token-owner" },
    make("option", { value: "" }, "Me"),
    ...programs.map((one) => make("option", { value: one.id }, one.name)),
  );
  const known = Object.entries(SCOPES).filter(([scope]) => scopes.includes(scope));
  const wished = choices("checkbox", known, ["read"]);
  openFormDialog({
    title: "New API token",
    confirm: "Make it",
    content: [
      label("token-name", "What it is for"),
      name,
      programs.length > 0
        ? label("token-owner", "Whose it is: it may never do more than they may")
        : null,
      programs.length > 0 ? owner : null,
      fieldset("Good for", wished),
      label("token-days", "Days until it ends"),
      days,
    ],
    submit: () =>
      submit({
        name: name.value,
        scopes: wished.chosen(),
        days: Number(days.value),
        user_id: owner.value || null,
      }),
  });
  name.focus();
}

/**
 * What is told once: a link, or a token.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.words
 * @param {string} options.secret
 * @param {() => void} options.closed
 */
export function showOnce({ title, words, secret, closed }) {
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "once-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "once-title" }, title),
      make("p", null, words),
      make("code", { class: "access-secret", tabindex: "0" }, secret),
      make(
        "div",
        { class: "dialog-buttons" },
        make("button", { class: "button primary" }, "I have kept it"),
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {string} title
 * @param {string} words
 * @param {string} confirm
 * @param {() => Promise<void>} submit
 */
export function openEndDialog(title, words, confirm, submit) {
  openFormDialog({ title, confirm, content: [make("p", null, words)], submit });
}

/**
 * @param {"radio"|"checkbox"} type
 * @param {[string, string][]} offered
 * @param {readonly string[]} chosen
 */
function choices(type, offered, chosen) {
  const boxes = offered.map(([value]) =>
    make("input", { type, name: "choice", value, checked: chosen.includes(value) })
  );
  const ways = offered.map(([value, words], index) =>
    make(
      "label",
      { class: "way" },
      boxes[index],
      make("span", null, make("b", null, value), make("span", { class: "quiet" }, words)),
    )
  );
  return { ways, chosen: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

/**
 * @param {string} legend
 * @param {{ways: HTMLElement[]}} offered
 */
function fieldset(legend, { ways }) {
  return make("fieldset", { class: "access-choices" }, make("legend", null, legend), ...ways);
}

/**
 * @param {string} id
 * @param {string} words
 */
const label = (id, words) => make("label", { for: id, class: "access-label" }, words);
