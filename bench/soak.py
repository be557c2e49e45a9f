"""Whether a server that runs for long stays as it is: ten thousand messages through one process.

`warmline demo` is started over an empty data folder, and as many customers as it answers at once
write to it as fast as it goes. After every thousand messages the process is looked at from outside:
the memory and descriptors that /proc knows of, its threads, and the tasks that it counts itself.
`uv run python -m bench.soak` takes some minutes, and ends with status 1 when something grew.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from rich.console import Console

from bench.customers import Customer, Step, connect
from bench.programs import ServerFailed
from bench.servers import Server, warmline

# A plain answer, an action that reads the shop's database inside a form, and a few words more.
TALK = (
    Step("where is my order?", "order number"),
    Step("10432", "postcode"),
    Step("BS1 4DJ", "hiking boots"),
    Step("when are you open?", "Our shop"),
    Step("can I pay with paypal?", "PayPal"),
)
CUSTOMERS = 16
EVERY = 1_000
SETTLED_FROM = 2_000  # what a process keeps for good, it has by then
GROWTH = 0.05
QUIET_SECONDS = 1.0  # until the server has noticed that its customers hung up
TASKS = "warmline_tasks "


@dataclass(frozen=True, slots=True)
class Look:
    """The process after so many messages, with nobody connected."""

    messages: int
    mib: float
    descriptors: int
    threads: int
    tasks: int

    def __str__(self) -> str:
        return (
            f"{self.messages:>6} messages  {self.mib:6.1f} MiB  {self.descriptors} descriptors"
            f"  {self.threads} threads  {self.tasks} tasks"
        )


async def soak(server: Server, messages: int, every: int, console: Console) -> list[Look]:
    """Let customers write that many messages; the process after each `every` of them."""
    looks = []
    for before in range(0, messages, every):
        await write(server.url, min(every, messages - before))
        looks.append(await _look(server, min(before + every, messages)))
        console.print(str(looks[-1]))
    return looks


async def write(url: str, messages: int) -> None:
    """Conversations of five messages each, so many that `messages` are written at least."""
    conversations = iter(range(-(-messages // len(TALK))))
    async with connect(url) as session:
        await asyncio.gather(*(_chat(session, conversations) for _ in range(CUSTOMERS)))


async def _chat(session: aiohttp.ClientSession, conversations: Iterator[int]) -> None:
    for _ in conversations:
        customer = Customer(session)
        for step in TALK:
            if not (await customer.say(step)).right:
                raise ServerFailed(f"'{step.says}' was not answered with '{step.hears}'")


async def _look(server: Server, messages: int) -> Look:
    await asyncio.sleep(QUIET_SECONDS)
    async with connect(server.url) as session, session.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    tasks = next(line.removeprefix(TASKS) for line in lines if line.startswith(TASKS))
    process = Path(f"/proc/{server.pid}")
    return Look(
        messages=messages,
        mib=server.memory_mib(),
        descriptors=sum(1 for _ in (process / "fd").iterdir()),
        threads=sum(1 for _ in (process / "task").iterdir()),
        tasks=round(float(tasks)),
    )


def grown(looks: list[Look], settled_from: int) -> list[str]:
    """What the last look has more of than any in the first half of those from `settled_from` on; of
    memory, more than a twentieth more. A leak has more with every look, and a pool's next
    connection once."""
    settled = [look for look in looks if look.messages >= settled_from]
    early, last = settled[: max(len(settled) // 2, 1)], settled[-1]
    found = []
    if last.mib > (most := max(look.mib for look in early)) * (1 + GROWTH):
        found.append(f"memory grew from {most:.1f} to {last.mib:.1f} MiB")
    for name in ("descriptors", "threads", "tasks"):
        before, after = max(getattr(look, name) for look in early), getattr(last, name)
        if after > before:
            found.append(f"{name} grew from {before} to {after}")
    return found


async def _main(messages: int) -> int:
    console = Console(highlight=False, soft_wrap=True)
    console.print("Starting `warmline demo` …")
    async with warmline(TALK[0]) as server:
        looks = await soak(server, messages, EVERY, console)
    found = grown(looks, min(SETTLED_FROM, messages))
    for problem in found:
        console.print(f"[red]Not flat[/red]: {problem}.")
    if not found:
        console.print(f"Flat: nothing grew after message {min(SETTLED_FROM, messages)}.")
    return 1 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=10_000)
    arguments = parser.parse_args()
    if not Path("/proc/self/fd").exists():
        sys.exit("This looks into /proc, which only Linux has.")
    sys.exit(asyncio.run(_main(arguments.messages)))


if __name__ == "__main__":
    main()
