"""Views of the log: what a lead narrows it to often enough to keep under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput, NotFound
from bot.records import TurnView, User
from bot.services import Services
from bot.text import clean

LONGEST_NAME = 60
LONGEST_FILTERS = 1000
MOST = 50  # in a menu that is read from above
# Those of the page's address, in its order.
FILTERS = (
    *("q", "intent", "outcome", "reason", "channel", "labelled"),
    *("from", "to", "since", "until"),
)


async def add(services: Services, user: User, name: str, filters: str) -> TurnView:
    """A new one; raise InvalidInput naming the field, or Conflict when the name is taken."""
    view = TurnView(new_id(), user.id, _name(name), _filters(filters), now())
    try:
        async with services.database.write() as uow:
            if len(await uow.turn_views.of_user(user.id)) >= MOST:
                raise Conflict(
                    f"You have {MOST} views, which is the most: delete one first.",
                    code="too_many",
                    detail={"field": "name"},
                )
            await uow.turn_views.add(view)
            await audit(uow, "turn_view.added", view.id, by=user.id)
    except IntegrityError as error:
        raise Conflict(
            f"You have a view named {view.name} already. Choose another name, or delete that one.",
            code="name_taken",
            detail={"field": "name"},
        ) from error
    return view


async def remove(services: Services, user: User, view_id: str) -> None:
    """Delete one of this lead's; raise NotFound when it is gone."""
    async with services.database.write() as uow:
        if not await uow.turn_views.remove(view_id, by=user.id):
            raise NotFound("You have no such view. It may have been deleted: reload.")
        await audit(uow, "turn_view.deleted", view_id, by=user.id)


def _name(name: str) -> str:
    line = " ".join(clean(name, field="name").split())
    if len(line) > LONGEST_NAME:
        raise InvalidInput("name", f"'name' must have at most {LONGEST_NAME} characters.")
    return line


def _filters(filters: str) -> str:
    if "\0" in filters or len(filters) > LONGEST_FILTERS:
        raise InvalidInput(
            "filters", f"'filters' must have at most {LONGEST_FILTERS:,} characters, and no NUL."
        )
    given = dict(parse_qsl(filters))
    unknown = given.keys() - set(FILTERS)
    if unknown or not given:
        raise InvalidInput(
            "filters",
            "'filters' must be what follows the '?' in the address of a narrowed log:"
            f" {', '.join(FILTERS)}.",
        )
    return urlencode({name: given[name] for name in FILTERS if name in given})
