"""The queues of `handoff.yml`: whom they need, when they are served, and what is promised there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.opening_hours import OpeningHours
from bot.records import Priority
from bot.strict import Strict


class ServiceLevel(Strict):
    """The first reply of a person is promised within so many open minutes; a warning comes when
    the share `warn_at` of them is over."""

    first_reply_minutes: int = Field(ge=1, le=7 * 24 * 60)
    warn_at: float = Field(default=0.75, gt=0, lt=1)


class Queue(Strict):
    """Where conversations wait; `name` is what agents read. Without `hours` it is always open,
    without a `service_level` nothing is promised; an agent needs all its `skills`. With
    `offer_seconds` whoever waits is offered to one agent after the other, each for so long."""

    name: str
    skills: tuple[str, ...] = ()
    hours: OpeningHours | None = None
    service_level: ServiceLevel | None = None
    offer_seconds: int | None = Field(default=None, ge=1, le=600)

    @validator("skills", each_item=True)
    def _is_a_word(cls, skill: str) -> str:  # noqa: N805 - pydantic's convention
        if not skill.strip():
            raise ValueError("a word is expected, such as refunds")
        return skill.strip()

    def opens_at(self, at: datetime) -> datetime | None:
        """When somebody is there next: `at` itself during its hours."""
        return self.hours.opens_at(at) if self.hours else at

    def is_open(self, at: datetime) -> bool:
        return self.hours is None or self.hours.is_open(at)

    def due(self, since: datetime) -> tuple[datetime | None, datetime | None]:
        """When a first reply is due to who waits since then, and when to warn that it will be."""
        if self.service_level is None:
            return None, None
        promised = timedelta(minutes=self.service_level.first_reply_minutes)
        warned = promised * self.service_level.warn_at
        if self.hours is None:
            return since + promised, since + warned
        return self.hours.after(since, promised), self.hours.after(since, warned)


class Routing(Strict):
    """Which queue a hand-off goes into: all that is given must hold, one of each list is enough."""

    queue: str
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()

    @root_validator(skip_on_failure=True)
    def _has_a_condition(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not any(values.get(key) for key in ("intents", "languages", "channels", "tiers")):
            raise ValueError("give it a condition: intents, languages, channels or tiers")
        return values

    def fits(
        self, *, intent: str | None, language: str | None, channel: str, tier: str | None
    ) -> bool:
        return (
            _one_of(intent, self.intents)
            and _one_of(language, self.languages)
            and _one_of(channel, self.channels)
            and _one_of(same_tier(tier), [same_tier(each) for each in self.tiers])
        )


class Priorities(Strict):
    """What a hand-off's priority begins with, besides its reason."""

    tiers: dict[str, Literal["high", "urgent"]] = Field(default_factory=dict)

    def of_tier(self, tier: str | None) -> Priority:
        known = {same_tier(name): priority for name, priority in self.tiers.items()}
        return known.get(same_tier(tier), "normal")


def same_tier(tier: str | None) -> str:
    """A tier however it is written, "" for none: shops and people differ there."""
    return (tier or "").casefold()


def _one_of(value: str | None, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted
