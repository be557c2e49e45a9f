"""Taking examples that came from some messages out of the project's files again.

Which they are says the file of provenance, which holds the turns of every example that was written
from labels. A text that others wrote too stays, without the turns.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import from_iso
from bot.errors import SetupError
from bot.folding import folded
from bot.learning.example import read
from bot.learning.project_files import PROVENANCE
from bot.learning.yaml_lines import YamlLines, read_exactly


@dataclass(frozen=True, slots=True)
class Taught:
    """An example that is in the project's files, and when its message was labelled."""

    intent: str
    text: str
    labelled_at: datetime


def taught_by(root: Path, turn_ids: Collection[str]) -> list[Taught]:
    """The examples that only these turns taught. Raises SetupError for a file that cannot be
    read."""
    provenance = root / PROVENANCE
    if not provenance.exists():
        return []
    return _split(read_exactly(provenance), frozenset(turn_ids))[1]


def name_anew(root: Path, turn_ids: Collection[str], name: str) -> None:
    """Let the file of provenance say `name` for these turns, which nobody will know any more: what
    only they taught can then be taken out as that turn's."""
    provenance = root / PROVENANCE
    if not provenance.exists():
        return
    text = read_exactly(provenance)
    theirs = frozenset(turn_ids)
    named = []
    for line, record in _records(text):
        turns = record.get("turns", ())
        if theirs.intersection(turns):
            others = [one for one in turns if one not in theirs]
            line = json.dumps({**record, "turns": [*others, name]}, ensure_ascii=False) + "\n"
        named.append(line)
    _replace(provenance, text, "".join(named))


def take_out(root: Path, turn_ids: Collection[str]) -> None:
    """Write the project's files without them. Done again it changes nothing. Raises SetupError for
    a file that may hold one and is broken, once all others were written."""
    provenance = root / PROVENANCE
    if not provenance.exists():
        return
    kept, gone = _split(read_exactly(provenance), frozenset(turn_ids))
    if kept is None:
        return
    wanted = {(one.intent, folded(one.text)) for one in gone}
    broken: SetupError | None = None
    # The examples first: killed in between, the file of provenance still says which they are.
    for path in _yaml_files(root) if wanted else ():
        try:
            text = read_exactly(path)
            if _may_hold(text, wanted):
                _replace(path, text, _without(path, text, wanted))
        except SetupError as error:
            broken = broken or error
    if broken is not None:
        raise broken
    _replace(provenance, read_exactly(provenance), kept)


def _yaml_files(root: Path) -> list[Path]:
    return sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")])


def _may_hold(text: str, wanted: Collection[tuple[str, str]]) -> bool:
    """Whether a line of the file reads like one of these, so that one that somebody is editing
    matters only where it has to be changed."""
    lines = (line.strip() for line in text.split("\n"))
    texts = {folded(read(line[1:].strip())[0]) for line in lines if line.startswith("-")}
    return any(one in texts for _, one in wanted)


def _records(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of a file of provenance, and what each says."""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        try:
            yield line, json.loads(line) if line.strip() else {}
        except ValueError as error:
            raise SetupError(
                "the line is no JSON",
                where=f"{PROVENANCE}, line {number}",
                cure="Restore it: it says whose words the examples are.",
            ) from error


def _split(text: str, turn_ids: frozenset[str]) -> tuple[str | None, list[Taught]]:
    """The records that stay, None where all do, and the examples of those that do not."""
    kept, gone, changed = [], [], False
    for line, record in _records(text):
        theirs = turn_ids.intersection(record.get("turns", ()))
        if not theirs:
            kept.append(line)
            continue
        changed = True
        others = [one for one in record["turns"] if one not in theirs]
        if others:
            kept.append(json.dumps({**record, "turns": others}, ensure_ascii=False) + "\n")
        else:
            at = from_iso(record["labelled_at"])
            gone.append(Taught(str(record["intent"]), str(record["text"]), at))
    return ("".join(kept) if changed else None), gone


def _without(path: Path, text: str, gone: Collection[tuple[str, str]]) -> str:
    """The file without these examples; an intent that has no other in its block goes with them, and
    so does a file that holds nothing else, as the empty text."""
    file = YamlLines(path, text)
    blocks = list(file.example_lines())
    numbers: set[int] = set()
    emptied = 0
    for intent, first, examples in blocks:
        out = {n for n, line in examples.items() if (intent, folded(read(line)[0])) in gone}
        if out and len(out) == len(examples):
            numbers |= set(range(first, max(examples) + 1))
            emptied += 1
        numbers |= out
    if emptied == len(list(file.items("nlu"))) and set(file.content) <= {"version", "nlu"}:
        return ""
    return file.without(numbers)


def _replace(path: Path, before: str, after: str) -> None:
    if not after:
        path.unlink(missing_ok=True)
    elif after != before:
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(after.encode())
        fresh.replace(path)


def learnt_texts(root: Path) -> Iterator[str]:
    """Every example of the project as it stands in its files, folded, without those of files that
    are broken."""
    for path in _yaml_files(root):
        with suppress(SetupError):
            text = read_exactly(path)
            blocks = YamlLines(path, text).example_lines() if "nlu:" in text else ()
            for _, _, examples in blocks:
                yield from (folded(read(line)[0]) for line in examples.values())
