"""The must-pass examples: what leads add to them and take out, which changes what is promoted."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput, NotFound
from bot.records import MustPass
from bot.services import Services
from bot.text import clean

LONGEST_TEXT = 500
LONGEST_INTENT = 200
MOST = 200  # each is asked of both models, and read by people when it fails


async def add(services: Services, text: str, intent: str, *, by: str) -> MustPass:
    """A new one; raise InvalidInput naming the field, or Conflict when it is there already."""
    example = MustPass(
        new_id(),
        _line(text, "text", LONGEST_TEXT),
        _line(intent, "intent", LONGEST_INTENT),
        by,
        now(),
    )
    try:
        async with services.database.write() as uow:
            if len(await uow.must_pass.all()) >= MOST:
                raise Conflict(
                    f"There are {MOST} must-pass examples, which is the most: remove one first.",
                    code="too_many",
                    detail={"field": "text"},
                )
            await uow.must_pass.add(example)
            await audit(
                uow, "must_pass.added", example.id, by=by, details={"intent": example.intent}
            )
    except IntegrityError as error:
        raise Conflict(
            "This text is a must-pass example already. Remove that one to give it another intent.",
            code="already_there",
            detail={"field": "text"},
        ) from error
    return example


async def remove(services: Services, example_id: str, *, by: str) -> None:
    """Take one out; raise NotFound when it is gone."""
    async with services.database.write() as uow:
        intent = await uow.must_pass.remove(example_id)
        if intent is None:
            raise NotFound("There is no such must-pass example.")
        await audit(uow, "must_pass.removed", example_id, by=by, details={"intent": intent})


def _line(value: str, field: str, longest: int) -> str:
    line = " ".join(clean(value, field=field).split())
    if len(line) > longest:
        raise InvalidInput(field, f"'{field}' must have at most {longest} characters.")
    return line
