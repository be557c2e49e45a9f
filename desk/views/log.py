"""What was made of a message, and what was given up on, as the API shows them."""

from __future__ import annotations

from bot import records
from bot.clock import iso
from desk import shapes


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
