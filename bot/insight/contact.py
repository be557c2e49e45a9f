"""A contact: one stretch of a customer's conversation, which itself goes on for years. Pure.

It begins with a customer's message, and ends when an agent resolves it, or when nobody has written
for a day and no person has it or is waited for (ADR 30).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

QUIET = timedelta(hours=24)
BACK_WITHIN = timedelta(days=7)
SATISFIED = 4
# What says nothing of why somebody writes; the names are those of domain.yml.
ABOUT_NOTHING = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "chitchat", "undo"}
    | {"attachment", "contact_human_agent", "contact_customer_service", "nlu_fallback"}
)
THANKS = "thank"
# After these as the last word, silence is no sign that all is well.
UNHAPPY = frozenset(
    {"complaint", "deny", "contact_human_agent", "contact_customer_service"}
    | {"out_of_scope", "nlu_fallback"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript that its customer saw; `event` is what a system line says in code."""

    id: str
    seq: int
    author: str
    text: str
    channel: str
    event: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """What a turn made of the message at `seq`."""

    seq: int
    intent: str | None
    outcome: str | None
    model: str | None
    entities: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """A hand-off's times, and what the customer said of it afterwards."""

    reason: str
    requested_at: datetime
    accepted_at: datetime | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    csat: int | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an agent said of what they resolved."""

    outcome: str
    intent: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """All that is known of one conversation."""

    conversation_id: str
    customer_id: str
    lines: Sequence[Line] = ()
    turns: Sequence[Read] = ()
    handoffs: Sequence[Help] = ()
    verdicts: Sequence[Verdict] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact and what came of it, as of when it was cut.

    `day` is that of its first message in UTC. `is_closed` and `is_ripe` say that it has ended, and
    that the seven days after it have too; `settles_at` is when the next of them comes true.
    `intent`, `model` and `reason` are "" where there is none.
    """

    id: str
    conversation_id: str
    customer_id: str
    day: date
    channel: str
    intent: str
    model: str
    reason: str
    started_at: datetime
    ended_at: datetime
    settles_at: datetime | None
    messages: int
    turns: int
    by_bot: bool
    handed_off: bool
    contained: bool
    confirmed: bool
    assumed: bool
    solved: bool
    asked_twice: bool
    is_closed: bool
    is_ripe: bool
    is_repeat: bool = False
    came_back: bool = False
    wait_seconds: float | None = None
    reply_seconds: float | None = None
    handle_seconds: float | None = None
    csat: int | None = None
    effort: int | None = None


@dataclass(slots=True)
class _Stretch:
    """The lines of one contact, as they are gathered."""

    lines: list[Line]
    ended_at: datetime
    resolved_at: datetime | None = None
    turns: list[Read] = field(default_factory=list)
    handoffs: list[Help] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


def contacts_of(thread: Thread, *, at: datetime) -> list[Contact]:
    """The contacts of a conversation, oldest first; what an agent called spam is none."""
    stretches = _stretches(thread)
    if not stretches:
        return []
    for turn in thread.turns:
        _at_seq(stretches, turn.seq).turns.append(turn)
    for handoff in thread.handoffs:
        _at_time(stretches, handoff.requested_at).handoffs.append(handoff)
    for verdict in thread.verdicts:
        _at_time(stretches, verdict.at).verdicts.append(verdict)
    following = [one.lines[0].at for one in stretches[1:]]
    return [
        _contact(thread, one, then, at=at)
        for one, then in zip(stretches, [*following, None], strict=True)
        if not any(verdict.outcome == "spam" for verdict in one.verdicts)
    ]


def linked(contacts: Iterable[Contact]) -> list[Contact]:
    """The contacts of one person over all channels: which came after another within seven days."""
    ordered = sorted(contacts, key=lambda one: (one.started_at, one.id))
    if not ordered:
        return []
    near = [then.started_at - before.ended_at <= BACK_WITHIN for before, then in pairwise(ordered)]
    return [
        replace(one, is_repeat=repeat, came_back=back)
        for one, repeat, back in zip(ordered, [False, *near], [*near, False], strict=True)
    ]


def _stretches(thread: Thread) -> list[_Stretch]:
    """In the order of the lines' numbers: a clock that was set back cuts nothing."""
    found: list[_Stretch] = []
    for line in sorted(thread.lines, key=lambda one: one.seq):
        current = found[-1] if found else None
        writes = line.author == "customer" and line.event is None
        if writes and (current is None or _is_over(current, line, thread.handoffs)):
            found.append(_Stretch([line], line.at))
            continue
        if current is None or current.resolved_at is not None:
            continue  # a survey, or something said before the customer's first word
        current.lines.append(line)
        current.ended_at = max(current.ended_at, line.at)
        if line.event == "resolved":
            current.resolved_at = line.at
    return found


def _is_over(current: _Stretch, line: Line, handoffs: Sequence[Help]) -> bool:
    if current.resolved_at is not None:
        return True
    return line.at - current.ended_at > QUIET and not any(
        one.requested_at < line.at and (one.closed_at is None or one.closed_at > current.ended_at)
        for one in handoffs
    )


