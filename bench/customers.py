"""Simulated customers on Rasa's REST channel, timed from sending a message to its whole answer."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

WEBHOOK = "/webhooks/rest/webhook"
ANSWER_SECONDS = 30.0
CONVERSATION_LENGTH = 6


class Unanswered(Exception):
    """The server refused a message or broke off: there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a customer says, and a piece of the right answer to it."""

    says: str
    hears: str


@dataclass(frozen=True, slots=True)
class Script:
    """What a conversation consists of: `opening` once, not timed, then `turns` over and over."""

    name: str
    turns: tuple[Step, ...]
    opening: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How long one answer took, and whether it was the right one; `failed` if there was none."""

    milliseconds: float
    right: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load: the timed answers, and the seconds that all of them took."""

    script: str
    concurrency: int
    answers: tuple[Answer, ...]
    seconds: float


class Customer:
    """One sender; the next message follows the answer to the one before."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._sender = uuid.uuid4().hex

    async def say(self, step: Step) -> Answer:
        """Raises Unanswered for anything but a 200."""
        sent = {"sender": self._sender, "message": step.says}
        started = time.perf_counter()
        async with self._session.post(WEBHOOK, json=sent) as response:
            if response.status != 200:
                raise Unanswered(f"'{step.says}' was answered with HTTP {response.status}")
            said = await response.json()
        milliseconds = (time.perf_counter() - started) * 1000
        return Answer(milliseconds, any(step.hears in reply.get("text", "") for reply in said))

    async def try_to_say(self, step: Step) -> Answer:
        """The same; a refusal, or no answer in time, is a failed answer."""
        started = time.perf_counter()
        try:
            return await self.say(step)
        except (Unanswered, aiohttp.ClientError, asyncio.TimeoutError):
            return Answer((time.perf_counter() - started) * 1000, right=False, failed=True)

    async def open(self, script: Script) -> None:
        for step in script.opening:
            await self.say(step)

    async def chat(
        self, script: Script, length: int, *, count_failures: bool = False
    ) -> list[Answer]:
        """The next `length` timed messages."""
        steps = itertools.islice(itertools.cycle(script.turns), length)
        say = self.try_to_say if count_failures else self.say
        return [await say(step) for step in steps]


def connect(url: str) -> aiohttp.ClientSession:
    """A client without a limit of its own on connections."""
    return aiohttp.ClientSession(
        url,
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
    )


def conversations_for(messages: int, concurrency: int) -> int:
    """How many conversations hold at least `messages`, the same number for every customer."""
    wanted = -(-messages // CONVERSATION_LENGTH)
    return -(-wanted // concurrency) * concurrency


async def load(url: str, script: Script, *, messages: int, concurrency: int) -> Load:
    """About `messages` timed messages, `concurrency` customers writing at a time.

    Conversations are new and short, and opened before the clock starts.
    """
    async with connect(url) as session:
        opened = await open_all(session, script, messages=messages, concurrency=concurrency)
        return await talk(opened, script, concurrency=concurrency)


async def open_all(
    session: aiohttp.ClientSession, script: Script, *, messages: int, concurrency: int
) -> list[Customer]:
    """Customers for so many messages, each past the script's opening."""
    new = [Customer(session) for _ in range(conversations_for(messages, concurrency))]
    for first in range(0, len(new), concurrency):
        opening = new[first : first + concurrency]
        await asyncio.gather(*(customer.open(script) for customer in opening))
    return new


async def talk(
    customers: Sequence[Customer], script: Script, *, concurrency: int, count_failures: bool = False
) -> Load:
    """What all of them say, `concurrency` at a time.

    The first message that the server refuses raises Unanswered, unless failures are counted.
    """
    waiting = list(customers)

    async def write() -> list[Answer]:
        answers: list[Answer] = []
        while waiting:
            answers += await waiting.pop().chat(
                script, CONVERSATION_LENGTH, count_failures=count_failures
            )
        return answers

    started = time.perf_counter()
    written = await asyncio.gather(*(write() for _ in range(concurrency)))
    seconds = time.perf_counter() - started
    return Load(script.name, concurrency, tuple(itertools.chain(*written)), seconds)


async def long_conversation(
    url: str, script: Script, positions: Sequence[int], *, around: int
) -> dict[int, tuple[Answer, ...]]:
    """One long conversation; for each position the answers up to `around` messages beside it."""
    async with connect(url) as session:
        customer = Customer(session)
        await customer.open(script)
        answers = await customer.chat(script, max(positions) + around)
    return {
        position: tuple(answers[max(0, position - 1 - around) : position + around])
        for position in positions
    }
