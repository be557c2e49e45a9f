"""`warmline labels export` and `warmline labels import`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.accounts import open_database
from bot.auditing import audit
from bot.errors import SetupError
from bot.learning.change import Change
from bot.learning.dataset import apply, planned, write_project
from bot.learning.export import as_jsonl, as_yaml
from bot.learning.importing import Imported, import_labels, lead_named
from bot.learning.label_files import Labelled, read_labelled
from bot.learning.lesson import Lessons
from bot.learning.lessons import lessons_of
from bot.learning.project_files import PROVENANCE

_SHOWN = 20
_FORMATS = {".yml": as_yaml, ".yaml": as_yaml, ".jsonl": as_jsonl}


def export(url: str, root: Path, *, write: bool, output: Path | None) -> None:
    """Show what the labels change in the project; make the change, or put it elsewhere."""
    lessons = asyncio.run(_read(url, root))
    if output is not None and output.suffix:
        formatted = _FORMATS.get(output.suffix.lower())
        if formatted is None:
            raise SetupError(
                f"'{output.suffix}' files are not written",
                where="--output",
                cure="Name a .yml or a .jsonl file, or a folder for a whole project.",
            )
        output.write_text(formatted(lessons), encoding="utf-8", newline="\n")
        print(f"{len(lessons.taught) + len(lessons.held_out)} examples are in {output}.")
        return
    change = planned(root, lessons, everything=True)
    print(change.diff, end="")
    _sum_up(change)
    if output is not None:
        write_project(root, lessons, output, everything=True)
        print(f"The project with these changes is in {output}.")
    elif write:
        asyncio.run(_write(url, root, change))
        print("Written. `warmline train` makes a model of it.")
    elif change.files:
        print("Nothing is written yet: --write does it.")


def import_file(url: str, root: Path, path: Path, email: str | None) -> None:
    """Label what was logged as the file says, and list what it could not label."""
    given = read_labelled(path)
    lead, done = asyncio.run(_label(url, root, given, email, path.name))
    print(f"{done.labelled} messages labelled as {lead}, {done.known} had these labels.")
    _list("Never logged, so there is nothing to label", done.unmatched)
    _list("Intents there are not; add them in the console, or to domain.yml", done.unknown_intents)
    _list("With more than one intent in the file", done.contradictory)


async def _read(url: str, root: Path) -> Lessons:
    async with open_database(url) as database:
        return await lessons_of(database, root)


async def _write(url: str, root: Path, change: Change) -> None:
    async with open_database(url) as database, database.write() as uow:
        if change.files:
            counts = {"examples": sum(change.counts.values()), "intents": len(change.counts)}
            await audit(uow, "labels.written", PROVENANCE, by=None, details=counts)
        apply(change, root)


async def _label(
    url: str, root: Path, given: Sequence[Labelled], email: str | None, source: str
) -> tuple[str, Imported]:
    async with open_database(url) as database:
        lead = await lead_named(database, email)
        done = await import_labels(database, root, given, lead, source=source)
    return lead.email, done


def _sum_up(change: Change) -> None:
    for intent, count in change.counts.items():
        print(f"{intent}: {count} {'more' if intent not in change.new_intents else 'in all'}")
    for conflict in change.conflicts:
        print(
            f"Conflict: “{conflict.text}” is labelled {conflict.intent}, and an example of"
            f" {conflict.other} in {conflict.where}."
        )
    for one in change.skipped:
        print(f"Left out, {len(one.turn_ids)}: {one.reason}.")
    if not change.files:
        print("There is nothing new to learn.")


def _list(title: str, items: Sequence[str]) -> None:
    if items:
        print(f"{title} ({len(items)}):")
        for item in items[:_SHOWN]:
            print(f"  {item}")
        if len(items) > _SHOWN:
            print(f"  … and {len(items) - _SHOWN} more")
