"""Who else has a conversation open: pages tell each other, in every process, over the event bus.

Nothing is stored, so nothing has to be cleaned up: a page says what it shows when that changes and
every few seconds, and one that says nothing any more, because its process died, is forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, Field, StrictBool, StrictStr

from bot.clock import new_id
from bot.events import Event, EventBus
from bot.records import User

AGAIN_SECONDS = 15.0
FORGOTTEN_SECONDS = 40.0


class Looking(BaseModel):
    """What a page shows: a conversation or none, and whether its agent is writing in it."""

    conversation_id: StrictStr | None = Field(default=None, max_length=100)
    writing: StrictBool = False


class Colleague(BaseModel):
    """Somebody else of the staff who has the same conversation open."""

    id: str
    name: str
    writing: bool


@dataclass(frozen=True, slots=True)
class _Heard:
    colleague: Colleague
    until: float


@dataclass(slots=True)
class Page:
    """One open page of `user`: what it shows, and who else shows the same."""

    bus: EventBus
    user: User
    clock: Callable[[], float] = time.monotonic
    id: str = field(default_factory=new_id)
    shown: Looking = field(default_factory=Looking)
    _others: dict[str, _Heard] = field(default_factory=dict)  # by the id of their page

    async def show(self, now: Looking) -> None:
        """Tell the others; those who show the same answer."""
        before, self.shown = self.shown, now
        moved = before.conversation_id != now.conversation_id
        if moved:
            self._others.clear()
            await self._say(before, here=False)
        if moved or before.writing != now.writing:
            await self._say(now, here=True, asks=moved)

    async def say_again(self, *, asks: bool = False) -> None:
        """Still here; `asks` the others to say so too, when something may have been missed."""
        await self._say(self.shown, here=True, asks=asks)

    async def leave(self) -> None:
        await self.show(Looking())

    def concerns(self, event: Event) -> bool:
        """Whether another page speaks of the conversation that is shown here."""
        shown_here = event.conversation_id == self.shown.conversation_id
        return event.type == "looking" and shown_here and event.data["page"] != self.id

    async def hear(self, event: Event) -> None:
        """Take in what another page says, and answer when it asks."""
        if not self.concerns(event):
            return  # it was sent before this page moved on
        said = event.data
        if said["here"]:
            colleague = Colleague(id=said["user_id"], name=said["name"], writing=said["writing"])
            self._others[said["page"]] = _Heard(colleague, self.clock() + FORGOTTEN_SECONDS)
        else:
            self._others.pop(said["page"], None)
        if said["asks"]:
            await self.say_again()

    def colleagues(self) -> list[Colleague]:
        """Everybody else once, however many pages they have open."""
        at = self.clock()
        found: dict[str, Colleague] = {}
        for one in (heard.colleague for heard in self._others.values() if heard.until > at):
            known = found.get(one.id)
            if one.id != self.user.id and (known is None or one.writing):
                found[one.id] = one
        return sorted(found.values(), key=lambda one: (one.name, one.id))

    async def _say(self, what: Looking, *, here: bool, asks: bool = False) -> None:
        if what.conversation_id is None:
            return
        data = {
            "page": self.id,
            "user_id": self.user.id,
            "name": self.user.name,
            "writing": what.writing,
            "here": here,
            "asks": asks,
        }
        await self.bus.publish(Event("looking", what.conversation_id, data))
