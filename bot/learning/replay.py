"""Logged turns, read anew by the live model and by a candidate, each with its own thresholds.

A conversation is replayed in its logged order and under its logged history: how many messages in a
row were not understood is what the log says. The first turn at which the two would do something
different ends its replay; what the customer wrote after that answered the one, and nobody knows
what they would have written to the other. Those turns are counted, and judged no more.

Not every turn depends on what was read:
- a pressed button is certain, and a message that a person answered was not the bot's to answer:
  neither is asked about;
- while a form asks for something, its question decides what the message is taken for. Only what
  brings a person in whatever was asked (a word, a topic, anger) can still make a difference. That a
  form was open is seen by the actions of the bot's turn before: the last was a form's question or
  validation.

What the log does not hold counts for neither: slots (rules of `handoff.yml` that name one), and
what the customer had just met in the shop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Any, Literal

from bot.assistant.reply import OUT_OF_SCOPE, as_read
from bot.assistant.triggers import Standing
from bot.learning.decision import Decision, decide
from bot.learning.logged import LoggedTurn
from bot.rules import Rules

# `changed`: they differ, and the truth is not known, or neither serves it.
Verdict = Literal["fixed", "broken", "changed", "same"]
Parse = Callable[[str], dict[str, Any]]
FORM_ACTIONS = ("action_ask_", "validate_")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A turn with both decisions, and which of them is right as far as the truth is known."""

    turn: LoggedTurn
    old: Decision
    new: Decision
    verdict: Verdict
    old_right: bool | None
    new_right: bool | None


@dataclass(slots=True)
class Replay:
    """All turns that were judged, and how many were not: `pressed`, `with_a_person`, `in_a_form`,
    `after_a_divergence`."""

    judged: list[Replayed] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def replay(
    turns: Iterable[LoggedTurn],
    old: Parse,
    new: Parse,
    rules: Rules,
    progress: Callable[[int], None] = lambda done: None,
) -> Replay:
    """Replay conversations whose turns stand together and in order."""
    found = Replay()
    conversations = groupby(turns, key=lambda turn: turn.conversation_id)
    each = (_conversation(of_one, old, new, rules, found) for _, of_one in conversations)
    for done, judged in enumerate(chain.from_iterable(each), 1):
        if judged is not None:
            found.judged.append(judged)
        progress(done)
    return found


def is_asked(turn: LoggedTurn) -> bool:
    """Whether what a model reads in it can make a difference."""
    return not turn.pressed and turn.outcome != "observed"


def _conversation(
    turns: Iterator[LoggedTurn], old: Parse, new: Parse, rules: Rules, found: Replay
) -> Iterator[Replayed | None]:
    past = _Past()
    diverged = False
    for turn in turns:
        judged = None
        if turn.outcome == "observed":
            found.left_out["with_a_person"] += 1
        elif turn.pressed:
            found.left_out["pressed"] += 1
        elif diverged:
            found.left_out["after_a_divergence"] += 1
        else:
            standing, read = past.standing(turn), as_read(turn.text)
            decisions = [
                decide(parse(read), turn.text, standing, rules, in_form=past.in_form)
                for parse in (old, new)
            ]
            if {one.kind for one in decisions} == {"form"}:
                found.left_out["in_a_form"] += 1
            else:
                judged = _judged(turn, decisions[0], decisions[1], rules)
                diverged = judged.verdict != "same"
            past.asked_which = decisions[0].kind == "asks" and turn.outcome == "misunderstood"
        past.add(turn)
        yield judged


@dataclass(slots=True)
class _Past:
    """What the log says of the turns before."""

    misunderstood: int = 0
    out_of_scope: int = 0
    asked_which: bool = False
    in_form: bool = False

    def standing(self, turn: LoggedTurn) -> Standing:
        """With the turn itself counted, as if it were not understood either."""
        return Standing(
            channel=turn.channel,
            misunderstood=self.misunderstood + 1,
            out_of_scope=self.out_of_scope + 1,
            asked_which=self.asked_which,
        )

    def add(self, turn: LoggedTurn) -> None:
        if turn.outcome == "misunderstood" and not self.in_form:
            self.misunderstood += 1
            self.out_of_scope = self.out_of_scope + 1 if turn.intent == OUT_OF_SCOPE else 0
        else:
            self.misunderstood, self.out_of_scope, self.asked_which = 0, 0, False
        if turn.outcome == "handed_off":
            self.in_form = False
        elif turn.outcome != "observed":
            last = turn.actions[-1] if turn.actions else ""
            self.in_form = last.startswith(FORM_ACTIONS)


def _judged(turn: LoggedTurn, old: Decision, new: Decision, rules: Rules) -> Replayed:
    old_right = new_right = None
    if turn.truth is not None:
        old_right, new_right = old.right(turn.truth, rules), new.right(turn.truth, rules)
    verdict: Verdict
    if old.same_as(new):
        verdict = "same"
    elif old_right == new_right:
        verdict = "changed"
    else:
        verdict = "fixed" if new_right else "broken"
    return Replayed(turn, old, new, verdict, old_right, new_right)
