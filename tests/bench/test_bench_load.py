"""Figures of a load: rates without the failed, goals, who was busy; and stock Rasa's addresses."""

from __future__ import annotations

import os
import time

import pytest
from rich.console import Console

from bench.backing import Backing
from bench.customers import Answer, Load
from bench.deployments import peer_endpoints
from bench.load_report import Measured, as_json, cpu_table, figures, scaling
from bench.usage import CLIENT, Meter, Usage, memory_mib


def measured(*milliseconds: float, failed: int = 0, wrong: int = 0) -> Measured:
    answers = [Answer(each, right=True) for each in milliseconds]
    answers += [Answer(30_000, right=False, failed=True)] * failed
    answers += [Answer(milliseconds[0], right=False)] * wrong
    usage = Usage(2.0, {"warmline serve": 1.9, CLIENT: 0.1})
    return Measured(0.5, {8: Load("action", 8, tuple(answers), 2.0)}, {8: usage}, 300.0)


def test_a_message_without_an_answer_counts_for_the_tail_and_not_for_the_rate() -> None:
    one = measured(10, 20, 30, failed=1, wrong=1)
    assert one.rate(8) == 2.0
    assert one.at(8, 99) == 30_000
    assert (one.failures(), one.wrong()) == (1, 1)


def test_goals_are_judged_and_errors_are_never_met() -> None:
    ours, theirs = [measured(*[10.0] * 16)], [measured(80.0, 80.0, failed=1)]
    found = {each.name: each for each in figures(ours, theirs)}
    assert found["8 at a time"].met is True
    assert found["8 at a time, p99"].met is True
    assert found["8 at a time, p50"].met is None
    assert found["without an answer"].met is True
    bad = {each.name: each for each in figures([measured(10.0, wrong=1)], theirs)}
    assert bad["wrong"].met is False
    assert bad["8 at a time"].met is False


def test_twice_the_workers_are_compared_with_one() -> None:
    more, fewer = [measured(*[10.0] * 8)], [measured(*[10.0] * 4)]
    (figure,) = scaling(more, fewer)
    assert (figure.ratios, figure.met) == ([2.0], True)


def test_the_busy_are_told_apart() -> None:
    found = {"Warmline": [measured(10.0), measured(20.0)]}
    console = Console(width=100)
    with console.capture() as printed:
        console.print(cpu_table(found))
    rows = [line.split() for line in printed.get().splitlines()]
    assert rows[2:] == [
        ["warmline", "serve", "0.95"],
        ["this", "client", "0.05"],
        ["all", "of", "these", "1.00"],
    ]
    (first, _) = as_json(found)["Warmline"]
    assert first["loads"][8]["cores_busy"] == {"warmline serve": 0.95, CLIENT: 0.05}


def test_a_meter_reads_this_process() -> None:
    meter = Meter({})
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    usage = meter.read()
    assert usage.cpu_seconds[CLIENT] > 0.03
    assert 0 < usage.cores(CLIENT) <= (os.cpu_count() or 1)
    assert memory_mib({"self": os.getpid()}) > 20


@pytest.mark.parametrize(
    ("database", "store"),
    [
        ("sqlite:////tmp/a/bench.db", {"dialect": "sqlite", "db": "/tmp/a/bench.db"}),  # noqa: S108
        (
            "postgresql://postgres@/bench_1?host=/tmp/pg",
            {"dialect": "postgresql", "url": "postgresql://postgres@/bench_1?host=/tmp/pg"},
        ),
    ],
)
def test_stock_rasa_is_told_where_its_stores_are(database: str, store: dict[str, str]) -> None:
    endpoints = peer_endpoints(Backing(database, "redis://127.0.0.1:7777/3", {}), 5056)
    assert endpoints["tracker_store"] == {"type": "SQL", **store}
    locks = {"type": "redis", "url": "127.0.0.1", "port": 7777, "db": 3}
    assert endpoints["lock_store"] == locks
    assert endpoints["action_endpoint"]["url"] == "http://127.0.0.1:5056/webhook"
