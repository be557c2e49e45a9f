"""Adding lines to people's YAML files: every other byte stays as it is.

ruamel.yaml finds the places, and the lines go in as text. Its own round trip keeps comments and
order but writes `null`, long lists and some quotes in its own way, which a reviewer of a change of
ten lines would have to read past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import SetupError

MOST_KEPT = 64  # files
_read: dict[Path, tuple[str, CommentedMap]] = {}  # as they were last read


def forget_read() -> None:
    """Read every file anew: what it said may have to be gone from memory too."""
    _read.clear()


class YamlLines:
    """A file's text, and how `path` is called in errors. Raises SetupError when it is broken."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self.text = text
        self.content = _parsed(path, text)  # shared: to be read
        self._newline = "\r\n" if "\r\n" in self.text else "\n"
        self._lines = self._split()

    def blocks(self) -> Iterator[tuple[str, int, str]]:
        """Every intent whose examples stand in a block of lines: its name, the number of the last
        line, counted from 0, and what its examples are indented with."""
        for item in self.items("nlu"):
            if not isinstance(item, CommentedMap) or not isinstance(item.get("examples"), str):
                continue
            row, column = item.lc.value("examples")
            if "intent" not in item or self._lines[row][column : column + 1] != "|":
                continue
            size = len(item["examples"].rstrip("\n").split("\n"))
            first = next(
                (at for at in range(row + 1, len(self._lines)) if self._lines[at].strip()), None
            )
            if first is not None and item["examples"].strip():
                start = self._lines[first]
                yield str(item["intent"]), row + size, start[: len(start) - len(start.lstrip(" "))]

    def example_lines(self) -> Iterator[tuple[str, int, dict[int, str]]]:
        """Every such intent: its name, the number of its first line, and its examples by the
        number of their line."""
        last = {(intent, line) for intent, line, _ in self.blocks()}
        for item in self.items("nlu"):
            if not isinstance(item, CommentedMap) or not isinstance(item.get("examples"), str):
                continue
            row, size = item.lc.value("examples")[0], item["examples"].rstrip("\n").count("\n") + 1
            if (str(item.get("intent")), row + size) in last:
                numbers = range(row + 1, row + size + 1)
                written = {one: self._lines[one].strip() for one in numbers}
                examples = {
                    one: line[1:].strip() for one, line in written.items() if line.startswith("-")
                }
                yield str(item["intent"]), int(item.lc.line), examples

    def without(self, numbers: Collection[int]) -> str:
        """The text without these lines."""
        return "".join(line for one, line in enumerate(self._lines) if one not in numbers)

    def items(self, key: str) -> Sequence[Any]:
        """What is listed under a key of the top."""
        found = self.content.get(key)
        return found if isinstance(found, CommentedSeq) else ()

    def margin(self, key: str) -> str:
        """What the entries under a key of the top are indented with."""
        found = self.content.get(key)
        if isinstance(found, CommentedSeq) and found:
            return " " * (int(found.lc.item(0)[1]) - 2)
        if isinstance(found, CommentedMap) and found:
            return " " * int(found.lc.key(next(iter(found)))[1])
        return "  "

    def add_after(self, line: int, added: Sequence[str]) -> None:
        """New lines after that one."""
        if not self._lines[line].endswith(("\n", "\r")):
            self._lines[line] += self._newline
        self._lines[line] += "".join(f"{each}{self._newline}" for each in added)
        self.text = "".join(self._lines)

    def add_to(self, key: str, added: Sequence[str]) -> None:
        """New lines at the end of what stands under a key of the top; the key too, if need be."""
        if key not in self.content:
            self.add_after(len(self._lines) - 1, ["", f"{key}:", *added])
            return
        row, column = self.content.lc.key(key)
        if self.content[key] is not None and self.content.lc.value(key)[0] == row:
            raise SetupError(
                f"'{key}' stands on one line, where nothing can be added",
                where=f"{self._path}, line {row + 1}",
                cure=f"Write what is in it on lines of their own, below '{key}:'.",
            )
        self.add_after(self._end_of(row, column), added)

    def _end_of(self, row: int, column: int) -> int:
        """The last line of a section: before the next key, without blank lines and its comment."""
        last = row
        for number in range(row + 1, len(self._lines)):
            line = self._lines[number]
            if not line.strip():
                continue
            start = line[column : column + 1]
            if line[:column].strip() or start not in (" ", "-", "#"):
                break
            if start != "#":
                last = number
        return last

    def _split(self) -> list[str]:
        """Lines as YAML counts them: a customer's text may hold other line ends of Unicode's."""
        return [f"{line}\n" for line in self.text.split("\n")[:-1]] + (
            [self.text.split("\n")[-1]] if not self.text.endswith("\n") else []
        )


def _parsed(path: Path, text: str) -> CommentedMap:
    """What the file holds. Reading all of a project takes seconds, and while it is read everything
    else of this process waits its turn; pages ask for it again and again."""
    known = _read.get(path)
    if known is None or known[0] != text:
        known = _read[path] = (text, _load(path, text))
        while len(_read) > MOST_KEPT:
            _read.pop(next(iter(_read)), None)
    return known[1]


def _load(path: Path, text: str) -> CommentedMap:
    try:
        content = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise SetupError(
            f"not valid YAML: {error.problem}",
            where=f"{path}, line {line}",
            cure="Correct that line; indentation is two spaces, and `key: value` needs the space.",
        ) from error
    except YAMLError as error:
        raise SetupError("not valid YAML", where=str(path), cure="Restore the file.") from error
    if not isinstance(content, CommentedMap):
        raise SetupError("a mapping is expected", where=str(path), cure="Write `key: value` lines.")
    return content


def read_exactly(path: Path) -> str:
    """The file's text with its line ends as they are; raise SetupError when it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            f"the file cannot be read ({type(error).__name__})",
            where=str(path),
            cure="Restore it, as a UTF-8 text that this user may read.",
        ) from error