def _at_seq(stretches: list[_Stretch], seq: int) -> _Stretch:
    earlier = [one for one in stretches if one.lines[0].seq <= seq]
    return earlier[-1] if earlier else stretches[0]


def _at_time(stretches: list[_Stretch], at: datetime) -> _Stretch:
    earlier = [one for one in stretches if one.lines[0].at <= at]
    return earlier[-1] if earlier else stretches[0]


def _contact(thread: Thread, one: _Stretch, then: datetime | None, *, at: datetime) -> Contact:
    turns = sorted(one.turns, key=lambda turn: turn.seq)
    handoffs = sorted(one.handoffs, key=lambda each: each.requested_at)
    by_bot = any(turn.outcome not in (None, "observed") for turn in turns)
    handed_off = bool(handoffs)
    contained = by_bot and not handed_off and all(line.author != "agent" for line in one.lines)
    closes_at = one.resolved_at or then
    if closes_at is None and not any(each.closed_at is None for each in handoffs):
        closes_at = one.ended_at + QUIET
    is_closed = closes_at is not None and closes_at <= at
    ripe_at = closes_at + BACK_WITHIN if closes_at is not None else None
    is_ripe = ripe_at is not None and ripe_at <= at
    csat = next((each.csat for each in reversed(handoffs) if each.csat is not None), None)
    effort = next((each.effort for each in reversed(handoffs) if each.effort is not None), None)
    confirmed = is_closed and _is_confirmed(turns, csat)
    last = turns[-1] if turns else None
    ended_well = last is not None and last.outcome == "answered" and last.intent not in UNHAPPY
    return Contact(
        id=one.lines[0].id,
        conversation_id=thread.conversation_id,
        customer_id=thread.customer_id,
        day=one.lines[0].at.date(),
        channel=one.lines[0].channel,
        intent=_intent(one, turns),
        model=next((turn.model for turn in turns if turn.model), ""),
        reason=handoffs[0].reason if handoffs else "",
        started_at=one.lines[0].at,
        ended_at=one.ended_at,
        settles_at=None if is_ripe else ripe_at if is_closed else closes_at,
        messages=sum(line.author == "customer" and line.event is None for line in one.lines),
        turns=len(turns),
        by_bot=by_bot,
        handed_off=handed_off,
        contained=contained and is_closed,
        confirmed=confirmed,
        assumed=is_closed and not confirmed and contained and ended_well,
        solved=is_closed and any(verdict.outcome == "solved" for verdict in one.verdicts),
        asked_twice=_bot_repeats_itself(one.lines) or _customer_repeats_themselves(turns, handoffs),
        is_closed=is_closed,
        is_ripe=is_ripe,
        wait_seconds=_first((each.requested_at, each.accepted_at) for each in handoffs),
        reply_seconds=_first((each.requested_at, each.replied_at) for each in handoffs),
        handle_seconds=_handled(handoffs),
        csat=csat,
        effort=effort,
    )


def _is_confirmed(turns: Sequence[Read], csat: int | None) -> bool:
    """Their rating, or else that the last thing they wrote was thanks."""
    if csat is not None:
        return csat >= SATISFIED
    return bool(turns) and turns[-1].intent == THANKS


def _intent(one: _Stretch, turns: Sequence[Read]) -> str:
    """What the agent said it was about, or else the first thing that was understood of it."""
    said = next((each.intent for each in reversed(one.verdicts) if each.intent), None)
    read = (turn.intent for turn in turns if turn.intent and turn.intent not in ABOUT_NOTHING)
    return said or next(read, "")


def _bot_repeats_itself(lines: Sequence[Line]) -> bool:
    """Whether the bot asked a question in the very words of an earlier one."""
    questions = [
        line.text.strip() for line in lines if line.author == "bot" and line.text.endswith("?")
    ]
    return len(questions) > len(set(questions))


def _customer_repeats_themselves(turns: Sequence[Read], handoffs: Sequence[Help]) -> bool:
    """Whether they wrote to a person the same detail that they had written to the bot."""
    if not handoffs:
        return False
    told: set[tuple[str, str]] = set()
    for turn in turns:
        details = {(str(one.get("entity")), str(one.get("value"))) for one in turn.entities}
        if turn.outcome == "observed" and details & told:
            return True
        if turn.outcome != "observed":
            told |= details
    return False


def _first(times: Iterable[tuple[datetime, datetime | None]]) -> float | None:
    """Seconds between the first two that both happened."""
    return next((_seconds(since, until) for since, until in times if until is not None), None)


def _handled(handoffs: Sequence[Help]) -> float | None:
    spans = [
        _seconds(one.accepted_at, one.closed_at)
        for one in handoffs
        if one.accepted_at is not None and one.closed_at is not None
    ]
    return sum(spans) if spans else None


def _seconds(since: datetime, until: datetime) -> float:
    """Never below nothing, whatever clocks did."""
    return max((until - since).total_seconds(), 0.0)
