"""The four things whose cost must not grow: listing, opening, claiming, and taking a turn."""

from __future__ import annotations

import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.in_process import InProcess
from bench.population import CONVERSATION, WAITING, Population, address, row_id
from bench.talk import WrongAnswer
from bot import handoff
from bot.clock import new_id, now
from bot.records import User
from desk import views

SAID = "what are your opening hours?"
HEARD = "Monday to Friday"
PAGE = 10  # as many as the smallest database holds
TIMES = 8  # each thing in a round
QUEUE = "support"
ROUNDS = 5
TURNS = ROUNDS * TIMES + 1  # of different conversations, where there are as many


@dataclass(frozen=True, slots=True)
class Place:
    """Where the four things are done: a database with much in it, or a long conversation.

    `opened` and `claimed` are conversations; `writers` are the addresses that turns come from, one
    after the other.
    """

    warmline: InProcess
    agent: User
    opened: Sequence[str]
    claimed: str
    writers: Iterator[str]

    async def once(self) -> None:
        """Everything, once."""
        for name in WORK:
            await self.timed(name, times=1)

    async def timed(self, name: str, *, times: int = TIMES) -> float:
        """Milliseconds that one of WORK takes, the median of so many times."""
        return median([await WORK[name](self, number) for number in range(times)])

    async def list_page(self, _number: int) -> float:
        began = time.perf_counter()
        async with self.warmline.services.database.read() as uow:
            rows = await uow.conversations.page(limit=PAGE)
            await views.conversations(uow, rows)
        return _since(began)

    async def open_one(self, number: int) -> float:
        began = time.perf_counter()
        async with self.warmline.services.database.read() as uow:
            row = await uow.conversations.get(self.opened[number % len(self.opened)])
            if row is None:
                raise LookupError("a conversation that was filled in is not there")
            await views.conversation_detail(uow, row, self.warmline.services)
        return _since(began)

    async def claim(self, _number: int) -> float:
        began = time.perf_counter()
        await handoff.claim(self.warmline.services, self.claimed, self.agent)
        milliseconds = _since(began)
        await handoff.transfer(
            self.warmline.services, self.claimed, self.agent, agent_id=None, queue=QUEUE, note=None
        )
        return milliseconds

    async def take_a_turn(self, _number: int) -> float:
        writer = next(self.writers)
        began = time.perf_counter()
        said = await self.warmline.say(writer, SAID)
        milliseconds = _since(began)
        if not any(HEARD in one.text for one in said):
            raise WrongAnswer(f"'{SAID}' was answered with {[one.text for one in said]}")
        return milliseconds


WORK: Mapping[str, Callable[[Place, int], Awaitable[float]]] = {
    f"list {PAGE} conversations": Place.list_page,
    "open one": Place.open_one,
    "claim": Place.claim,
    "turn": Place.take_a_turn,
}


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


async def settle(warmline: InProcess, population: Population, *, talked: int = 0) -> Place:
    """A place in a database that `population` has filled.

    In each conversation that turns are taken in, the customer first writes `talked` messages more:
    then the bot remembers something, as after a real talk.
    """
    # The newest wait for a person; of the others, some from everywhere.
    others = population.conversations - WAITING
    numbers = [1 + others * part // TURNS for part in range(TURNS)]
    numbers = list(dict.fromkeys(numbers))
    for number in numbers if talked else ():
        for _ in range(talked):
            await warmline.say(address(number), SAID)
    return Place(
        warmline=warmline,
        agent=await _agent(warmline),
        opened=[row_id(CONVERSATION, number) for number in numbers],
        claimed=row_id(CONVERSATION, population.conversations),
        writers=itertools.cycle(address(number) for number in numbers),
    )


async def _agent(warmline: InProcess) -> User:
    agent = User(new_id(), f"{new_id()}@shop.test", "Nora", "agent", "", now())
    async with warmline.services.database.write() as uow:
        await uow.staff.add(agent)
    return agent
