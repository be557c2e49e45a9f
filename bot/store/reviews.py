"""Reviews: which logged messages a lead is to look at, in groups, the most worth it first.

Whoever changes which of them wait holds a lock on their turns, taken at once in the order of their
ids: a group's sums are then moved by exactly what changed, whoever else is at it. All moves of a
transaction come together at its end, likewise in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import now
from bot.readable import DELETED
from bot.records import HandoffState, Turn
from bot.store.tables import (
    handoffs,
    labels,
    messages,
    review_cursor,
    review_groups,
    reviews,
    turns,
    wrap_ups,
)
from bot.store.values import values_of

MOST_MEMBERS = 200  # of a group, at once
# A turn may be committed a little after one that finished later.
OVERLAP = timedelta(minutes=1)
Move = tuple[str, int, float]  # a group, and by how many members and how much weight
_NONE: Mapping[str, bytes] = MappingProxyType({})

_CURRENT = labels.c.undone_at.is_(None)
_IS_LABELLED = sa.exists().where(labels.c.turn_id == reviews.c.turn_id, _CURRENT)
_BOTH = labels.alias()
# Not taken back as a slip: who says something else takes their label back at that very moment.
_MEANT = sa.or_(
    _CURRENT,
    sa.exists().where(
        _BOTH.c.turn_id == labels.c.turn_id,
        _BOTH.c.user_id == labels.c.user_id,
        _BOTH.c.created_at == labels.c.undone_at,
    ),
)
# What the assistant worked out on the way is nothing to the inbox, and most of a turn's bytes.
_WORKINGS: Mapping[str, Any] = MappingProxyType(
    {"parsed": None, "ranking": [], "entities": [], "actions": [], "decision": None}
)
_TURN = [column for column in turns.c if column.name not in _WORKINGS]
_WITH_TURNS = sa.select(
    *(column.label(f"review_{column.name}") for column in reviews.c), *_TURN
).join(turns, turns.c.id == reviews.c.turn_id)
_CHANGE = (
    reviews.update()
    .where(reviews.c.turn_id == sa.bindparam("turn"))
    .values({name: sa.bindparam(name) for name in ("fate", "said", "weight")})
)


@dataclass(frozen=True, slots=True)
class Review:
    """A logged message as the inbox counts it; see the table."""

    turn_id: str
    conversation_id: str
    customer_id: str
    seq: int
    group_id: str
    weight: float
    waiting: bool
    sampled: bool
    second: bool
    fate: str | None
    said: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that say the same: how many wait, the newest of them, and what an agent said that
    one of these is about."""

    id: str
    waiting: int
    turn_ids: list[str]
    said: str | None


