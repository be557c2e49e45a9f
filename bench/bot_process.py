"""One bot in this process, without HTTP, told what to do by lines of JSON on its standard input.

    python -m bench.bot_process warmline models/some.tar.gz

Nothing but what the bot itself needs is imported here: the memory of this process and the time it
takes to start are among the figures.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

Spent = defaultdict[str, float]  # seconds by what they were spent on


class Bot(Protocol):
    """Answers in process; what it remembers of a conversation is text, as in a store."""

    async def answer(self, conversation: str, text: str) -> str: ...

    def watch(self, spent: Spent) -> None: ...


class Warmline:
    """The assistant as a turn calls it: stored events in, a reply and new events out."""

    def __init__(self, model: Path) -> None:
        from bot.assistant.model import load_assistant
        from bot.assistant.reply import CustomerMessage, Memory

        self._message, self._memory = CustomerMessage, Memory
        self._assistant = load_assistant(model, Path("endpoints.yml"))
        self._stored: dict[str, str] = {}
        self._heard = 0

    async def answer(self, conversation: str, text: str) -> str:
        self._heard += 1
        message = self._message(str(self._heard), text, None, "web", {})
        events = json.loads(self._stored.get(conversation, "[]"))
        reply = await self._assistant.reply(conversation, message, self._memory(events))
        self._stored[conversation] = json.dumps(reply.events)
        return " ".join(said.text for said in reply.messages)

    def watch(self, spent: Spent) -> None:
        from bot.assistant import assistant, tracker

        nodes = self._assistant._processor.graph_runner._instantiated_nodes
        for name, node in nodes.items():
            nodes[name] = timed(node, name, spent)
        for step in (tracker.restore, tracker.dump):
            vars(assistant)[step.__name__] = timed(step, f"tracker.{step.__name__}", spent)


class Stock:
    """The agent that `rasa shell` talks to, with its tracker store in memory."""

    def __init__(self, model: Path) -> None:
        from rasa.core.agent import Agent
        from rasa.utils.common import configure_logging_and_warnings
        from rasa.utils.log_utils import configure_structlog

        # As Rasa's own commands do: without, every message writes its debug lines.
        configure_logging_and_warnings(logging.INFO)
        configure_structlog(logging.INFO)
        self._agent = Agent.load(str(model))

    async def answer(self, conversation: str, text: str) -> str:
        said = await self._agent.handle_text(text, sender_id=conversation) or []
        return " ".join(message.get("text", "") for message in said)

    def watch(self, spent: Spent) -> None:
        nodes = self._agent.processor.graph_runner._instantiated_nodes
        for name, node in nodes.items():
            nodes[name] = timed(node, name, spent)


def timed(step: Callable[..., Any], name: str, spent: Spent) -> Callable[..., Any]:
    """`step`, with the seconds that it takes added to `spent`."""

    def run(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            spent[name] += time.perf_counter() - started

    return run


async def obey(bot: Bot, order: dict[str, Any], spent: Spent) -> dict[str, Any]:
    """Answer the order's messages one after the other: what was said, and what it cost.

    With `watch` set the steps are timed from now on, which itself takes time.
    """
    if order.get("watch"):
        bot.watch(spent)
    spent.clear()
    answers: list[str] = []
    milliseconds: list[float] = []
    cpu, begun = time.process_time(), time.perf_counter()
    for conversation, text in order["messages"]:
        started = time.perf_counter()
        answers.append(await bot.answer(conversation, text))
        milliseconds.append((time.perf_counter() - started) * 1000)
    return {
        "answers": answers,
        "milliseconds": milliseconds,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "spent": spent,
    }


async def serve(kind: str, model: Path) -> None:
    """Load the bot, then obey line by line until the input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # whatever a library prints is no answer of ours
        bot: Bot = Warmline(model) if kind == "warmline" else Stock(model)
        spent: Spent = defaultdict(float)
        for line in sys.stdin:
            answers.write(json.dumps(await obey(bot, json.loads(line), spent)) + "\n")
            answers.flush()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
