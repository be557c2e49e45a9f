"""Dead letters: a person decides what becomes of a turn or a delivery that was given up.

Nothing leaves the list by itself. Whoever decides is named in a private line of the transcript, and
of two who decide at once the second is told what the first did.
"""

from __future__ import annotations

import textwrap
from typing import Literal

from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, NotFound, WarmlineError
from bot.events import Event
from bot.ownership import lock_conversation, publish
from bot.records import DeadLetter, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

Decision = Literal["resent", "dropped"]

QUOTED = 60
LINES = {
    ("turn", "resent"): "gave the bot a message again that it had failed at",
    ("turn", "dropped"): "dropped a message that the bot had failed at",
    ("delivery", "resent"): "resent a message that was not known to have arrived",
    ("delivery", "dropped"): "dropped a message that was not known to have arrived",
}


async def resend(services: Services, letter_id: str, user: User) -> None:
    """Try it again from the start: a turn under whoever owns the conversation now, a delivery to
    the address it was meant for. Raises NotFound, and Conflict when it is not given up any more."""
    letter = await _decide(services, letter_id, user, "resent")
    if letter.kind == "turn":
        await services.queue.ring(letter.conversation_id)


async def drop(services: Services, letter_id: str, user: User) -> None:
    """Let nothing follow; its row and text stay. Raises as `resend` does."""
    await _decide(services, letter_id, user, "dropped")


async def _decide(services: Services, letter_id: str, user: User, decision: Decision) -> DeadLetter:
    async with services.database.write() as uow:
        letter = await _existing(uow, letter_id)
        # Locked first, as everywhere: the line's place in the transcript needs it anyway.
        conversation = await lock_conversation(uow, letter.conversation_id)
        at = now()
        if decision == "resent":
            is_first = await uow.dead_letters.resend(letter, at=at)
        else:
            is_first = await uow.dead_letters.drop(letter)
        if not is_first:
            raise await _too_late(uow, letter_id)
        await audit(
            uow,
            f"dead_letter.{decision}",
            letter.id,
            by=user.id,
            conversation_id=letter.conversation_id,
            at=at,
            details={"kind": letter.kind},
        )
        quoted = textwrap.shorten(letter.text, QUOTED, placeholder="…")
        line, _ = await add_message(
            uow,
            conversation,
            author="system",
            agent=user,
            text=f"{user.name} {LINES[letter.kind, decision]}"
            + (f": “{quoted}”" if quoted else "."),
            private=True,
            data={"event": f"letter_{decision}", "letter_id": letter.id},
            at=at,
        )
    await publish(services, letter.conversation_id, line, owner_changed=False)
    await services.bus.publish(Event("dead_letter", letter.conversation_id))
    return letter


async def _existing(uow: UnitOfWork, letter_id: str) -> DeadLetter:
    letter = await uow.dead_letters.get(letter_id)
    if letter is None:
        raise NotFound("There is no such message on the list of what was given up.")
    return letter


async def _too_late(uow: UnitOfWork, letter_id: str) -> WarmlineError:
    """Who was first, as the transcript tells, and what the state is by now."""
    letter = await _existing(uow, letter_id)
    lines = await uow.messages.transcript(letter.conversation_id)
    decided = next((x for x in reversed(lines) if x.data.get("letter_id") == letter_id), None)
    if decided is None:
        words = f"This was not given up on: it is '{letter.state}'."
    else:
        decision = decided.data["event"].removeprefix("letter_")
        words = f"{decided.author_name} has already {decision} it: it is '{letter.state}' now."
    return Conflict(words, code="wrong_state", detail={"state": letter.state})
