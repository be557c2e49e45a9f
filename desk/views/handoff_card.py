"""A hand-off's card, and what stands on it."""

from __future__ import annotations

from typing import Any

from actions.contact import phone_text
from bot import change_words, records
from bot.clock import iso, iso_or_none, now
from bot.mood import Mood
from bot.signals import signals_of
from bot.store.database import UnitOfWork
from desk import shapes
from desk.views.names import People
from desk.views.queue import place, reason

RESULTS = {"made": "ok", "refused": "refused", "unknown": "unknown"}
# Cards of earlier versions do not say where a value is from.
UNTRACED = {"message_id": None, "settable": True}


def signal(row: records.Signal) -> shapes.Signal:
    return shapes.Signal(id=row.id, kind=row.kind, at=iso(row.at), about=row.about)


async def signals(
    uow: UnitOfWork, customer_id: str, handoff: records.Handoff | None
) -> list[shapes.Signal]:
    """What the customer did lately: what leads, then the newest."""
    return [signal(row) for row in await signals_of(uow, customer_id, handoff, at=now())]


def prepared(row: dict[str, Any]) -> shapes.Prepared:
    known = {name: row[name] for name in shapes.Prepared.__fields__ if name in row}
    return shapes.Prepared(**known, outcome=change_words.decision_in_words(row))


def change(row: records.Effect) -> shapes.Change:
    result = row.result if isinstance(row.result, dict) else {}
    by = row.arguments.get("by") or {}
    return shapes.Change(
        name=change_words.name_of(row),
        text=change_words.in_words(row),
        state=change_words.state_of(row),
        outcome=change_words.outcome_of(row),
        by=by.get("name") or "Bot",
        how=by.get("how"),
        reference=result.get("reference"),
        before=result.get("before") or {},
        after=result.get("after") or {},
        turn_id=row.turn_id,
        at=iso(row.finished_at or row.created_at),
    )


def who_is(
    handoff: records.Handoff, customer: shapes.Person, verification: shapes.Verification
) -> shapes.Who:
    return shapes.Who(
        name=customer.name,
        level=verification.level,
        how=verification.how,
        proof=handoff.card.get("proof"),
    )


def _callback(asked: dict[str, Any] | None) -> shapes.Callback | None:
    return shapes.Callback(**asked, text=phone_text(asked["number"])) if asked else None


def card(
    handoff: records.Handoff,
    names: People,
    effects: list[records.Effect],
    *,
    signals: list[shapes.Signal],
    who: shapes.Who,
    moods: list[Mood],
    offer: records.Offer | None,
) -> shapes.Card:
    # Read now, not kept with the card: a turn that lost the conversation may have been at work.
    changes = [
        shapes.Tried(
            action=change_words.in_words(effect),
            result=RESULTS[change_words.state_of(effect)],
            detail=change_words.outcome_of(effect),
            about=None,
        )
        for effect in reversed(effects)
        if not change_words.is_by_agent(effect)
    ]
    return shapes.Card(
        **place(handoff, names, offer),
        id=handoff.id,
        state=handoff.state.value,
        reason=reason(handoff.reason),
        evidence=handoff.evidence,
        requested_at=iso(handoff.requested_at),
        accepted_at=iso_or_none(handoff.accepted_at),
        agent=names.agent(handoff.agent_id),
        signals=signals,
        who=who,
        mood=[
            shapes.Mood(message_id=one.message_id, level=one.level, score=one.score)
            for one in moods
        ],
        contact=handoff.card.get("contact"),
        callback=_callback(handoff.card.get("callback")),
        lost=shapes.Lost(**handoff.card["lost"]) if "lost" in handoff.card else None,
        wants=shapes.Wish(**handoff.card["wants"]),
        # Cards of earlier versions prepared nothing.
        prepared=[prepared(each) for each in handoff.card.get("prepared", ())],
        collected=[shapes.Collected(**{**UNTRACED, **fact}) for fact in handoff.card["collected"]],
        tried=[
            *(shapes.Tried(**{"about": None, **each}) for each in handoff.card["tried"]),
            *changes,
        ],
        turn_id=handoff.turn_id,
    )
