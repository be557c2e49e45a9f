"""What a model would do with a message, given where the conversation stands: nothing is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.assistant.reply import NOT_UNDERSTOOD, OUT_OF_SCOPE
from bot.assistant.triggers import (
    Standing,
    Trigger,
    certain_trigger,
    reading_of,
    uncertain_trigger,
)
from bot.rules import Rules

# `form`: whatever was read, an open form takes the message as an answer to its question.
Kind = Literal["answers", "article", "asks", "hands_off", "form"]
ASKED_FOR = "customer_asked"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done: it answers `intents` (two when a message asks for two things), or quotes an
    article, asks or refuses, or hands off with `reason`.

    `guess` and `confidence` are the likeliest request, for whoever reads the report. Two decisions
    that do the same are the same, whatever was guessed.
    """

    kind: Kind
    intents: tuple[str, ...] = ()
    reason: str | None = None
    guess: str | None = None
    confidence: float | None = None

    def same_as(self, other: Decision) -> bool:
        """Whether the customer would see the same."""
        return (self.kind, self.intents) == (other.kind, other.intents)

    def right(self, truth: str, rules: Rules) -> bool:
        """Whether a message about `truth` is served: answered as that, refused where nothing else
        is right, or given to the person it asked for."""
        if truth == OUT_OF_SCOPE:
            return self.kind != "answers"
        if truth in rules.triggers.asked.intents and self.reason == ASKED_FOR:
            return True
        return self.kind == "answers" and truth in self.intents


def decide(
    parsed: Mapping[str, Any], text: str, standing: Standing, rules: Rules, *, in_form: bool
) -> Decision:
    """As HandoffPolicy decides; what no trigger takes, the project's rules answer."""
    intent = (parsed.get("intent") or {}).get("name")
    reading = reading_of(parsed, text=text, intent=intent)
    guess, confidence = reading.ranking[0] if reading.ranking else (None, None)

    def made(kind: Kind, intents: tuple[str, ...] = (), reason: str | None = None) -> Decision:
        return Decision(kind, intents, reason, guess, confidence)

    trigger = certain_trigger(reading, standing, rules)
    if trigger is not None:
        return made("hands_off", reason=trigger.reason)
    if in_form:
        return made("form")
    if reading.known:
        return made("article")
    uncertain = uncertain_trigger(reading, standing, rules)
    if isinstance(uncertain, Trigger):
        return made("hands_off", reason=uncertain.reason)
    if intent is None or intent in NOT_UNDERSTOOD:
        return made("asks")
    asked = tuple(str(one["intent"]) for one in parsed.get("requests") or ())
    return made("answers", asked or (intent,))
