"""What a turn decided, and why, in a sentence each. Pure.

Everything is read from the turn's own record (bot.assistant.deciding): the rules that hold today
say nothing of a turn of yesterday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.abuse.limits import AbuseLimits
from bot.assistant.reply import NOT_UNDERSTOOD, OUT_OF_SCOPE
from bot.decisions.explanation import in_words, percent
from bot.handoff_request import REASONS
from bot.records import Handoff, Turn

UNRECORDED = (
    "This turn was taken before Warmline kept its reasons: what it left behind is all there is."
)
ABOUT_SIGNAL, WHAT_ELSE = "utter_ask_about_", "utter_what_else"
MISSED, FINISHED = "utter_not_understood", "action_finish_request"
QUOTED, ASKED_WHICH = "action_answer_from_knowledge", "utter_ask_which"
# By what the requests' engine waits for; else "it asked for" and the detail's name.
_AWAITED = {
    "order": "which order it is about",
    "postcode": "the postcode of an order, as a proof of who writes",
    "email": "the account's e-mail address, as a proof of who writes",
    "code": "the code that was mailed, as a proof of who writes",
}
_TROUBLES = {
    "shop_unavailable": "the shop's system did not answer",
    "unverified": "who writes could not be proven",
    "no_orders": "there is no order it could be about",
}

# By why a turn was not taken: the two sentences, and what decided it.
_DROPPED = {
    "folded": (
        "The bot answered this together with what was written after it.",
        "So many messages waited at once that they are one turn: it answers the last of them, with"
        " the others in mind.",
        f"{AbuseLimits().folded_from} or more waiting messages are one turn",
    ),
    "blocked": (
        "The bot did not answer this message.",
        "An agent blocked whoever sent it before its turn came.",
        "the list of blocked senders",
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` names what decided: a trigger, a policy, or Warmline itself."""

    decided: str
    summary: str
    why: str
    rule: str


def verdict(turn: Turn, handoff: Handoff | None, *, changed: int) -> Verdict:
    """Of a turn that has ended; `changed` counts what it changed in the shop."""
    record = turn.decision or {}
    if turn.state == "dropped" and turn.error in _DROPPED:
        return Verdict("dropped", *_DROPPED[turn.error])
    if turn.state == "dropped":
        return Verdict(
            "dropped", "Nothing was to follow.", "It was taken back, or dropped.", "Warmline"
        )
    if turn.error is not None and turn.outcome in (None, "failed", "handed_off"):
        why = f"Every try at an answer failed ({turn.error}), so a person was called."
        return Verdict("failed", "The bot apologised and called a person.", why, "Warmline")
    if turn.outcome == "observed":
        why = "A person had the conversation. The bot reads along for the log and answers nothing."
        return Verdict("observed", "The bot only read this.", why, "the conversation's owner")
    if turn.outcome == "handed_off":
        return _handed_off(turn, handoff, record)
    if turn.outcome == "resumed":
        why = "An agent gave the conversation back, so the bot took up what it had open."
        return Verdict("resumed", "The bot went on.", why, "Warmline")
    if not record.get("steps"):
        return _unrecorded(turn)
    return _answered(turn, record, changed=changed)


def _handed_off(turn: Turn, handoff: Handoff | None, record: Mapping[str, Any]) -> Verdict:
    reason = turn.reason or (handoff.reason if handoff else "rule")
    trigger = record.get("trigger") or {}
    words = REASONS.get(reason, in_words(reason))
    evidence = handoff.evidence if handoff else ""
    rule = f"trigger {reason}"
    if trigger.get("rule"):
        rule = f"{rule}, “{trigger['rule']}” in handoff.yml"
    elif not trigger and record:
        rule = f"{_policy(record)}, or an action that failed" if record.get("steps") else "Warmline"
    why = f"{words}. {evidence}".strip()
    return Verdict("handed_off", "The bot called a person.", why, rule)


