"""The leads' part of the API: training examples that pull against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.learning.conflict_search import ConflictSearch, Looked
from bot.learning.starving import Fed, starving_classes, starving_intents
from bot.rules import Rules
from bot.services import Services
from desk import conflict_shapes as shapes
from desk.routes import Call, Route


class ConflictRoutes:
    """`search` is this process's own; what it finds is the same in every process."""

    def __init__(self, search: ConflictSearch) -> None:
        self._search = search

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/conflicts",
                "lead",
                "Conflicts among the training examples as they are now",
                self.current,
                answer=shapes.Conflicts,
            ),
            Route(
                "POST",
                "/conflicts",
                "lead",
                "Look for them; data that were looked at are not looked at again",
                self.start,
                answer=shapes.Conflicts,
                status=202,
            ),
        ]

    async def current(self, call: Call) -> shapes.Conflicts:
        looked = await self._search.current(_data(call.services))
        return _conflicts(looked, call.services.rules)

    async def start(self, call: Call) -> shapes.Conflicts:
        looked = await self._search.start(_data(call.services), call.services.bus)
        return _conflicts(looked, call.services.rules)


def _data(services: Services) -> Path:
    return services.rules_file.parent / "data"


def _conflicts(looked: Looked, rules: Rules) -> shapes.Conflicts:
    found = looked.found or {
        "counts": {},
        "nearer_count": 0,
        "nearer": [],
        "copies": [],
        "leaks": [],
    }
    counts: dict[str, int] = found["counts"]
    return shapes.Conflicts(
        state=looked.state,
        problem=looked.problem,
        examples=sum(counts.values()),
        intents=len(counts),
        nearer_count=found["nearer_count"],
        nearer=found["nearer"],
        copies=found["copies"],
        leaks=found["leaks"],
        starving_classes=_fed(starving_classes(counts, rules)),
        starving=_fed(starving_intents(counts, rules)),
    )


def _fed(found: Sequence[Fed]) -> list[shapes.Fed]:
    return [shapes.Fed(**asdict(one), missing=one.missing) for one in found]
