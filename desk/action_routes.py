"""Next best action: what an agent can do for the customer with one click."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel, Field, StrictStr

from actions.context.source import Shop
from bot.next_actions import act, next_actions
from desk.routes import Call, Route


class NextAction(BaseModel):
    """`will` is what the customer would be asked before it, with its amounts; `why`, where there is
    one, what takes it beyond what the bot may do alone. `fields` are filled in first. `version`
    stands for all of this, and goes back with the confirmation."""

    name: str
    title: str
    will: str | None
    why: str | None
    fields: list[str]
    version: str


class NextActions(BaseModel):
    """What the hand-off is about comes first. `error` where the shop did not answer."""

    items: list[NextAction]
    next: str | None = None
    error: str | None


class Doing(BaseModel):
    """The same `id` again does nothing twice. `version` is that of what was read back: if something
    else would be done by now, or `fields` were filled in since, the answer is 409 `changed` with
    the action as it is now in `detail`."""

    id: StrictStr = Field(min_length=1, max_length=100)
    version: StrictStr = Field(min_length=1, max_length=100)
    fields: dict[StrictStr, StrictStr] = Field(default_factory=dict)


class Acted(BaseModel):
    """What came of it, and what the customer can be told if it was made."""

    made: bool
    outcome: str
    draft: str | None


class ActionRoutes:
    """`shop` is where it is done."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def table(self) -> list[Route]:
        every = "/conversations/{id}/actions"
        return [
            Route(
                "GET",
                every,
                "agent",
                "What can be done for the customer now",
                self.offered,
                answer=NextActions,
            ),
            Route(
                "POST",
                f"{every}/{{name}}",
                "agent",
                "Do one of them, under one's own name",
                self.act,
                body=Doing,
                answer=Acted,
            ),
        ]

    async def offered(self, call: Call) -> NextActions:
        found = await next_actions(call.services, self._shop, call.request.match_info["id"])
        away = None if found is not None else "The shop's system does not answer right now."
        items = [NextAction(**asdict(each)) for each in found or ()]
        return NextActions(items=items, error=away)

    async def act(self, call: Call) -> Acted:
        told = call.request.match_info
        acted = await act(
            call.services,
            self._shop,
            told["id"],
            told["name"],
            call.staff,
            action_id=call.body.id,
            version=call.body.version,
            filled=call.body.fields,
        )
        return Acted(**asdict(acted))
