"""Reading what labels teach: accepted, de-identified, each text once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.folding import folded
from bot.learning.change import Reasons
from bot.learning.deidentify import Clean, deidentify
from bot.learning.example import is_name
from bot.learning.invented import LAST_NAMES, NAMES
from bot.learning.lesson import Entity, Lesson, Lessons, NewIntent, held_out
from bot.records import Customer
from bot.services import Services
from bot.store.database import Database
from bot.store.labels import AcceptedLabel
from bot.suggesting.open_places import WORD, names_in

_AT_ONCE = 500
CONTESTED = "leads do not agree what it is about"
CONTRADICTED = "the same words have labels of different intents"
_TEXTS = ("domain.yml", "data/nlu/*.yml", "data/entities/*.yml", "data/knowledge/*.md")
_MADE_UP = frozenset(name.casefold() for name in (*NAMES, *LAST_NAMES))


async def read_lessons(services: Services) -> Lessons:
    """All that labels teach, and the intents that leads added."""
    return await lessons_of(services.database, services.rules_file.parent)


async def lessons_of(database: Database, root: Path) -> Lessons:
    """The same, of a database and the project whose words are no names."""
    async with database.read() as uow:
        accepted = await uow.labels.accepted()
        contested = await uow.labels.contested()
        new_intents = await uow.new_intents.all()
        staff = await uow.staff.everybody()
        ids = sorted({one.customer_id for one in accepted})
        customers: dict[str, Customer] = {}
        for start in range(0, len(ids), _AT_ONCE):
            customers |= await uow.customers.many(set(ids[start : start + _AT_ONCE]))
    colleagues = names_in(*(one.name for one in staff))
    reasons = Reasons()
    reasons.add(CONTESTED, contested)
    return await asyncio.to_thread(
        _lessons, root, accepted, customers, colleagues, new_intents, reasons
    )


def _lessons(
    root: Path,
    accepted: Sequence[AcceptedLabel],
    customers: dict[str, Customer],
    colleagues: Collection[str],
    new_intents: Sequence[NewIntent],
    reasons: Reasons,
) -> Lessons:
    vocabulary = vocabulary_of_project(root)
    alike: dict[str, list[AcceptedLabel]] = {}
    for label in accepted:
        alike.setdefault(folded(label.text), []).append(label)
    merged: dict[str, list[tuple[Lesson, bool]]] = {}
    for labels in alike.values():
        turn_ids = tuple(one.turn_id for one in labels)
        if len({one.intent for one in labels}) > 1:
            reasons.add(CONTRADICTED, turn_ids)
            continue
        first, newest = labels[0], labels[-1]
        made = _clean(first, customers.get(first.customer_id), colleagues, vocabulary)
        if isinstance(made, str):
            reasons.add(made, turn_ids)
            continue
        lesson = Lesson(
            made.text, first.intent, turn_ids, newest.user_id, newest.created_at, made.entities
        )
        judges = any(held_out(one.text) for one in labels)
        merged.setdefault(folded(made.text), []).append((lesson, judges))
    taught: list[Lesson] = []
    judging: list[Lesson] = []
    for same in merged.values():
        turn_ids = tuple(turn for lesson, _ in same for turn in lesson.turn_ids)
        if len({lesson.intent for lesson, _ in same}) > 1:
            reasons.add(CONTRADICTED, turn_ids)
            continue
        lesson = replace(same[0][0], turn_ids=turn_ids)
        (judging if any(judges for _, judges in same) else taught).append(lesson)
    return Lessons(tuple(taught), tuple(judging), tuple(new_intents), reasons.all())


def _clean(
    label: AcceptedLabel,
    customer: Customer | None,
    colleagues: Collection[str],
    vocabulary: Collection[str],
) -> Clean | str:
    own = names_in(customer.name, customer.email) if customer else frozenset()
    return deidentify(
        label.text,
        list(_entities(label.entities)),
        seed=label.turn_id,
        names=own | set(colleagues),
        vocabulary=vocabulary,
    )


def _entities(marked: Iterable[dict[str, Any]]) -> Iterable[Entity]:
    for one in marked:
        name = str(one.get("entity"))
        if isinstance(one.get("start"), int) and isinstance(one.get("end"), int) and is_name(name):
            yield Entity(one["start"], one["end"], name)


def vocabulary_of_project(root: Path) -> frozenset[str]:
    """The words that the project's own texts use, in small letters."""
    paths = [path for pattern in _TEXTS for path in sorted(root.glob(pattern))]
    words = set[str]()
    for path in paths:  # one that an editor wrote in another encoding holds up no erasure
        words.update(WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(word.casefold() for word in words) - _MADE_UP
