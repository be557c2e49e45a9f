"""How long a lead's pages take over 1,000,000 logged turns: the inbox, the log, Insight.

Each is one request as its route answers it, from the query to the JSON, without HTTP. The rows are
made in SQL (bench.logged_turns), which takes some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

from aiohttp.test_utils import make_mocked_request
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from bench import logged_turns
from bench.in_process import assistant_and_shop, in_process
from bench.postgresql import postgresql
from bench.programs import ServerFailed
from bot.clock import now
from bot.insight.definitions import FIGURES
from bot.records import User
from bot.services import Services
from desk import insight_routes, review_routes, turn_routes
from desk.routes import Call, Route

CALLS = 20
GOAL_MS = 500
ROUTES = {
    route.path: route
    for module in (review_routes, turn_routes, insight_routes)
    for route in module.table()
    if route.method == "GET"
}
Query = Mapping[str, Any]


def requests() -> dict[str, tuple[str, Query]]:
    """What is measured: a name, the route and its query."""
    today = now().date()

    def days(number: int) -> dict[str, str]:
        return {"since": str(today - timedelta(days=number - 1)), "until": str(today)}

    old = {"until": (now() - timedelta(days=50)).isoformat()}
    log: dict[str, Query] = {
        "the log": {},
        "an intent": {"intent": "get_refund"},
        "a rare intent": {"intent": "no_such_intent"},
        "an outcome": {"outcome": "misunderstood"},
        "a reason": {"reason": "action_failed"},
        "a channel": {"channel": "telegram"},
        "confidence to 15 %": {"max_confidence": 0.15},
        "confidence from 99.99 %": {"min_confidence": 0.9999},
        "confidence that none has": {"max_confidence": 0.05},
        "a week": {"since": (now() - timedelta(days=7)).isoformat()},
        "10 old days": old,
        "an intent, old": {"intent": "get_refund", **old},
        "an intent, an outcome": {"intent": "get_refund", "outcome": "misunderstood"},
        "all that rarely meet": {
            "intent": "get_refund",
            "outcome": "handed_off",
            "reason": "action_failed",
            "channel": "twilio",
            "max_confidence": 0.2,
        },
        "text: an order's number": {"q": str(10_000_000 + 1234)},
        "text: a rare word": {"q": "zeppelin"},
        "text: “order”": {"q": "order"},
        "text: two words": {"q": "cancel order"},
        "text: a word begun": {"q": "ord"},
        "text: “order”, old": {"q": "order", **old},
        "text: “order”, misunderstood": {"q": "order", "outcome": "misunderstood"},
    }
    insight = {f"insight, {each} days": ("/insight", days(each)) for each in (7, 28, 90)}
    by_day = {f"insight by day, {each} days": ("/insight/days", days(each)) for each in (28, 90)}
    behind = {
        f"contacts: {figure.name}": ("/insight/contacts", {**days(90), "figure": figure.name})
        for figure in FIGURES
    }
    return {
        "inbox": ("/review", {}),
        "standing": ("/review/standing", {}),
        "disagreements": ("/review/disagreements", {}),
        **{name: ("/turns", query) for name, query in log.items()},
        "facets": ("/turns/facets", {}),
        **insight,
        **by_day,
        **behind,
    }


async def ask(services: Services, route: Route, query: Query) -> float:
    """Milliseconds for one request."""
    lead = User(logged_turns.LEAD, "ada@example.org", "Ada", "lead", "", now())
    began = time.perf_counter()
    asked = route.query.parse_obj(query) if route.query else None
    call = Call(services, make_mocked_request("GET", route.path), user=lead, query=asked)
    answer = await route.handler(call)
    if not isinstance(answer, BaseModel):
        raise TypeError(route.path)
    answer.json()
    return (time.perf_counter() - began) * 1000


async def measure(services: Services, console: Console, only: str) -> None:
    """Ask everything, and print how long it took."""
    drawn = Table("", "p50 ms", "p95 ms", "")
    for name, (path, query) in requests().items():
        if only not in name:
            continue
        taken = [await ask(services, ROUTES[path], query) for _ in range(CALLS)]
        p95 = quantiles(taken, n=20)[-1]
        missed = f"over {GOAL_MS}" if p95 > GOAL_MS else ""
        drawn.add_row(name, f"{median(taken):.0f}", f"{p95:.0f}", missed)
    console.print(drawn)


async def run(console: Console, only: str) -> None:
    """Measure over a database of its own."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(postgresql())
        url = await stack.enter_async_context(server.new_database("bench_leads"))
        began = time.perf_counter()
        await logged_turns.fill(server, "bench_leads")
        took = time.perf_counter() - began
        console.print(f"{logged_turns.TURNS:,} turns, made in {took:.0f} s")
        assistant = await stack.enter_async_context(assistant_and_shop())
        mine = await stack.enter_async_context(in_process(url, assistant))
        await measure(mine.services, console, only)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.leads", description=__doc__)
    parser.add_argument("--only", default="", help="what has this in its name, such as 'text'")
    wanted = parser.parse_args()
    try:
        asyncio.run(run(Console(highlight=False), wanted.only))
    except ServerFailed as error:
        sys.exit(f"bench.leads: {error}")


if __name__ == "__main__":
    main()
