"""What a comparison asks both models: plain values, so that a child process can be given them.

Of a long log the newest turns are replayed, because they are what customers write now; but half of
the places go first to the conversations with a label, the newest first, because only where the
truth is known can a turn be fixed or broken. A conversation is taken from its first turn in the
window to its last.

A held-out label that was exported is an example of the project: the next candidate is taught it, so
it judges no longer, and neither do its turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.folding import folded
from bot.learning.lesson import Lesson, Lessons
from bot.learning.training_examples import read_training_examples
from bot.services import Services
from bot.store.past_turns import PastTurn

MOST_TURNS = 20_000
TruthFrom = Literal["label", "wrap_up"]
# Why a message was handed off that was about something: who asks for a person, or is upset, wrote
# of that, and what the agent says the conversation was about is not what those words say.
ABOUT_SOMETHING = frozenset({"low_confidence", "misunderstood", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and what it is about."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A turn as the log has it, and what is known of its truth.

    `pressed` is a button rather than words. `taught` says that the candidate learnt from this
    text: being right about it proves nothing.
    """

    id: str
    conversation_id: str
    channel: str
    text: str
    intent: str | None
    outcome: str
    reason: str | None
    actions: tuple[str, ...]
    pressed: bool
    truth: str | None = None
    truth_from: TruthFrom | None = None
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """Held-out labels, the turns to replay (each conversation's in order) and the must-pass
    examples."""

    held_out: tuple[Asked, ...] = ()
    turns: tuple[LoggedTurn, ...] = ()
    must_pass: tuple[Asked, ...] = ()


async def logged_for(services: Services, lessons: Lessons, *, most: int = MOST_TURNS) -> Logged:
    """Read what a candidate that is taught these lessons is to be asked."""
    every = sorted((*lessons.taught, *lessons.held_out), key=lambda one: one.labelled_at)
    labelled = {turn_id: one.intent for one in every for turn_id in one.turn_ids}
    async with services.database.read() as uow:
        newest = await uow.past_turns.newest(most)
        known = await uow.past_turns.beside(list(reversed(labelled)), most // 2)
        past = _chosen(known, newest, most)
        asking = {turn.conversation_id for turn in past if turn.reason in ABOUT_SOMETHING}
        wrapped_up = await uow.past_turns.wrapped_up(asking)
        must_pass = await uow.must_pass.all()
    turns, held_out = await asyncio.to_thread(
        _judged_by, services.rules_file.parent, lessons, past, _truths(past, labelled, wrapped_up)
    )
    return Logged(
        held_out=held_out,
        turns=turns,
        must_pass=tuple(Asked(one.text, one.intent) for one in must_pass),
    )


def _judged_by(
    root: Path,
    lessons: Lessons,
    past: Sequence[PastTurn],
    truths: Mapping[str, tuple[str, TruthFrom]],
) -> tuple[tuple[LoggedTurn, ...], tuple[Asked, ...]]:
    """The turns to replay, and the held-out labels. Blocks: it reads the project's examples."""
    examples = {folded(one.text) for one in read_training_examples(root / "data")}
    taught, judging = list(lessons.taught), list[Lesson]()
    for one in lessons.held_out:
        (taught if folded(one.text) in examples else judging).append(one)
    taught_texts = {folded(one.text) for one in taught}
    taught_turns = {turn_id for one in taught for turn_id in one.turn_ids}
    turns = tuple(
        LoggedTurn(
            id=turn.id,
            conversation_id=turn.conversation_id,
            channel=turn.channel,
            text=turn.text,
            intent=turn.intent,
            outcome=turn.outcome,
            reason=turn.reason,
            actions=tuple(str(run.get("action")) for run in turn.actions),
            pressed=turn.pressed,
            truth=truths.get(turn.id, (None, None))[0],
            truth_from=truths.get(turn.id, (None, None))[1],
            taught=turn.id in taught_turns or folded(turn.text) in taught_texts,
        )
        for turn in past
    )
    return turns, tuple(Asked(one.text, one.intent) for one in judging)


def _chosen(known: Iterable[PastTurn], newest: Iterable[PastTurn], most: int) -> list[PastTurn]:
    """At most `most` turns, each conversation's together and in order."""
    taken = {turn.id: turn for turn in known}
    for turn in newest:
        if len(taken) == most:
            break
        taken[turn.id] = turn
    return sorted(taken.values(), key=lambda turn: (turn.conversation_id, turn.seq))


def _truths(
    past: Iterable[PastTurn],
    labelled: dict[str, str],
    wrapped_up: dict[str, tuple[str, datetime]],
) -> dict[str, tuple[str, TruthFrom]]:
    """A label; or else, for the message that brought the agent in, what they say it was about."""
    truths: dict[str, tuple[str, TruthFrom]] = {}
    brought_in: dict[str, str] = {}
    for turn in past:
        if turn.id in labelled:
            truths[turn.id] = labelled[turn.id], "label"
        said = wrapped_up.get(turn.conversation_id)
        if said and turn.reason in ABOUT_SOMETHING and turn.created_at <= said[1]:
            brought_in[turn.conversation_id] = turn.id
    for conversation_id, turn_id in brought_in.items():
        truths.setdefault(turn_id, (wrapped_up[conversation_id][0], "wrap_up"))
    return truths
