"""Everything that the OpenAPI document offers, asked in every way it allows and does not.

A demo over an empty data folder is asked as everybody, with what fits the document and with what
does not, half of it about things that are there. It fails on an answer that is the server's own
fault, or that does not fit the document.

    uv run python -m bench.fuzz --requests 100000
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import time
import unittest
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import strategies
from hypothesis.errors import Unsatisfiable
from rich.console import Console
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.customers import Step
from bench.fuzz_callers import PATIENCE_SECONDS, Callers, ids
from bench.programs import to_the_end
from bench.servers import warmline
from desk.routes import API

# Asked in a run, each would end it: a token is gone, or a processor is busy for half a minute.
LEFT_OUT = frozenset({("POST", f"{API}/logout"), ("POST", f"{API}/models")})
MOST_FAILURES = 200
PAST_SECONDS = 300.0
Operation = APIOperation[Any, Any, Any, Any]
_CALLER = {"anyone": "", "program": "agent"}
FIRST = Step("hello", "What can I do for you?")


@dataclass(slots=True)
class Found:
    """What was asked and answered; `failures` by what went wrong where, each with one request."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())


class Fuzzer:
    """Asks the server at `url` as all of `callers`, and as nobody; of all operations every
    `share`-th, from `first` on, so that several may run side by side."""

    def __init__(
        self,
        url: str,
        callers: Callers,
        *,
        seed: int,
        console: Console | None = None,
        first: int = 0,
        share: int = 1,
    ) -> None:
        self._url = url
        self._callers = callers
        self._seed = seed
        self._part = slice(first, None, share)
        self._console = console or Console(quiet=True)
        self._session = requests.Session()
        self._document = callers.get("/openapi.json").json()
        self._there: dict[str, list[str]] = {}
        self.found = Found()

    def run(self, count: int) -> Found:
        """Ask so many times, or as long as there is something new to ask."""
        operations = self._operations()
        modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        each = max(1, count // (len(operations) * len(modes)))
        turn = self._seed
        while self.found.requests < count:
            before = self.found.requests
            self._look_around()
            for operation in operations:
                self._callers.renew(_usual(operation))
                for mode in modes:
                    turn += 1
                    left = count - self.found.requests
                    if left > 0:
                        self._ask_about(operation, mode, min(each, left), turn)
            self._console.print(f"{self.found.requests} of {count} requests")
            if self.found.requests == before or len(self.found.failures) >= MOST_FAILURES:
                break
        return self.found

    def _operations(self) -> list[Operation]:
        found = []
        for one in schemathesis.openapi.from_dict(self._document).get_all_operations():
            if isinstance(one, Err):
                raise one.err()
            operation = one.ok()
            what = operation.method.upper(), operation.path
            if what not in LEFT_OUT and "101" not in operation.definition.raw["responses"]:
                found.append(operation)
        random.Random(self._seed).shuffle(found)  # noqa: S311
        return found[self._part]

    def _look_around(self) -> None:
        """The ids of what there is, by the collection it is in."""
        spared = self._callers.own()
        for path, item in self._document["paths"].items():
            if "get" not in item or "{" in path or "101" in item["get"]["responses"]:
                continue
            answer = self._callers.get(path.removeprefix(API), "admin")
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if answer.ok and kind == "application/json":
                known = self._there.setdefault(_collection(path), [])
                there = dict.fromkeys(ids(answer.json()))
                known += [one for one in there if one not in known and one not in spared][:200]

    def _ask_about(self, operation: Operation, mode: GenerationMode, count: int, seed: int) -> None:
        # Mostly those who may: everybody else is refused at the door.
        everybody = self._callers.names()
        callers = [_usual(operation)] * 2 * len(everybody) + everybody

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(
            operation.as_strategy(mode),
            strategies.sampled_from(callers),
            strategies.integers(0, 2**32),
        )
        def ask(case: Case[Any], who: str, dice: int) -> None:
            self._ask(case, who, random.Random(dice))  # noqa: S311 (nothing is kept secret by it)

        # Where there is no such request, nothing about it can be wrong.
        with contextlib.suppress(Unsatisfiable, unittest.SkipTest):
            ask()

    def _ask(self, case: Case[Any], who: str, dice: random.Random) -> None:
        known = self._there.get(_collection(case.path), [])
        for name in case.path_parameters or {}:
            if known and dice.random() < 0.5:
                case.path_parameters[name] = dice.choice(known)
        if "wait" in (case.query or {}):
            case.query["wait"] = 0  # a long poll is as long as it says
        what = f"{case.method} {case.path}"
        try:
            answer = case.call(
                base_url=self._url,
                session=self._session,
                headers=self._callers.headers(who),
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            self._note(f"{what}: {type(error).__name__}", case)
            return
        except (requests.RequestException, ValueError):
            return  # what no client can send
        self.found.statuses[answer.status_code] += 1
        for_now = answer.status_code == 503 and "retry-after" in answer.headers
        if answer.status_code >= 500 and not for_now:
            self._note(f"{what}: {answer.status_code}", case)
        if for_now and "on our side" in answer.text:
            self._note(f"{what}: an error nobody meant", case)
        checks = [content_type_conformance, status_code_conformance]
        is_file = "content-disposition" in answer.headers  # whatever it holds
        is_json = answer.headers.get("content-type", [""])[0].startswith("application/json")
        if is_json and not is_file:
            checks.append(response_schema_conformance)
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                words = failure.title if isinstance(failure, Failure) else str(failure)
                self._note(f"{what}: {answer.status_code} {words}", case)

    def _note(self, what: str, case: Case[Any]) -> None:
        if what not in self.found.failures:
            self.found.failures[what] = case.as_curl_command()
            self._console.print(f"FAILED {what}", markup=False)


def _usual(operation: Operation) -> str:
    """Who may ask for it."""
    (audience,) = operation.tags or ("anyone",)
    return _CALLER.get(audience, audience)


def _collection(path: str) -> str:
    return path.removeprefix(f"{API}/").partition("/")[0]


def show(found: Found, seconds: float, console: Console) -> None:
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(found.statuses.items()))
    rate = found.requests / seconds
    console.print(f"{found.requests} requests in {seconds:.0f} s, {rate:.0f} a second: {statuses}")
    for what, curl in sorted(found.failures.items()):
        console.print(f"FAILED {what}\n       {curl[:600]}", markup=False)
    console.print(f"{len(found.failures)} kinds of failure")


def past_written(url: str) -> None:
    """Wait until the demo has written its log of past visits: that is one long transaction, and
    whoever writes meanwhile waits for it."""
    callers = Callers(url)
    ends = time.monotonic() + PAST_SECONDS
    while not callers.get("/turns").json().get("items"):
        if time.monotonic() > ends:
            raise SystemExit("The demo wrote no past.")
        time.sleep(1)


def ask_a_share(url: str, count: int, seed: int, first: int, share: int) -> Found:
    """What one worker does: to think of a request takes longer than to answer it."""
    console = Console(highlight=False, soft_wrap=True)
    fuzzer = Fuzzer(url, Callers(url), seed=seed, console=console, first=first, share=share)
    return fuzzer.run(count)


async def measure(count: int, seed: int, workers: int, console: Console) -> bool:
    """Whether nothing was wrong."""
    loop = asyncio.get_running_loop()
    found = Found()
    async with warmline(FIRST) as server:
        await asyncio.to_thread(past_written, server.url)
        began = time.monotonic()
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            shares = [
                loop.run_in_executor(
                    pool, ask_a_share, server.url, -(-count // workers), seed, first, workers
                )
                for first in range(workers)
            ]
            for share in await asyncio.gather(*shares):
                found.statuses += share.statuses
                found.failures.update(share.failures)
        show(found, time.monotonic() - began, console)
    return not found.failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    work = measure(options.requests, options.seed, options.workers, console)
    if not to_the_end(work):
        sys.exit(1)


if __name__ == "__main__":
    main()
