"""What a turn writes down before it goes on, so that the next try need not do it again.

Everything else of a turn is one commit at its end. A change outside (bot.records.Effect) is written
down before it is made and again when its result is known; and what was understood is saved with the
first of them, so that a second try acts on the same reading.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from actions.context import model
from actions.effects import Intent
from bot.abuse.guessing import may_guess
from bot.abuse.limits import AbuseLimits
from bot.assistant.reply import Understanding
from bot.auditing import audit
from bot.case import Case
from bot.change_words import name_of
from bot.clock import now
from bot.errors import StaleOwner
from bot.limits import Limits
from bot.records import Effect
from bot.signals import for_actions
from bot.store.database import Database, UnitOfWork
from bot.store.signals import BY_REFERENCE


class Ledger:
    """One try's record, kept under the turn's lease and its conversation's owner.

    `sender` is whom guesses are counted for. `lost` says why nothing may be written any more; Rasa
    swallows what an action raises, so whoever runs the turn has to look.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits,
        case: Case,
        token: str,
        *,
        model: str,
        sender: str,
        abuse: AbuseLimits,
    ) -> None:
        self.lost: StaleOwner | None = None
        self._database = database
        self._limits = limits
        self._sender = sender
        self._abuse = abuse
        self._case = case
        self._token = token
        self._model = model
        self._reading: tuple[dict[str, Any], Understanding] | None = None

    def read(self, parsed: dict[str, Any], understanding: Understanding) -> None:
        """What this try goes by. It is saved with the first change: most turns make none, and
        another try may read their message anew."""
        self._reading = (parsed, understanding)

    async def save_reading(self) -> None:
        """Save it now. Raises StaleOwner or LeaseLost when the turn is no longer ours."""
        if self._reading is not None:
            await self.set_out()

    async def set_out(self) -> None:
        """The same before a change of which nothing is written down."""
        async with self._ours():
            pass

    async def intend(
        self, key: str, action: str, ordinal: int, arguments: Mapping[str, Any]
    ) -> Intent:
        """Write down that the change is about to be made, and say what is known of it."""
        async with self._ours() as uow:
            known = await uow.effects.get(key)
            if known is not None:
                return Intent(known.state, known.result)
            effect = Effect(
                key=key,
                conversation_id=self._case.conversation.id,
                customer_id=self._case.conversation.customer_id,
                turn_id=self._case.turn.id,
                action=action,
                ordinal=ordinal,
                arguments=dict(arguments),
                state="intended",
                result=None,
                created_at=now(),
                finished_at=None,
            )
            await uow.effects.add(effect)
            # As everywhere, the line stands with the change: an intent that was never finished is
            # one of which nobody knows whether it was made.
            await self._note(uow, "effect.intended", key, {"change": name_of(effect)})
            return Intent("new")

    async def finish(self, key: str, result: Any) -> None:
        """Write down what came of the change; it was made, whoever owns the conversation by now."""
        async with self._database.write() as uow:
            await uow.effects.finish(key, result, at=now())
            refused = result.get("refused") if isinstance(result, Mapping) else None
            await self._note(uow, "effect.finished", key, {"refused": refused})

    async def signals(self, reference: str) -> list[model.Signal]:
        """What the customer with this reference just did or met, as far as it was reported."""
        async with self._database.read() as uow:
            found = await uow.signals.of([(BY_REFERENCE, reference)], at=now())
        return [for_actions(each) for each in found]

    async def may_guess(self, secret: str, *, right: bool) -> bool:
        """Whether a guess at what only one person should know is heard (bot.abuse.guessing)."""
        return await may_guess(self._limits, self._abuse, secret, self._sender, right=right)

    async def _note(
        self, uow: UnitOfWork, action: str, key: str, details: Mapping[str, Any]
    ) -> None:
        await audit(
            uow,
            action,
            key,
            by=None,
            actor="bot",
            conversation_id=self._case.conversation.id,
            details={**details, "turn": self._case.turn.id},
        )

    @asynccontextmanager
    async def _ours(self) -> AsyncIterator[UnitOfWork]:
        """Write while the turn is ours, and save its reading by the way."""
        async with self._database.write() as uow:
            await self._check(uow)
            if self._reading is not None:
                await uow.turns.understood(self._case.turn.id, *self._reading, model=self._model)
            yield uow
        self._reading = None  # not before: a commit that failed has saved nothing

    async def _check(self, uow: UnitOfWork) -> None:
        try:
            await uow.leases.check(self._case.conversation, self._token)
        except StaleOwner as error:
            self.lost = error
            raise