class Reviews:
    """Reads and writes `reviews`, `review_groups` and `review_cursor`. The turns it finds come
    without what the assistant worked out on the way, unless they are to be shown."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, turn_ids: Collection[str]) -> list[Turn]:
        """Those of these finished turns that were not taken back, with nobody else labelling or
        deleting them until the end."""
        rows = await self._connection.execute(
            sa.select(*_TURN)
            .where(turns.c.id.in_(turn_ids), turns.c.state == "done", turns.c.text != DELETED)
            .order_by(turns.c.id)
            .with_for_update()
        )
        return [Turn(**row._mapping, **_WORKINGS) for row in rows]

    async def settle(self, turn_ids: Collection[str]) -> None:
        """After labels were given or taken back: what has one waits no more. Lock them first."""
        rows = await self._connection.execute(
            sa.select(reviews, _IS_LABELLED.label("labelled")).where(
                reviews.c.turn_id.in_(turn_ids)
            )
        )
        moved = [row for row in rows if row.waiting == bool(row.labelled)]
        for waiting in (True, False):
            ids = [row.turn_id for row in moved if row.waiting is not waiting]
            if ids:
                await self._connection.execute(
                    reviews.update().where(reviews.c.turn_id.in_(ids)).values(waiting=waiting)
                )
        await self._move(
            (row.group_id, -1 if row.waiting else 1, row.weight) for row in moved if row.weight
        )

    async def forget(self, turn_ids: sa.Select[Any]) -> None:
        """The customer took the message back: it leaves the inbox, and what it meant its group."""
        deleted = await self._connection.execute(
            reviews.delete().where(reviews.c.turn_id.in_(turn_ids)).returning(reviews)
        )
        rows = deleted.all()
        await self._move(
            (row.group_id, -1, row.weight) if row.waiting and row.weight else (row.group_id, 0, 0.0)
            for row in rows
        )
        # Whose of the group's messages it was made of is not known.
        await self._connection.execute(
            review_groups.update()
            .where(review_groups.c.id.in_([row.group_id for row in rows]))
            .values(meaning=None)
        )

    async def unread(self, *, limit: int) -> tuple[int, datetime, list[Turn]]:
        """The cursor's version and time, and the next finished turns that are in no group yet:
        what customers wrote themselves, without presses of buttons."""
        cursor = (await self._connection.execute(sa.select(review_cursor))).one()
        since = cursor.finished_at - OVERLAP
        rows = await self._connection.execute(
            sa.select(*_TURN)
            .join(messages, messages.c.id == turns.c.message_id)
            .where(
                turns.c.state == "done",
                turns.c.finished_at >= since,
                turns.c.outcome != "resumed",
                turns.c.text != DELETED,
                messages.c.author == "customer",
                messages.c.payload.is_(None),
                ~sa.exists().where(reviews.c.turn_id == turns.c.id),
            )
            .order_by(turns.c.finished_at, turns.c.id)
            .limit(limit)
        )
        read = [Turn(**row._mapping, **_WORKINGS) for row in rows]
        return cursor.version, cursor.finished_at, read

    async def go_on(self, version: int, *, to: datetime) -> bool:
        """Move the cursor, if nobody else has meanwhile; others wait until the transaction ends."""
        moved = await self._connection.execute(
            review_cursor.update()
            .where(review_cursor.c.version == version)
            .values(version=version + 1, finished_at=to)
        )
        return moved.rowcount == 1

    async def go_back(self, *, to: datetime) -> None:
        """Move the cursor before turns that were logged late; what is in a group stays there."""
        earlier = review_cursor.c.finished_at > to
        await self._connection.execute(
            review_cursor.update()
            .where(earlier)
            .values(version=review_cursor.c.version + 1, finished_at=to)
        )

    async def add(self, added: Sequence[Review]) -> list[Move]:
        """Put them down, as waiting unless somebody has labelled them already; what that moves."""
        found = await self._connection.execute(
            sa.select(labels.c.turn_id).where(
                _CURRENT, labels.c.turn_id.in_([one.turn_id for one in added])
            )
        )
        labelled = {row.turn_id for row in found}
        rows = [replace(one, waiting=one.turn_id not in labelled) for one in added]
        await self._connection.execute(reviews.insert(), [values_of(one) for one in rows])
        return [
            (one.group_id, 1, one.weight) if one.waiting else (one.group_id, 0, 0.0)
            for one in rows
            if one.weight
        ]

    async def move(self, moves: Collection[Move], meanings: Mapping[str, bytes] = _NONE) -> None:
        """Make the groups that are missing, and move all; `meanings` are those of groups that
        begin."""
        await self._make_groups({group_id for group_id, *_ in moves}, meanings)
        await self._move(moves)

    async def unsaid(self, conversation_ids: Collection[str]) -> list[tuple[Review, Turn]]:
        """Answers of these conversations that nothing was said to yet, in order."""
        rows = await self._connection.execute(
            _WITH_TURNS.where(
                reviews.c.conversation_id.in_(conversation_ids), reviews.c.fate.is_(None)
            ).order_by(reviews.c.conversation_id, reviews.c.seq)
        )
        return [_with_turn(row) for row in rows]

    async def wrapped_up(self, conversation_ids: Collection[str]) -> dict[str, str]:
        """What agents said that these conversations were about and is not noted yet, by the turn
        of the message that their hand-offs were for."""
        rows = await self._connection.execute(
            sa.select(turns.c.id, wrap_ups.c.intent)
            .join(handoffs, handoffs.c.conversation_id == turns.c.conversation_id)
            .join(wrap_ups, wrap_ups.c.conversation_id == turns.c.conversation_id)
            .where(
                turns.c.conversation_id.in_(conversation_ids),
                handoffs.c.state == HandoffState.RESOLVED,
                handoffs.c.card["wants"]["message_id"].as_string() == turns.c.message_id,
                wrap_ups.c.created_at >= handoffs.c.requested_at,
                wrap_ups.c.intent.is_not(None),
                ~sa.exists().where(reviews.c.turn_id == turns.c.id, reviews.c.said.is_not(None)),
            )
            # The first after the hand-off is the one that ended it: it is written last here.
            .order_by(wrap_ups.c.created_at.desc(), wrap_ups.c.id.desc())
        )
        return {row.id: row.intent for row in rows}

    async def unheard(self, turn_ids: Collection[str]) -> list[tuple[Review, Turn]]:
        """Those of these turns of which it is not noted yet what an agent said."""
        rows = await self._connection.execute(
            _WITH_TURNS.where(reviews.c.turn_id.in_(turn_ids), reviews.c.said.is_(None))
        )
        return [_with_turn(row) for row in rows]

    async def change(self, changed: Collection[tuple[Review, Review]]) -> list[Move]:
        """Write down what was learnt of these, each as it was and as it is: that may make it more
        worth a look; what that moves. Lock them."""
        if changed:
            made = [
                {
                    "turn": after.turn_id,
                    "fate": after.fate,
                    "said": after.said,
                    "weight": after.weight,
                }
                for _, after in changed
            ]
            await self._connection.execute(_CHANGE, made)
        return [
            _move_of(before, after) for before, after in changed if after.weight > before.weight
        ]

    async def open_groups(self, ids: Collection[str]) -> set[str]:
        """Those of these groups that have a message waiting."""
        rows = await self._connection.execute(
            sa.select(review_groups.c.id).where(
                review_groups.c.id.in_(ids), review_groups.c.waiting > 0
            )
        )
        return {row.id for row in rows}

    async def meanings(self, *, limit: int) -> dict[str, bytes]:
        """What the newest groups mean that have a message waiting, by id."""
        rows = await self._connection.execute(
            sa.select(review_groups.c.id, review_groups.c.meaning)
            .where(sa.text("waiting > 0 AND meaning IS NOT NULL"))
            .order_by(review_groups.c.made_at.desc())
            .limit(limit)
        )
        return {row.id: row.meaning for row in rows}

    async def texts(self, turn_ids: Collection[str]) -> dict[str, str]:
        """The words of these turns, by id."""
        rows = await self._connection.execute(
            sa.select(turns.c.id, turns.c.text).where(turns.c.id.in_(turn_ids))
        )
        return {row.id: row.text for row in rows}

    async def groups(self, *, limit: int) -> list[Group]:
        """The inbox's first groups, each with the newest of its members."""
        rows = await self._connection.execute(
            sa.select(review_groups.c.id, review_groups.c.waiting)
            .where(sa.text("waiting > 0"))  # the partial index's own words
            .order_by(review_groups.c.score.desc(), review_groups.c.id.desc())
            .limit(limit)
        )
        groups = rows.all()
        members = await self._members([row.id for row in groups])
        return [
            Group(
                row.id,
                row.waiting,
                [one.turn_id for one in found],
                next((one.said for one in found if one.said is not None), None),
            )
            for row in groups
            if (found := members.get(row.id))
        ]

    async def samples(self, *, limit: int) -> list[str]:
        """Random answered turns that nobody has judged, newest first."""
        rows = await self._connection.execute(
            sa.select(reviews.c.turn_id)
            .where(sa.text("waiting AND sampled"))
            .order_by(reviews.c.turn_id.desc())
            .limit(limit)
        )
        return [row.turn_id for row in rows]

    async def seconds(self, user_id: str, *, limit: int) -> list[str]:
        """Turns that one other lead has labelled and this one is asked about too."""
        theirs = (
            sa.select(labels.c.turn_id)
            .where(_CURRENT, labels.c.turn_id == reviews.c.turn_id)
            .group_by(labels.c.turn_id)
            .having(
                sa.func.count() == 1,
                sa.func.max(labels.c.user_id) != user_id,
                sa.func.count(labels.c.intent) == 1,
            )
        )
        rows = await self._connection.execute(
            sa.select(reviews.c.turn_id)
            .where(sa.text("second AND NOT waiting"), sa.exists(theirs))
            .order_by(reviews.c.turn_id.desc())
            .limit(limit)
        )
        return [row.turn_id for row in rows]

    async def waiting(self) -> int:
        """How many messages are still worth a look."""
        found = await self._connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(review_groups.c.waiting), 0)).where(
                sa.text("waiting > 0")
            )
        )
        return int(found.scalar_one())

    async def judged(self) -> list[tuple[str, str]]:
        """Of each judged sample: what the bot answered to, and what the newest label says."""
        newest = (
            sa.select(sa.func.max(labels.c.id).label("id"))
            .join(reviews, reviews.c.turn_id == labels.c.turn_id)
            .where(_CURRENT, labels.c.intent.is_not(None), sa.text("sampled AND NOT waiting"))
            .group_by(labels.c.turn_id)
            .subquery()
        )
        rows = await self._connection.execute(
            sa.select(turns.c.intent, labels.c.intent.label("truth"))
            .join(labels, labels.c.turn_id == turns.c.id)
            .join(newest, newest.c.id == labels.c.id)
        )
        return [(row.intent or "", row.truth) for row in rows]

    async def pairs(self) -> list[tuple[str, str | None, str | None]]:
        """Each turn that two leads labelled, with both labels, the first one's first."""
        rows = await self._connection.execute(
            sa.select(labels.c.turn_id, labels.c.intent, _BOTH.c.intent.label("other"))
            .join(_BOTH, sa.and_(_BOTH.c.turn_id == labels.c.turn_id, _BOTH.c.id > labels.c.id))
            .where(_CURRENT, _BOTH.c.undone_at.is_(None))
            .order_by(labels.c.turn_id.desc())
        )
        return [(row.turn_id, row.intent, row.other) for row in rows]

    async def first_pairs(self) -> list[tuple[str | None, str | None]]:
        """What the first two leads said first of each turn that two labelled, also where one said
        otherwise later: once they have settled it, they agree about everything."""
        leads = (
            sa.select(labels.c.turn_id)
            .where(_MEANT)
            .group_by(labels.c.turn_id)
            .having(sa.func.count(labels.c.user_id.distinct()) > 1)
        )
        rows = await self._connection.execute(
            sa.select(labels.c.turn_id, labels.c.user_id, labels.c.intent)
            .where(_MEANT, labels.c.turn_id.in_(leads))
            .order_by(labels.c.created_at, labels.c.id)
        )
        first: dict[str, dict[str, str | None]] = defaultdict(dict)
        for row in rows:
            first[row.turn_id].setdefault(row.user_id, row.intent)
        said = (list(by_lead.values()) for by_lead in first.values())
        return [(one, other) for one, other, *_ in said]

    async def labelled(self, user_id: str, *, since: datetime) -> int:
        """How many labels this lead gave since then."""
        found = await self._connection.execute(
            sa.select(sa.func.count()).where(
                _CURRENT, labels.c.user_id == user_id, labels.c.created_at >= since
            )
        )
        return int(found.scalar_one())

    async def turns(
        self, turn_ids: Collection[str]
    ) -> dict[str, tuple[Turn, str | None, str | None]]:
        """These turns with what became of each and what an agent said of it, by id."""
        rows = await self._connection.execute(
            sa.select(turns, reviews.c.fate, reviews.c.said)
            .outerjoin(reviews, reviews.c.turn_id == turns.c.id)
            .where(turns.c.id.in_(turn_ids))
        )
        found = {}
        for row in rows:
            values: Mapping[str, Any] = {c.name: row._mapping[c] for c in turns.c}
            found[row.id] = (Turn(**values), row.fate, row.said)
        return found

    async def _members(self, group_ids: Collection[str]) -> dict[str, list[sa.Row[Any]]]:
        """The newest of each group that wait, newest first."""
        newest = reviews.c.turn_id.desc()
        place = sa.func.row_number().over(partition_by=reviews.c.group_id, order_by=newest)
        ranked = (
            sa.select(reviews.c.group_id, reviews.c.turn_id, reviews.c.said, place.label("place"))
            .where(sa.text("waiting AND weight > 0"), reviews.c.group_id.in_(group_ids))
            .subquery()
        )
        rows = await self._connection.execute(
            sa.select(ranked.c.group_id, ranked.c.turn_id, ranked.c.said)
            .where(ranked.c.place <= MOST_MEMBERS)
            .order_by(ranked.c.turn_id.desc())
        )
        found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
        for row in rows:
            found[row.group_id].append(row)
        return found

    async def _make_groups(self, ids: Collection[str], meanings: Mapping[str, bytes]) -> None:
        """Those that are missing; a follower and an agent's word may be at the same one."""
        at = now()
        is_postgresql = self._connection.dialect.name == "postgresql"
        upsert = postgresql.insert if is_postgresql else sqlite.insert
        for one in sorted(ids):
            values = {"waiting": 0, "score": 0.0, "made_at": at, "meaning": meanings.get(one)}
            insert = upsert(review_groups).values(id=one, **values)
            await self._connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["id"],
                    set_={"made_at": at, "meaning": insert.excluded.meaning},
                    where=insert.excluded.meaning.is_not(None),
                )
            )

    async def _move(self, moves: Iterable[Move]) -> None:
        """Add members and weight to groups, or take them away, in the order of their ids."""
        members: dict[str, int] = defaultdict(int)
        weights: dict[str, float] = defaultdict(float)
        for group_id, number, weight in moves:
            members[group_id] += number
            weights[group_id] += weight if number >= 0 else -weight
        for group_id in sorted(members):
            left = review_groups.c.waiting + members[group_id]
            score = review_groups.c.score + weights[group_id]
            await self._connection.execute(
                review_groups.update()
                .where(review_groups.c.id == group_id)
                # Sums of fractions drift: an empty group starts again from nothing.
                # Its meaning is a message's, which goes with the last of them.
                .values(
                    waiting=left,
                    score=sa.case((left <= 0, 0.0), else_=score),
                    meaning=sa.case((left <= 0, sa.null()), else_=review_groups.c.meaning),
                )
            )


def _move_of(before: Review, after: Review) -> Move:
    if not before.waiting:
        return (before.group_id, 0, 0.0)  # it waits there if its label is undone
    return (before.group_id, 0 if before.weight else 1, after.weight - before.weight)


def _with_turn(row: sa.Row[Any]) -> tuple[Review, Turn]:
    return (
        Review(**{c.name: row._mapping[f"review_{c.name}"] for c in reviews.c}),
        Turn(**{c.name: row._mapping[c] for c in _TURN}, **_WORKINGS),
    )
