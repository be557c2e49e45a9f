"""Taking examples that came from some messages out of the project's files again.

Which they are says the file of provenance, which holds the turns of every example that was written
from labels. A text that others wrote too stays, without the turns.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from bot.folding import folded
from bot.learning.example import read
from bot.learning.project_files import PROVENANCE
from bot.learning.yaml_lines import YamlLines, read_exactly


def taught_by(root: Path, turn_ids: Collection[str]) -> list[str]:
    """The texts of the examples that only these turns taught. Raises SetupError for a file that
    cannot be read."""
    provenance = root / PROVENANCE
    if not provenance.exists():
        return []
    return [text for _, text in _split(read_exactly(provenance), frozenset(turn_ids))[1]]


def take_out(root: Path, turn_ids: Collection[str]) -> None:
    """Write the project's files without them. Done again it changes nothing."""
    provenance = root / PROVENANCE
    if not provenance.exists():
        return
    kept, gone = _split(read_exactly(provenance), frozenset(turn_ids))
    if kept is None:
        return
    wanted = {(intent, folded(text)) for intent, text in gone}
    # The examples first: killed in between, the file of provenance still says which they are.
    for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
        text = read_exactly(path)
        if wanted and "nlu:" in text:
            _replace(path, text, _without(path, text, wanted))
    _replace(provenance, read_exactly(provenance), kept)


def _split(text: str, turn_ids: frozenset[str]) -> tuple[str | None, list[tuple[str, str]]]:
    """The records that stay, None where all do, and the intent and text of those that do not."""
    kept, gone, changed = [], [], False
    for line in text.splitlines(keepends=True):
        record = json.loads(line) if line.strip() else {}
        theirs = turn_ids.intersection(record.get("turns", ()))
        if not theirs:
            kept.append(line)
            continue
        changed = True
        others = [one for one in record["turns"] if one not in theirs]
        if others:
            kept.append(json.dumps({**record, "turns": others}, ensure_ascii=False) + "\n")
        else:
            gone.append((str(record["intent"]), str(record["text"])))
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
    """Every example of the project as it stands in its files, folded."""
    for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
        text = read_exactly(path)
        if "nlu:" in text:
            for _, _, examples in YamlLines(path, text).example_lines():
                yield from (folded(read(line)[0]) for line in examples.values())
