"""A loaded model that is asked what another one is asked too: many texts at once, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.assistant.nlu_model import NluModel
from bot.assistant.reply import as_read
from bot.learning.logged import LoggedTurn
from bot.learning.replay import Replay, is_asked, replay
from bot.rules import Rules

AT_ONCE = 250  # texts
KEPT = 2_000  # readings, 5 KB each


class Reader:
    """What it read it remembers, as long as it is asked again soon."""

    def __init__(self, path: Path) -> None:
        self.nlu = NluModel(path)
        self._read: dict[str, dict[str, Any]] = {}

    def parse(self, text: str) -> dict[str, Any]:
        """The parse data of a text as the model is asked about it."""
        if text not in self._read:
            self.read_ahead([text])
        return self._read[text]

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Read what is going to be asked for, together."""
        if len(self._read) > KEPT:
            self._read.clear()
        fresh = [text for text in dict.fromkeys(texts) if text not in self._read]
        self._read |= zip(fresh, self.nlu.parse_all(fresh), strict=True)

    def read_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """The parse data of messages as customers wrote them."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(texts), AT_ONCE):
            read = [as_read(text) for text in texts[start : start + AT_ONCE]]
            self.read_ahead(read)
            found += map(self.parse, read)
        return found


def replay_with(
    turns: Sequence[LoggedTurn],
    old: Reader,
    new: Reader,
    rules: Rules,
    progress: Callable[[int], None] = lambda done: None,
) -> Replay:
    """Replay a log with both, which read some of its turns ahead. What comes after a divergence is
    read in vain: there is little of it, and one by one a text costs three times as much."""

    def ahead() -> Iterator[LoggedTurn]:
        for start in range(0, len(turns), AT_ONCE):
            part = turns[start : start + AT_ONCE]
            texts = [as_read(turn.text) for turn in part if is_asked(turn)]
            for reader in (old, new):
                reader.read_ahead(texts)
            yield from part

    return replay(ahead(), old.parse, new.parse, rules, progress)
