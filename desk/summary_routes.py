"""What the customer said, in three lines of their own; the card need not wait for it."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.handoff_request import NOT_WISHES
from bot.services import Services
from bot.summary import Embed, Line, summary_of
from desk import shapes
from desk.conversation_routes import existing
from desk.routes import Call, Route

READ_BACK = 400  # lines


class SummaryRoutes:
    """`embed` gives sentences as vectors of meaning; it computes."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/conversations/{id}/summary",
                "agent",
                "The customer's sentences that say most, three at most",
                self.summary,
                answer=shapes.Summary,
            )
        ]

    async def summary(self, call: Call) -> shapes.Summary:
        lines = await self._lines(call.services, call.request.match_info["id"])
        items = [
            shapes.SummaryLine(message_id=one.message_id, text=one.text, why=one.why)
            for one in lines
        ]
        return shapes.Summary(items=items, next=None)

    async def _lines(self, services: Services, conversation_id: str) -> list[Line]:
        async with services.database.read() as uow:
            row = existing(await uow.conversations.get(conversation_id))
            handoff = (await uow.handoffs.latest([row.id])).get(row.id)
            transcript = await uow.messages.transcript(row.id, private=False, limit=READ_BACK)
            turns = await uow.turns.recent(row.id, limit=READ_BACK)
        talk = {turn.message_id for turn in turns if turn.intent in NOT_WISHES}
        wish = handoff.card["wants"]["message_id"] if handoff else None
        choose = partial(summary_of, transcript, wish=wish, talk=talk, embed=self._embed)
        return await asyncio.to_thread(choose)
