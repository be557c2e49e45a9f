"""A conversation's automated decisions, read from what its turns kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.conversation import Conversation
from bot.decisions.explanation import Explanation, Fact
from bot.decisions.facts import facts_of
from bot.decisions.lines import of_line
from bot.decisions.verdict import verdict
from bot.records import AuditEntry, AuditFilter, Effect, Handoff, Message, Turn
from bot.store.database import UnitOfWork

MOST_EFFECTS, MOST_OFFERS = 1000, 200
HANDED_OFF = "handoff_requested"
_BECAME = {
    "offer.declined": "declined",
    "offer.missed": "not answered in time",
    "offer.withdrawn": "withdrawn, for they were gone",
}


async def decisions_of(
    uow: UnitOfWork, conversation: Conversation, *, after: int, limit: int
) -> tuple[list[Explanation], int | None]:
    """Those of up to `limit` turns after the line of that number, in the order of the transcript,
    and the number to go on after; None where that was all."""
    turns = await uow.turns.of_conversation(conversation.id, after=after, limit=limit)
    last = turns[-1].seq if len(turns) == limit else None
    lines = await uow.messages.around(
        conversation.id, [turn.id for turn in turns], after=after, until=last
    )
    by_themselves = [line for line in lines if last is None or line.seq <= last]
    told = [*await _of_turns(uow, conversation.id, turns, lines), *map(of_line, by_themselves)]
    return sorted((one for one in told if one), key=lambda one: one.seq), last


async def decision_behind(uow: UnitOfWork, message: Message) -> Explanation | None:
    """The one that this line of a transcript came of; None for what a person wrote or did."""
    turn_id = message.turn_id
    if message.data.get("event") == HANDED_OFF:
        handoffs = await uow.handoffs.all_of(message.conversation_id)
        turn_id = next((h.turn_id for h in handoffs if h.requested_at == message.created_at), None)
    # A customer's message of a turn is what was decided about, and a returned one has a turn.
    turn = await uow.turns.get(turn_id) if turn_id is not None else None
    if turn is None or turn.state == "pending":
        return of_line(message)
    lines = await uow.messages.around(
        message.conversation_id, [turn.id], after=turn.seq, until=message.seq
    )
    (told,) = await _of_turns(uow, message.conversation_id, [turn], lines)
    return told


async def _of_turns(
    uow: UnitOfWork, conversation_id: str, turns: Sequence[Turn], lines: Sequence[Message]
) -> list[Explanation]:
    effects = await uow.effects.recent(conversation_id, limit=MOST_EFFECTS)
    handoffs = {one.turn_id: one for one in await uow.handoffs.all_of(conversation_id)}
    offered = await uow.audit_log.page(
        AuditFilter(actions=("offer",), conversation_id=conversation_id),
        before=None,
        limit=MOST_OFFERS,
    )
    names = {user.id: user.name for user in await uow.staff.everybody()}
    return [
        _of_turn(
            turn,
            handoffs.get(turn.id),
            [effect for effect in reversed(effects) if effect.turn_id == turn.id],
            lines,
            _offers(offered[::-1], handoffs.get(turn.id), names),
        )
        for turn in turns
    ]


def _of_turn(
    turn: Turn,
    handoff: Handoff | None,
    effects: Sequence[Effect],
    lines: Sequence[Message],
    offers: tuple[Fact, ...],
) -> Explanation:
    said = verdict(turn, handoff, changed=sum(effect.state == "done" for effect in effects))
    return Explanation(
        id=turn.id,
        kind="turn",
        at=turn.finished_at or turn.created_at,
        seq=turn.seq,
        decided=said.decided,
        summary=said.summary,
        why=said.why,
        rule=said.rule,
        model=turn.model,
        recorded=turn.decision is not None,
        facts=(*facts_of(turn, effects), *offers),
        turn_id=turn.id,
        message_id=turn.message_id,
        lines=tuple(line.id for line in lines if _came_of(line, turn, handoff)),
    )


def _came_of(line: Message, turn: Turn, handoff: Handoff | None) -> bool:
    if line.data.get("event") == HANDED_OFF:
        return handoff is not None and line.created_at == handoff.requested_at
    return line.turn_id == turn.id and line.author != "customer"


def _offers(
    lines: Sequence[AuditEntry], handoff: Handoff | None, names: Mapping[str, str]
) -> tuple[Fact, ...]:
    """Whom the hand-off was offered to, by what, and what became of it."""
    if handoff is None:
        return ()
    ended = {line.subject: _BECAME[line.action] for line in lines if line.action in _BECAME}
    until = handoff.closed_at
    return tuple(
        Fact("Offered to", _offer(line, names, ended.get(line.subject)))
        for line in lines
        if line.action == "offer.made"
        and line.created_at >= handoff.requested_at
        and (until is None or line.created_at <= until)
    )


def _offer(line: AuditEntry, names: Mapping[str, str], became: str | None) -> str:
    by, agent = line.details, str(line.details["agent"])
    known = "whom the customer knows; " if by["known"] else ""
    return (
        f"{names.get(agent, 'an agent')} ({known}room for {by['room']}, of {by['of']} who could"
        f" take them){': ' + became if became else ''}"
    )
