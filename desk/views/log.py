"""What was made of a message, and what was given up on, as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot import records
from bot.clock import iso
from bot.store.database import UnitOfWork
from desk import shapes
from desk.views.names import People, people


def turn(row: records.Turn) -> shapes.Turn:
    return shapes.Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        text=row.text,
        intent=row.intent,
        confidence=row.confidence,
        ranking=[shapes.Ranked(**ranked) for ranked in row.ranking],
        entities=[shapes.Entity(**entity) for entity in row.entities],
        outcome=row.outcome or "failed",
        reason=row.reason,
        actions=[run["action"] for run in row.actions],
        channel=row.channel,
        model=row.model,
        created_at=iso(row.created_at),
        duration_ms=row.duration_ms,
    )


async def logged_turns(uow: UnitOfWork, rows: Sequence[records.Turn]) -> list[shapes.LoggedTurn]:
    """The turns with what leads said of them."""
    given = await uow.labels.of_turns([row.id for row in rows])
    names = await people(uow, ())
    return [
        shapes.LoggedTurn(**turn(row).dict(), labels=given_labels(given.get(row.id, ()), names))
        for row in rows
    ]


def given_labels(labels: Iterable[records.Label], names: People) -> list[shapes.GivenLabel]:
    return [
        shapes.GivenLabel(by=by.name, intent=label.intent)
        for label in labels
        if (by := names.agent(label.user_id)) is not None
    ]


def dead_letter(row: records.DeadLetter) -> shapes.DeadLetter:
    return shapes.DeadLetter(
        id=row.id,
        kind=row.kind,
        conversation_id=row.conversation_id,
        channel=row.channel,
        state=row.state,
        error=row.error,
        attempts=row.attempts,
        text=row.text,
        author=row.author,
        created_at=iso(row.created_at),
    )
