"""Intents that leads add: what may be one, and keeping it until the project's files have it."""

from __future__ import annotations

import re

from sqlalchemy.exc import IntegrityError

from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, InvalidInput
from bot.learning.lesson import NewIntent
from bot.records import User
from bot.services import Services
from bot.text import clean

LONGEST_NAME = 60
LONGEST_ANSWER = 2_000
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# What Rasa, or the bot, means something else by.
RESERVED = frozenset(
    {"nlu_fallback", "attachment", "restart", "back", "session_start", "external", "none", "null"}
)


async def add_intent(
    services: Services, user: User, name: str, answer: str | None, *, taken: set[str]
) -> NewIntent:
    """A new one, unless another of its name is in `taken` or was added meanwhile."""
    name = _name(name)
    answer = _answer(answer)
    if name in taken:
        raise _is_taken(name)
    intent = NewIntent(name, answer, user.id, now())
    try:
        async with services.database.write() as uow:
            await uow.new_intents.add(intent)
            await audit(
                uow, "intent.added", name, by=user.id, details={"answer": answer is not None}
            )
    except IntegrityError as error:
        raise _is_taken(name) from error
    return intent


def _is_taken(name: str) -> Conflict:
    return Conflict(
        f"There is an intent {name} already. Label with it, or choose another name.",
        code="name_taken",
        detail={"field": "name"},
    )


def _name(name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidInput(
            "name",
            "'name' must be small letters and digits in words joined by _, such as"
            f" ask_for_repair, at most {LONGEST_NAME} characters.",
        )
    if name in RESERVED:
        raise InvalidInput("name", f"'name': {name} means something else to the bot already.")
    return name


def _answer(answer: str | None) -> str | None:
    if answer is None or not answer.strip():
        return None
    answer = clean(answer, field="answer")
    if len(answer) > LONGEST_ANSWER:
        raise InvalidInput("answer", f"'answer' must have at most {LONGEST_ANSWER:,} characters.")
    if "{" in answer or "}" in answer:
        raise InvalidInput(
            "answer", "'answer' must have no braces: the bot would fill in what it remembers."
        )
    return answer
