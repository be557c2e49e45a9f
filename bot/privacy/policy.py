"""`privacy.yml`: who keeps what for how long, and what customers are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.strict import Strict

PLACES = frozenset({"controller", "days", "statement"})
LONGEST_SHORT = 300  # characters: two SMS
REMOVED = (
    "I removed what must not be sent in a chat, such as a card number or a password, and kept "
    "nothing of it. Please never send it here."
)


class Words(Strict):
    """What is said in one language; `short` where every character costs, as in an SMS."""

    notice: str = Field(min_length=1, max_length=2_000)
    short: str = Field(min_length=1, max_length=LONGEST_SHORT)
    agree: str = Field(default="I agree", min_length=1, max_length=60)
    withdraw: str = Field(default="Take my consent back", min_length=1, max_length=60)
    removed: str = Field(default=REMOVED, min_length=1, max_length=LONGEST_SHORT)

    @validator("notice", "short")
    def _names_what_there_is(cls, text: str) -> str:  # noqa: N805 - pydantic's convention
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if unknown := named - PLACES:
            raise ValueError(
                f"there is no {{{min(unknown)}}}; there are "
                + ", ".join(f"{{{place}}}" for place in sorted(PLACES))
            )
        return text


class KeepDays(Strict):
    """How many days of each kind are kept; None for as long as there is a reason of its own."""

    conversations: int | None = Field(default=None, ge=1)
    files: int | None = Field(default=None, ge=1)
    survey_comments: int | None = Field(default=None, ge=1)
    past_answers: int | None = Field(default=None, ge=1)
    memory: int | None = Field(default=None, ge=1)
    deliveries: int | None = Field(default=None, ge=1)


class Policy(Strict):
    """The whole of `privacy.yml`, checked. `version` names the words: who was told an older one is
    told again, and asked again. `channels` are those on which the bot itself says them."""

    controller: str = Field(min_length=1, max_length=200)
    statement: str = Field(min_length=1, max_length=500)
    version: str = Field(min_length=1, max_length=40)
    consent: Literal["notice", "ask"] = "notice"
    words: dict[str, Words]
    channels: tuple[str, ...] = ()
    keep_days: KeepDays = Field(default_factory=KeepDays)

    @validator("statement")
    def _can_be_opened(cls, address: str) -> str:  # noqa: N805
        if not address.startswith(("https://", "http://", "/")):
            raise ValueError("an address that begins with https://, or a path of this site")
        return address

    @root_validator(skip_on_failure=True)
    def _says_how_long(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        said = "".join(each.notice + each.short for each in values["words"].values())
        if not said:
            raise ValueError("words: say it in one language at least")
        if "{days}" in said and values["keep_days"].conversations is None:
            raise ValueError("the words name {days}, and keep_days.conversations is not set")
        return values

    def address(self, site: str) -> str:
        """Where the privacy statement is, for somebody who is not on this site."""
        return site + self.statement if self.statement.startswith("/") else self.statement

    def language(self, wanted: Sequence[str]) -> str:
        """The first of these that there are words in, or else the file's own first."""
        return next((each for each in wanted if each in self.words), next(iter(self.words)))

    def notice(self, language: str, site: str, *, short: bool = False) -> str:
        """What is said before anything else."""
        words = self.words[language]
        return (words.short if short else words.notice).format(
            controller=self.controller,
            days=self.keep_days.conversations,
            statement=self.address(site),
        )
