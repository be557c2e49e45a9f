"""From labels to training data, in the API: intents, and the change that labels make."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from aiohttp import web
from pydantic import BaseModel, StrictStr

from bot.errors import Conflict, SetupError
from bot.learning.dataset import Change, planned, read_lessons
from bot.learning.export import as_jsonl, as_yaml
from bot.learning.project_files import ProjectFiles
from bot.new_intents import add_intent
from bot.services import Services
from desk import dataset_shapes as shapes
from desk.paging import Page
from desk.routes import Call, Route

SHOWN = 20  # messages of a reason; the count says how many there are


class NewIntent(BaseModel):
    name: StrictStr
    answer: StrictStr | None = None


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/intents",
            "agent",
            "What messages can be about, with how much there is to learn it from",
            intents,
            query=Page,
            answer=shapes.Intents,
        ),
        Route(
            "POST",
            "/intents",
            "lead",
            "Add an intent",
            add,
            body=NewIntent,
            answer=shapes.Intent,
            status=201,
        ),
        Route(
            "GET",
            "/labels/change",
            "lead",
            "What the labels change in the training data, to be reviewed",
            change,
            answer=shapes.TrainingChange,
        ),
        Route(
            "GET",
            "/labels/export.yml",
            "lead",
            "The labels as Rasa's NLU examples",
            export_yaml,
            is_file=True,
        ),
        Route(
            "GET",
            "/labels/export.jsonl",
            "lead",
            "The labels as examples, one a line, with where each is from",
            export_jsonl,
            is_file=True,
        ),
    ]


async def intents(call: Call) -> shapes.Intents:
    return shapes.Intents(items=await _intents(call.services))


async def add(call: Call) -> shapes.Intent:
    wanted: NewIntent = call.body
    taken = {one.name for one in await _intents(call.services)}
    made = await add_intent(call.services, call.staff, wanted.name, wanted.answer, taken=taken)
    return shapes.Intent(name=made.name, examples=0, labelled=0, in_model=False, is_new=True)


async def change(call: Call) -> shapes.TrainingChange:
    lessons = await read_lessons(call.services)
    root = call.services.rules_file.parent
    with _told():
        made = await asyncio.to_thread(planned, root, lessons, everything=True)
    left_out = [*(one.turn_ids for one in made.skipped), *(one.turn_ids for one in made.conflicts)]
    turn_ids = {turn_id for each in left_out for turn_id in each[:SHOWN]}
    async with call.services.database.read() as uow:
        conversations = await uow.labels.conversations(turn_ids)
    return _shown(made, conversations)


async def export_yaml(call: Call) -> web.Response:
    lessons = await read_lessons(call.services)
    return _download(as_yaml(lessons), "labels.yml", "application/yaml")


async def export_jsonl(call: Call) -> web.Response:
    lessons = await read_lessons(call.services)
    return _download(as_jsonl(lessons), "labels.jsonl", "application/jsonl")


async def _intents(services: Services) -> list[shapes.Intent]:
    root = services.rules_file.parent
    live = services.assistant.intents
    try:
        known, examples = await asyncio.to_thread(_in_files, root)
    except SetupError:
        # A file that somebody is writing keeps nobody from labelling what the bot knows.
        known, examples = sorted(live), Counter[str]()
    async with services.database.read() as uow:
        added = [one.name for one in await uow.new_intents.all()]
        labelled = await uow.labels.counts()
    return [
        shapes.Intent(
            name=name,
            examples=examples[name],
            labelled=labelled.get(name, 0),
            in_model=name in live,
            is_new=name in added and name not in known,
        )
        for name in dict.fromkeys([*known, *added, *sorted(live)])
    ]


def _in_files(root: Path) -> tuple[list[str], Counter[str]]:
    paths = (root / "domain.yml", *sorted(root.glob("data/**/*.yml")))
    stamps = tuple((path, path.stat().st_mtime_ns) for path in paths if path.exists())
    return _read_files(root, stamps)


@lru_cache(maxsize=1)  # reading takes half a second, and every resolve dialog asks
def _read_files(
    root: Path, _stamps: tuple[tuple[Path, int], ...]
) -> tuple[list[str], Counter[str]]:
    project = ProjectFiles(root)
    return project.intents, Counter(line.intent for line in project.lines)


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong in the project's files, told to the lead who cannot go on without them."""
    try:
        yield
    except SetupError as error:
        words = f"The training data cannot be read. {error.where}: {error.problem}. {error.cure}"
        raise Conflict(words, code="broken_project") from error


def _shown(made: Change, conversations: Mapping[str, str]) -> shapes.TrainingChange:
    def messages(turn_ids: Iterable[str]) -> list[shapes.LabelledMessage]:
        return [
            shapes.LabelledMessage(turn_id=each, conversation_id=conversations[each])
            for each in turn_ids
            if each in conversations
        ]

    return shapes.TrainingChange(
        files=[
            shapes.ChangedFile(path=file.path, is_new=file.before is None, diff=file.diff)
            for file in made.files
        ],
        counts=[
            shapes.IntentCount(intent=name, examples=count, is_new=name in made.new_intents)
            for name, count in made.counts.items()
        ],
        skipped=[
            shapes.Skipped(
                reason=one.reason,
                count=len(one.turn_ids),
                messages=messages(one.turn_ids[:SHOWN]),
            )
            for one in made.skipped
        ],
        conflicts=[
            shapes.ConflictingLabel(
                text=one.text,
                intent=one.intent,
                other=one.other,
                where=one.where,
                messages=messages(one.turn_ids[:SHOWN]),
            )
            for one in made.conflicts
        ],
    )


def _download(text: str, name: str, kind: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)
