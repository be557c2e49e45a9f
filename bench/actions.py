"""A turn with one database action: actions in Warmline's process, beside Rasa's own action server.

    uv run python -m bench.actions

The same model, the same action code and the same shop; only `actions_module` of endpoints.yml is
left out for the second one, so that Rasa calls `rasa run actions` over HTTP. Both take turns, one
message each, so that what else the machine does falls on both. docs/benchmarks.md says more.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from actions.context import close_shop
from actions.context.demo import seed
from bench.in_process import InProcess, in_process
from bench.programs import (
    ROOT,
    ServerFailed,
    command,
    free_port,
    listens,
    started,
    to_the_end,
    until,
)
from bench.report import percentile
from bench.servers import make_warmline_model
from bench.turns import machine
from bot.assistant.model import load_assistant

MESSAGES = 300
WARM_UP = 30
# Of one customer: who writes hundreds without a pause is not listened to.
CONVERSATION = 20
OPENING = ("where is my order?", "10432", "BS1 4DJ")
AGAIN, ANSWER = "where is it now?", "Order 10432"


@dataclass
class Contender:
    """One way of running actions. Times are in milliseconds: whole turns, and calls of actions."""

    name: str
    warmline: InProcess
    turns: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)

    async def say(self, customer: str, text: str, wanted: str) -> float:
        began = time.perf_counter()
        answers = await self.warmline.say(customer, text)
        took = (time.perf_counter() - began) * 1000
        if not any(wanted in answer.text for answer in answers):
            raise ServerFailed(f"{self.name} answered {[answer.text for answer in answers]}")
        return took


async def measure(messages: int) -> list[Contender]:
    """Both, after as many turns each."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmline-bench-")))
        shop = f"sqlite+aiosqlite:///{folder / 'shop.db'}"
        await seed(shop)
        os.environ["WARMLINE_SHOP_DATABASE_URL"] = shop
        stack.push_async_callback(close_shop)
        url = await stack.enter_async_context(_action_server(folder))
        remote = folder / "endpoints.yml"
        YAML().dump({"action_endpoint": {"url": url}}, remote)
        model = await make_warmline_model()
        contenders = []
        for name, endpoints in (("in process", ROOT / "endpoints.yml"), ("over HTTP", remote)):
            assistant = load_assistant(model, endpoints)
            stack.callback(assistant.close)
            database = f"sqlite:///{folder / name.replace(' ', '-')}.db"
            warmline = await stack.enter_async_context(in_process(database, assistant))
            contenders.append(Contender(name, warmline))
            _time_calls(assistant, contenders[-1].calls)
        for number in range(WARM_UP + messages):
            customer = f"customer {number // CONVERSATION}"
            for contender in contenders:
                if number % CONVERSATION == 0:
                    for text, wanted in zip(OPENING, ("", "postcode", ANSWER), strict=True):
                        await contender.say(customer, text, wanted)
                contender.calls.append(0.0)
                took = await contender.say(customer, AGAIN, ANSWER)
                if number >= WARM_UP:
                    contender.turns.append(took)
        for contender in contenders:
            contender.calls = contender.calls[-messages:]
        return contenders


def _time_calls(assistant: Any, calls: list[float]) -> None:
    """Add what each call of an action takes to the last of `calls`, which is the turn's."""
    endpoint = assistant._processor.action_endpoint
    request = endpoint.request

    async def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await request(*args, **kwargs)
        finally:
            if calls:
                calls[-1] += (time.perf_counter() - began) * 1000

    endpoint.request = timed


@asynccontextmanager
async def _action_server(folder: Path) -> AsyncIterator[str]:
    """`rasa run actions` over this project's actions, listening."""
    port = free_port()
    log = folder / "actions.log"
    program = [command("rasa"), "run", "actions", "--port", str(port)]
    shop = {"WARMLINE_SHOP_DATABASE_URL": os.environ["WARMLINE_SHOP_DATABASE_URL"]}
    async with started(program, cwd=ROOT, log=log, variables=shop) as process:
        await until(partial(listens, port), process, log)
        yield f"http://127.0.0.1:{port}/webhook"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    wanted = parser.parse_args()
    try:
        contenders = to_the_end(measure(wanted.messages))
    except ServerFailed as error:
        sys.exit(f"bench.actions: {error}")
    console = Console(width=100)
    console.print(machine())
    table = Table(title="A turn with one database action", title_justify="left")
    for heading in ("actions run", "turn p50 ms", "turn p95 ms", "in actions p50 ms"):
        table.add_column(heading, justify="right" if heading != "actions run" else "left")
    for each in contenders:
        figures = (percentile(each.turns, 0.5), percentile(each.turns, 0.95))
        table.add_row(each.name, *(f"{ms:.1f}" for ms in (*figures, percentile(each.calls, 0.5))))
    console.print(table)
    ours, theirs = contenders
    turns = percentile(theirs.turns, 0.5) / percentile(ours.turns, 0.5)
    calls = percentile(theirs.calls, 0.5) / percentile(ours.calls, 0.5)
    console.print(f"In process a turn takes 1/{turns:.1f} of the time, its actions 1/{calls:.1f}.")
    if wanted.json:
        told = {each.name: {"turns_ms": each.turns, "calls_ms": each.calls} for each in contenders}
        wanted.json.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
