"""From labels to training data: what was labelled, and a project that has it as examples."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.assistant.training_check import Line
from bot.errors import SetupError
from bot.folding import folded
from bot.learning.change import Change, Conflict, Reasons
from bot.learning.example import read, written
from bot.learning.export import record_of
from bot.learning.lesson import Lesson, Lessons, NewIntent, held_out
from bot.learning.lessons import read_lessons
from bot.learning.project_files import ProjectFiles

__all__ = [
    "Change",
    "Lesson",
    "Lessons",
    "NewIntent",
    "held_out",
    "planned",
    "read_lessons",
    "write_project",
]

FILES = ("config.yml", "domain.yml", "endpoints.yml", "handoff.yml")
FEWEST = 2  # examples; a lone one cannot be judged by another
UNTAUGHT = ("nlu_fallback", "attachment")  # what is not understood, and what has no words
ALREADY = "it is an example already, in these or almost these words"


def write_project(root: Path, lessons: Lessons, into: Path, *, everything: bool = False) -> Change:
    """Copy the project in `root` to `into` with what is taught in it, or with `everything`.

    Raises SetupError, naming the place, when a file of the project is missing or broken.
    """
    change = planned(root, lessons, everything=everything)
    into.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (root / name).exists():
            shutil.copy2(root / name, into / name)
    shutil.copytree(root / "data", into / "data", dirs_exist_ok=True)
    _write(change, into)
    return change


def apply(change: Change, root: Path) -> None:
    """Make the change in the project itself, unless somebody changed a file of it meanwhile."""
    for file in change.files:
        path = root / file.path
        if (path.read_bytes().decode() if path.exists() else None) != file.before:
            raise SetupError(
                "the file has changed since it was read", where=file.path, cure="Try again."
            )
    _write(change, root)


def _write(change: Change, root: Path) -> None:
    for file in change.files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(file.after.encode())  # line ends as they are
        fresh.replace(path)


def planned(root: Path, lessons: Lessons, *, everything: bool = False) -> Change:
    """What writing the lessons into the project changes."""
    project = ProjectFiles(root)
    new = {one.name: one for one in lessons.new_intents if one.name not in project.intents}
    reasons = Reasons(lessons.left_out)
    conflicts: list[Conflict] = []
    wanted = [*lessons.taught, *(lessons.held_out if everything else ())]
    fitting = list(_fitting(wanted, project, {*project.intents, *new}, reasons, conflicts))
    there = Counter(line.intent for line in project.lines)
    counts = Counter(one.intent for one in fitting)
    for intent, count in list(counts.items()):
        if there[intent] + count < FEWEST:
            del counts[intent]
    for intent in counts:
        if intent in new:
            project.add_intent(new[intent])
        mine = [one for one in fitting if one.intent == intent]
        project.add_examples(intent, [_example(one, project) for one in mine])
    for one in fitting:
        if one.intent in counts:
            project.add_record(record_of(one))
        else:
            reason = f"{one.intent} has no other example, and one alone cannot be learnt from"
            reasons.add(reason, one.turn_ids)
    return Change(
        files=project.changed(),
        counts=dict(counts),
        new_intents=tuple(name for name in new if name in counts),
        skipped=reasons.all(),
        conflicts=tuple(conflicts),
    )


def _fitting(
    lessons: Sequence[Lesson],
    project: ProjectFiles,
    known: set[str],
    reasons: Reasons,
    conflicts: list[Conflict],
) -> Iterator[Lesson]:
    """Those that can be written; why the others cannot be goes to `reasons` and `conflicts`."""
    taken: dict[str, Line] = {}
    for line in project.lines:
        taken.setdefault(folded(read(line.text)[0]), line)
    for one in lessons:
        same = taken.get(folded(one.text))
        if one.intent in UNTAUGHT:
            reasons.add(f"no example can teach {one.intent}", one.turn_ids)
        elif one.intent not in known:
            reasons.add(f"there is no intent {one.intent} any more", one.turn_ids)
        elif same is None:
            yield one
        elif same.intent == one.intent:
            reasons.add(ALREADY, one.turn_ids)
        else:
            conflicts.append(Conflict(one.text, one.intent, same.intent, same.where, one.turn_ids))


def _example(lesson: Lesson, project: ProjectFiles) -> str:
    return written(lesson.text, [one for one in lesson.entities if one.name in project.entities])
