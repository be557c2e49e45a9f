"""What a customer who waits is told: their place, how long it may take, when somebody is back.

Nothing is guessed. The estimate is what three of four really waited in that queue in the last
hours; without enough of them, with no agent there, or once it was wrong for this customer, there
is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import iso
from bot.conversation import Conversation
from bot.queues import Queue
from bot.records import Handoff, Message
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.transcript import add_message

LATELY = timedelta(hours=3)
FEWEST_WAITS = 5
MOST_WAITS = 50
SHARE = 0.75
FEW_MINUTES = timedelta(minutes=5)
LONGEST_SAID = timedelta(hours=2)  # beyond it the figure says more about the past than about now


@dataclass(frozen=True, slots=True)
class Outlook:
    """`position` is 1 for who is served next; `back_at` is when the team is there again, None
    while it is, and then `estimate` may say how long it takes."""

    position: int
    estimate: timedelta | None
    back_at: datetime | None


async def outlook(uow: UnitOfWork, rules: Rules, handoff: Handoff, *, at: datetime) -> Outlook:
    """What is known of this customer's wait."""
    queue = rules.queue(handoff.queue)
    position = 1 + await uow.handoffs.ahead_of(handoff)
    if not queue.is_open(at):
        return Outlook(position, None, queue.opens_at(at))
    present = await uow.agents.present(at=at)
    if not any(handoff.queue in rules.queues_of(agent) for agent in present):
        return Outlook(position, None, None)
    waits = await uow.handoffs.waits(handoff.queue, since=at - LATELY, limit=MOST_WAITS)
    return Outlook(position, _estimate(waits, at - handoff.queued_at), None)


def _estimate(waits: list[timedelta], waited: timedelta) -> timedelta | None:
    if len(waits) < FEWEST_WAITS:
        return None
    usual = sorted(waits)[int(SHARE * (len(waits) - 1))]
    # Who waits longer than most did is not told the same again.
    return usual if waited <= usual <= LONGEST_SAID else None


async def announce_wait(
    uow: UnitOfWork, rules: Rules, conversation: Conversation, handoff: Handoff, *, at: datetime
) -> Message | None:
    """Tell the customer what is known, in a line of the transcript; nothing where nothing is."""
    seen = await outlook(uow, rules, handoff, at=at)
    words = in_words(seen, rules.queue(handoff.queue), at=at)
    if words is None:
        return None
    message, _ = await add_message(
        uow,
        conversation,
        author="system",
        text=words,
        data={
            "event": "waiting",
            "position": seen.position,
            "back_at": iso(seen.back_at) if seen.back_at else None,
        },
        at=at,
    )
    return message


def in_words(seen: Outlook, queue: Queue, *, at: datetime) -> str | None:
    """The line for the customer, None when it would say nothing they can rely on."""
    if not queue.is_open(at):
        back = _when(seen.back_at, queue, at) if seen.back_at else None
        there = f"Nobody is here right now; we are back {back}." if back else "Nobody is here now."
        return (
            f"{there} Your conversation is kept, and you will be among the first. You can stay"
            " here, or write an e-mail address or a phone number where we can reach you."
        )
    if seen.estimate is None:
        return None
    ahead = seen.position - 1
    place = "You are next." if ahead == 0 else f"You are number {seen.position} in the queue."
    return f"{place} Lately it took {_span(seen.estimate)}."


def _span(estimate: timedelta) -> str:
    if estimate <= timedelta(minutes=1):
        return "less than a minute"
    if estimate <= FEW_MINUTES:
        return "a few minutes"
    minutes = -(-int(estimate.total_seconds()) // 300) * 5
    return f"up to {minutes} minutes"


def _when(moment: datetime, queue: Queue, at: datetime) -> str:
    """The moment on the team's own clock: it may not be the customer's."""
    if queue.hours is None:
        raise ValueError("a queue without hours is always there")
    zone = ZoneInfo(queue.hours.time_zone)
    there, today = moment.astimezone(zone), at.astimezone(zone).date()
    days = (there.date() - today).days
    day = {0: "today", 1: "tomorrow"}.get(
        days, f"{there:%A}" if days < 7 else f"on {there.day} {there:%B}"
    )
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{day} at {there:%H:%M} ({place} time)"
