"""How many turns compute at once, and who goes first."""

from __future__ import annotations

import asyncio

from bot.slots import Slots, outside


class Turns:
    """Turns of which each says when it holds a slot."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.log: list[str] = []
        self.holding = 0
        self.most = 0

    async def take(self, name: str, shop: asyncio.Event | None = None) -> None:
        async with self.slots.taken():
            self._begin(name)
            await asyncio.sleep(0)
            if shop is not None:
                self.holding -= 1
                async with outside():
                    await shop.wait()
                self._begin(f"{name} again")
                await asyncio.sleep(0)
            self.holding -= 1

    def _begin(self, name: str) -> None:
        self.log.append(name)
        self.holding += 1
        self.most = max(self.most, self.holding)


async def test_no_more_compute_at_once_than_there_are_slots() -> None:
    turns = Turns(Slots(2))
    await asyncio.gather(*(turns.take(str(number)) for number in range(9)))
    assert (turns.most, turns.holding) == (2, 0)
    assert turns.log == [str(number) for number in range(9)]


async def test_who_waits_outside_lends_the_slot_and_goes_first_when_back() -> None:
    turns = Turns(Slots(1))
    shop = asyncio.Event()
    slow = asyncio.create_task(turns.take("slow", shop))
    await asyncio.gather(*(turns.take(str(number)) for number in range(3)))
    assert turns.log == ["slow", "0", "1", "2"]
    shop.set()
    others = [asyncio.create_task(turns.take(str(number))) for number in range(3, 6)]
    await asyncio.gather(slow, *others)
    assert turns.log.index("slow again") <= 5
    assert turns.most == 1


async def test_a_cancelled_turn_gives_its_slot_or_its_place_back() -> None:
    turns = Turns(Slots(1))
    never = asyncio.Event()
    holding = asyncio.create_task(turns.take("holding"))
    hanging = asyncio.create_task(turns.take("hanging", never))
    waiting = asyncio.create_task(turns.take("waiting"))
    await asyncio.sleep(0)
    waiting.cancel()
    await holding
    await asyncio.sleep(0.01)
    assert turns.log == ["holding", "hanging"]
    hanging.cancel()
    await asyncio.gather(hanging, waiting, return_exceptions=True)
    await asyncio.wait_for(turns.take("after"), 1)
    assert turns.log[-1] == "after"


async def test_without_a_slot_outside_is_nothing() -> None:
    async with outside():
        pass


async def test_a_turn_cut_off_while_it_waits_to_go_on_gives_back_no_slot_that_it_lent() -> None:
    slots, shop = Slots(1), asyncio.Event()
    others: list[str] = []

    async def asks_the_shop() -> None:
        async with slots.taken(), outside():
            await shop.wait()

    async def stays(until: asyncio.Event) -> None:
        async with slots.taken():
            others.append("in")
            await until.wait()

    cut_off = asyncio.create_task(asks_the_shop())
    await asyncio.sleep(0)
    done = asyncio.Event()
    first = asyncio.create_task(stays(done))
    await asyncio.sleep(0)
    shop.set()  # it wants its slot back, which the first has
    await asyncio.sleep(0)
    cut_off.cancel()
    await asyncio.gather(cut_off, return_exceptions=True)
    second = asyncio.create_task(stays(done))
    await asyncio.sleep(0.01)
    assert others == ["in"], "there is one slot, and the first has it"
    done.set()
    await asyncio.gather(first, second)
    assert others == ["in", "in"]