def _answered(turn: Turn, record: Mapping[str, Any], *, changed: int) -> Verdict:
    policy = _policy(record)
    actions = [step["action"] for step in record["steps"]]
    asked = next((one for one in actions if one.startswith(ABOUT_SIGNAL)), None)
    if changed:
        many = "something" if changed == 1 else f"{changed} things"
        why = f"{_read(turn, record)} The customer said yes, or what was asked for needs no yes."
        return Verdict("changed", f"The bot changed {many} in the shop.", why, policy)
    if ASKED_WHICH in actions and record.get("choice"):
        one, other = (in_words(each) for each in record["choice"])
        why = f"{_too_unsure(record)} These two were the likeliest."
        return Verdict("asked_which", f"The bot asked: {one}, or {other}?", why, policy)
    if asked is not None:
        kind = in_words(asked.removeprefix(ABOUT_SIGNAL))
        why = f"{_too_unsure(record)} The shop had just reported this of the customer."
        return Verdict(
            "asked_about_signal", f"The bot asked whether it is about {kind}.", why, policy
        )
    if QUOTED in actions:
        return _quoted(record, policy)
    step = record.get("request")
    if any(one.startswith(MISSED) for one in actions):
        why = _foreign(record) if turn.intent == OUT_OF_SCOPE else _too_unsure(record)
        summary = "The bot said that it did not understand, and asked again."
        return Verdict("asked_again", summary, why, policy)
    if step is not None and not record.get("pressed") and step.get("trouble"):
        why = f"{_read(turn, record)} It could not go on: {_TROUBLES[step['trouble']]}."
        return Verdict("stopped", "The bot could not finish the request.", why, policy)
    if step is not None and (step.get("proposed") or step.get("awaiting")):
        return _asked(turn, record, step, policy)
    if turn.intent == OUT_OF_SCOPE:
        return Verdict(
            "out_of_scope", "The bot said that it cannot help.", _foreign(record), policy
        )
    if turn.outcome == "misunderstood" or turn.intent in NOT_UNDERSTOOD:
        return Verdict("asked_again", "The bot asked for other words.", _too_unsure(record), policy)
    return Verdict("answered", "The bot answered.", _read(turn, record), policy)


def _asked(turn: Turn, record: Mapping[str, Any], step: Mapping[str, Any], policy: str) -> Verdict:
    if step.get("proposed") and step.get("awaiting") in (None, "confirm"):
        name = in_words(step["proposed"])
        why = f"{_read(turn, record)} A change is read back before it is made."
        return Verdict("proposed", f"The bot offered a change ({name}) and asked.", why, policy)
    wanted = _AWAITED.get(step["awaiting"], in_words(str(step["awaiting"])))
    why = f"{_read(turn, record)} The request ({in_words(step['intent'] or '')}) needs it."
    # Asked in between, and answered before the open question was put again.
    answered = any(one["action"] == FINISHED for one in record["steps"])
    summary = f"The bot {'answered, and ' if answered else ''}asked for {wanted}."
    return Verdict("asked_detail", summary, why, policy)


def _quoted(record: Mapping[str, Any], policy: str) -> Verdict:
    found = record.get("knowledge") or {}
    article, score, least = (found.get(name) for name in ("article", "score", "threshold"))
    why = "The message was no request that the bot knows, and an article answers it."
    if score is not None and least is not None:
        why += f" It scored {score:.2f}, and {least:.2f} is enough."
    return Verdict("quoted", f"The bot quoted the article “{article}”.", why, policy)


def _read(turn: Turn, record: Mapping[str, Any]) -> str:
    if record.get("pressed"):
        return (
            f"The customer pressed a button for “{in_words(turn.intent or '')}”: that is certain."
        )
    bound = record.get("bound") or {}
    if turn.intent is None or turn.intent in NOT_UNDERSTOOD:
        return "It was taken as an answer to what the bot had asked."
    sure = percent(turn.confidence or 0.0)
    read = f"Understood as “{in_words(turn.intent)}”, {sure} sure"
    if bound.get("confidence") is None:
        return f"{read}."
    return f"{read}; the bot answers from {percent(bound['confidence'])}."


def _too_unsure(record: Mapping[str, Any]) -> str:
    bound = record.get("bound") or {}
    if "confidence" not in bound:
        return "The bot was not sure what was meant."
    if bound["confidence"] is None:
        return "No bound can be promised for what this may be, so it was not simply answered."
    return f"The bot was less sure than the {percent(bound['confidence'])} it answers from."


def _foreign(record: Mapping[str, Any]) -> str:
    scope = record.get("out_of_scope") or {}
    if scope.get("score") is None:
        return "It is unlike anything the bot was taught."
    return (
        f"It is unlike anything the bot was taught: {scope['score']:.1f},"
        f" and from {scope['threshold']:.1f} on a message is refused."
    )


def _policy(record: Mapping[str, Any]) -> str:
    """Which policy chose the first action that was the answer, as Rasa calls it."""
    names = [step["policy"] for step in record.get("steps") or () if step["policy"]]
    return names[0] if names else "an action of the bot's"


def _unrecorded(turn: Turn) -> Verdict:
    read = f" It was read as “{in_words(turn.intent)}”." if turn.intent else ""
    return Verdict("answered", "The bot answered.", f"{UNRECORDED}{read}", "not recorded")
