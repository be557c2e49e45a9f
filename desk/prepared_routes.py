"""The agents' decisions on changes that the bot prepared."""

from __future__ import annotations

from actions.context.source import Shop
from bot.approval import approve, decline
from desk import shapes
from desk.conversation_routes import Nothing, detail_of
from desk.routes import Call, Route


class PreparedRoutes:
    """`shop` is where an approved change is made."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def table(self) -> list[Route]:
        one = "/conversations/{id}/prepared/{prepared_id}"
        detail = shapes.ConversationDetail
        return [
            Route(
                "POST",
                f"{one}/approve",
                "agent",
                "Make a change that the bot prepared",
                self.approve,
                Nothing,
                answer=detail,
            ),
            Route(
                "POST",
                f"{one}/decline",
                "agent",
                "Decide that a prepared change is not made",
                self.decline,
                Nothing,
                answer=detail,
            ),
        ]

    async def approve(self, call: Call) -> shapes.ConversationDetail:
        await approve(call.services, self._shop, *_ids(call), call.staff)
        return await detail_of(call.services, call.request.match_info["id"])

    async def decline(self, call: Call) -> shapes.ConversationDetail:
        await decline(call.services, *_ids(call), call.staff)
        return await detail_of(call.services, call.request.match_info["id"])


def _ids(call: Call) -> tuple[str, str]:
    return call.request.match_info["id"], call.request.match_info["prepared_id"]
