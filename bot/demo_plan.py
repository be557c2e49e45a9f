"""Who wrote what to the demo's shop in its last three weeks: by chance, always the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DAYS = 21
RISING_DAYS = 5
HOURS = (8, 8, 9, 9, 10, 11, 12, 12, 13, 14, 16, 17, 18, 19, 19, 20, 20, 21)
CHANNELS = ("web", "web", "web", "web", "whatsapp", "whatsapp", "twilio", "telegram")
COMES_BACK = 0.25


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer writes about a topic, `again` if they are not understood, and maybe `thanks`.
    `intent` is what it is really about."""

    customer: int
    channel: str
    at: datetime
    intent: str
    text: str
    again: str
    thanks: str | None


def plan(content: Mapping[str, Any], *, visits: int, until: datetime) -> list[Visit]:
    """So many visits, the oldest first, the last one before `until`."""
    chance = random.Random(2_000)  # noqa: S311  (nothing secret hangs on it)
    topics = content["topics"]
    steady = {name: topic for name, topic in topics.items() if not topic.get("rises")}
    moments = sorted(_moment(chance, until) for _ in range(visits))
    channels: list[str] = []
    planned = []
    for at in moments:
        is_recent = until - at < timedelta(days=RISING_DAYS)
        among = topics if is_recent else steady
        # What rises makes up in its few days for those in which nobody spoke of it.
        weights = [
            topic["share"] * (DAYS / RISING_DAYS if topic.get("rises") else 1)
            for topic in among.values()
        ]
        name = chance.choices(list(among), weights)[0]
        customer = chance.randrange(len(channels)) if channels else 0
        if not channels or chance.random() >= COMES_BACK:
            customer = len(channels)
            channels.append(chance.choice(CHANNELS))
        planned.append(
            Visit(
                customer=customer,
                channel=channels[customer],
                at=at,
                intent=topics[name].get("intent", name),
                text=_written(content, name, chance),
                again=_written(content, name, chance),
                thanks=_written(content, "thank", chance) if chance.random() < 0.3 else None,
            )
        )
    return planned


def _moment(chance: random.Random, until: datetime) -> datetime:
    day = until - timedelta(days=chance.random() * DAYS)
    at = day.replace(hour=chance.choice(HOURS), minute=chance.randrange(60), second=0)
    return min(at, until - timedelta(minutes=chance.randint(30, 600)))


def _written(content: Mapping[str, Any], topic: str, chance: random.Random) -> str:
    text = str(chance.choice(content["topics"][topic]["texts"])).format(
        order=chance.choice(content["orders"]),
        product=chance.choice(content["products"]),
        place=chance.choice(content["places"]),
    )
    return f"{chance.choice(content['openers'])}{text}{chance.choice(content['closers'])}"
