// @ts-check
/** What a lead changes of somebody in the team: what they serve, and whether they may at all. */

import { make } from "../staff/element.js";
import { openFormDialog } from "../staff/form_dialog.js";
import { skillsIn } from "./team_words.js";

/** @typedef {import("./team_words.js").Member} Member */
/** @typedef {import("./team_words.js").QueueLine} QueueLine */
/** @typedef {{queues: string[], skills: string[], capacity: number}} Serving */

/**
 * @param {object} options
 * @param {Member} options.member
 * @param {readonly QueueLine[]} options.queues
 * @param {(serving: Serving) => Promise<void>} options.submit
 */
export function openServingDialog({ member, queues, submit }) {
  const boxes = queues.map(({ id }) =>
    make("input", { type: "checkbox", value: id, checked: member.queues.includes(id) })
  );
  const skills = make("input", { id: "serving-skills", value: member.skills.join(", ") });
  const capacity = make("input", {
    id: "serving-capacity",
    type: "number",
    min: "1",
    max: "50",
    required: true,
    value: member.capacity,
  });
  openFormDialog({
    title: `What ${member.name} serves`,
    confirm: "Save",
    content: [
      make(
        "fieldset",
        { class: "serving-queues" },
        make("legend", null, "Queues (none chosen: all of them)"),
        ...queues.map(({ name, skills: needs }, index) =>
          make(
            "label",
            { class: "way" },
            boxes[index],
            make(
              "span",
              null,
              make("b", null, name),
              needs.length > 0
                ? make("span", { class: "quiet" }, `Needs ${needs.join(", ")}`)
                : null,
            ),
          )
        ),
      ),
      make(
        "label",
        { for: "serving-skills", class: "serving-label" },
        "Skills, with commas between them",
      ),
      skills,
      make("label", { for: "serving-capacity", class: "serving-label" }, "Conversations at once"),
      capacity,
    ],
    submit: () =>
      submit({
        queues: boxes.filter((box) => box.checked).map((box) => box.value),
        skills: skillsIn(skills.value),
        capacity: Number(capacity.value),
      }),
  });
}

/**
 * @param {object} options
 * @param {Member} options.member
 * @param {() => Promise<void>} options.submit
 */
export function openRevokeDialog({ member, submit }) {
  const has = member.load === 1 ? "1 conversation goes" : `${member.load} conversations go`;
  openFormDialog({
    title: `End the account of ${member.name}?`,
    confirm: "End account",
    content: [
      make("p", null, "They are signed out and cannot sign in again. What they wrote stays."),
      member.load > 0
        ? make("p", null, `Their ${has} back into the queue, to be served first.`)
        : null,
    ],
    submit,
  });
}
