"""What the customers of each bot write: greetings, a question or two, goodbyes, and nonsense."""

from __future__ import annotations

import itertools

from bench.bots import Answers, Kind, Message
from bench.customers import Step
from bench.turns import OURS, THEIRS

STEPS: dict[Kind, tuple[Step, ...]] = {
    "warmline": (*OURS[0].turns, Step("bye", "oodbye")),
    "stock": (*THEIRS[0].turns, Step("bye", "Bye")),
}
NONSENSE = "zxq wvv krrr"  # Warmline asks again; the stock bot takes it for something it knows


class WrongAnswer(Exception):
    """What a bot says wrongly it may well say faster: such a measurement is worth nothing."""


class Talk:
    """The customers of one bot; no conversation is ever used twice."""

    def __init__(self, kind: Kind) -> None:
        self.steps = STEPS[kind]
        self._names = (f"c{number}" for number in itertools.count())

    def conversations(self, messages: int, length: int) -> list[Message]:
        """So many messages, in conversations of `length` one after the other."""
        texts = itertools.islice(itertools.cycle(step.says for step in self.steps), messages)
        names = (name for name in self._names for _ in range(length))
        return [(name, text) for text, name in zip(texts, names, strict=False)]

    def long(self, messages: int) -> list[Message]:
        """One conversation, in which every fourth message makes no sense."""
        texts = itertools.cycle([*(step.says for step in self.steps[:3]), NONSENSE])
        name = next(self._names)
        return [(name, text) for text in itertools.islice(texts, messages)]

    def check(self, said: Answers) -> None:
        """Raise WrongAnswer when an answer to `conversations` was not the right one."""
        for text, step in zip(said.texts, itertools.cycle(self.steps), strict=False):
            if step.hears not in text:
                raise WrongAnswer(f"'{step.says}' was answered with '{text}'")
