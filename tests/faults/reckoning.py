"""What became of everything that was said: read from the database, the provider and the bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import messages, outbox, turns
from tests.faults.crowd import WANTED, Said
from tests.provider import FakeProvider

PUSHED = ("acme", "blind")
# Handed to a person: the answer is that one comes, or theirs.
HANDED_OVER = ("handed_off", "observed")


@dataclass(frozen=True, slots=True)
class Books:
    """Rows that matter, by what they are of."""

    said: Mapping[str, Any]  # the customer's message, by the customer's id for it
    turns: Mapping[str, Any]  # by message
    answers: Mapping[str, list[Any]]  # lines of the bot, by the message they answer
    outbox: Mapping[str, Any]  # by message

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way any more; what cannot be looked for stays unknown."""
        sent = [item for item in self.outbox.values() if item.channel in PUSHED]
        return all(turn.state != "pending" for turn in self.turns.values()) and all(
            item.state == "sent" or (item.state == "unknown" and item.channel == "blind")
            for item in sent
        )


async def books(database_url: str) -> Books:
    """As they are now."""
    database = Database(database_url)
    try:
        async with database.reader.connect() as connection:
            lines = (await connection.execute(sa.select(messages))).all()
            taken = (await connection.execute(sa.select(turns))).all()
            items = (await connection.execute(sa.select(outbox))).all()
    finally:
        await database.aclose()
    answers: dict[str, list[Any]] = {}
    for line in lines:
        if line.author == "bot" and line.in_reply_to:
            answers.setdefault(line.in_reply_to, []).append(line)
    return Books(
        # The widget's ids have its address in front.
        said={
            line.external_id.rpartition(":")[2]: line for line in lines if line.author == "customer"
        },
        turns={turn.message_id: turn for turn in taken},
        answers=answers,
        outbox={item.message_id: item for item in items},
    )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How many of each. Where a person has taken over, fewer refunds than wanted are not wrong:
    then they decide."""

    messages: int
    lost: int
    doubled_turns: int
    handed_over: int
    dead_letters: int
    refunds_wanted: int
    refunds_made: int
    refunds_wrong: int
    sends: int
    sends_lost: int
    sends_doubled: int
    sends_unknown: int
    sends_reconciled: int


def reckon(
    found: Books,
    said: Iterable[Said],
    providers: Collection[FakeProvider],
    refunds: Counter[str],
) -> Reckoning:
    """Add it all up."""
    all_said = list(said)
    known = [(one, found.said[one.id]) for one in all_said if one.id in found.said]
    answers = {row.id: len(found.answers.get(row.id, ())) for _, row in known}
    ended = {row.id: found.turns[row.id] for _, row in known}
    over = {id_ for id_, turn in ended.items() if turn.outcome in HANDED_OVER}
    wanted = {row.id: WANTED[one.text] for one, row in known}
    wrong = [id_ for id_ in wanted if refunds[id_] != wanted[id_]]
    taken = Counter(call.reference for each in providers for call in each.taken)
    pushed = {id_: item for id_, item in found.outbox.items() if item.channel in PUSHED}
    looks = {reference for each in providers for reference in each.looks}
    unknown = [id_ for id_, item in pushed.items() if item.state == "unknown"]
    return Reckoning(
        messages=len(all_said),
        lost=len(all_said)
        - sum(answers[row.id] > 0 or ended[row.id].outcome == "observed" for _, row in known),
        doubled_turns=sum(count > 1 for count in answers.values()),
        handed_over=len(over),
        dead_letters=sum(turn.state == "dead" for turn in ended.values()),
        refunds_wanted=sum(count for id_, count in wanted.items() if id_ not in over),
        refunds_made=sum(count for id_, count in refunds.items() if id_ not in over),
        refunds_wrong=sum(id_ not in over or refunds[id_] > wanted[id_] for id_ in wrong),
        sends=len(pushed),
        sends_lost=sum(not taken[id_] for id_, item in pushed.items() if item.state == "sent"),
        sends_doubled=sum(taken[id_] > 1 for id_ in pushed),
        sends_unknown=len(unknown),
        sends_reconciled=len(looks & set(pushed)),
    )
