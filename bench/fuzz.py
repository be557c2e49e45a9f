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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from bench.programs import to_the_end
from bench.servers import warmline
from bot import demo
from desk.routes import API

# Asked in a run, each would end it: a token is gone, or a processor is busy for half a minute.
LEFT_OUT = frozenset({("POST", f"{API}/logout"), ("POST", f"{API}/models")})
MOST_FAILURES = 200
Operation = APIOperation[Any, Any, Any, Any]
_CALLER = {"anyone": "", "program": "agent"}
PATIENCE_SECONDS = 60.0
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
    """Asks the server at `url` as all of `tokens`, and as nobody."""

    def __init__(
        self, url: str, tokens: Mapping[str, str], *, seed: int, console: Console | None = None
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._seed = seed
        self._console = console or Console(quiet=True)
        self._session = requests.Session()
        self._document = self._session.get(f"{url}{API}/openapi.json", timeout=60).json()
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
        return found

    def _look_around(self) -> None:
        """The ids of what there is, by the collection it is in."""
        for path, item in self._document["paths"].items():
            if "get" not in item or "{" in path or "101" in item["get"]["responses"]:
                continue
            headers = {"Authorization": f"Bearer {self._tokens['lead']}"}
            answer = self._session.get(self._url + path, headers=headers, timeout=PATIENCE_SECONDS)
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if answer.ok and kind == "application/json":
                known = self._there.setdefault(_collection(path), [])
                known += [one for one in _ids(answer.json()) if one not in known][:200]

    def _ask_about(self, operation: Operation, mode: GenerationMode, count: int, seed: int) -> None:
        (audience,) = operation.tags or ("anyone",)
        # Mostly those who may: everybody else is refused at the door.
        callers = [_CALLER.get(audience, audience)] * 2 * len(self._tokens) + [*self._tokens, ""]

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
        headers = {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}
        what = f"{case.method} {case.path}"
        try:
            answer = case.call(
                base_url=self._url,
                session=self._session,
                headers=headers,
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
        if answer.headers.get("content-type", [""])[0].startswith("application/json"):
            checks.append(response_schema_conformance)  # a file is whatever it is
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


def _collection(path: str) -> str:
    return path.removeprefix(f"{API}/").partition("/")[0]


def _ids(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, str) and (key == "id" or key.endswith("_id")):
                yield value
            else:
                yield from _ids(value)
    elif isinstance(content, list):
        for each in content:
            yield from _ids(each)


def signed_in(url: str, roles: Sequence[Mapping[str, str]] = demo.SIGN_INS) -> dict[str, str]:
    """Tokens of everybody: the demo's people, and a visitor who is asking for a person."""
    tokens = {}
    for one in roles:
        body = {"email": one["email"], "password": one["password"]}
        answer = requests.post(f"{url}{API}/login", json=body, timeout=PATIENCE_SECONDS)
        tokens[one["role"]] = answer.json()["token"]
    begun = requests.post(f"{url}{API}/widget/sessions", json={}, timeout=PATIENCE_SECONDS)
    tokens["customer"] = begun.json()["token"]
    headers = {"Authorization": f"Bearer {tokens['customer']}"}
    for number, text in enumerate(("hello", "where is my order 10432?", "a person please")):
        said = {"id": f"fuzz-{number}", "text": text}
        where = f"{url}{API}/widget/messages"
        requests.post(where, json=said, headers=headers, timeout=PATIENCE_SECONDS)
    return tokens


def show(found: Found, seconds: float, console: Console) -> None:
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(found.statuses.items()))
    console.print(f"{found.requests} requests in {seconds:.0f} s: {statuses}")
    for what, curl in sorted(found.failures.items()):
        console.print(f"FAILED {what}\n       {curl[:600]}", markup=False)
    console.print(f"{len(found.failures)} kinds of failure")


async def measure(count: int, seed: int, console: Console) -> bool:
    """Whether nothing was wrong."""
    async with warmline(FIRST) as server:
        began = time.monotonic()
        tokens = await asyncio.to_thread(signed_in, server.url)
        fuzzer = Fuzzer(server.url, tokens, seed=seed, console=console)
        found = await asyncio.to_thread(fuzzer.run, count)
        show(found, time.monotonic() - began, console)
    return not found.failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    if not to_the_end(measure(options.requests, options.seed, console)):
        sys.exit(1)


if __name__ == "__main__":
    main()
