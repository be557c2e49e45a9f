"""The pure parts of the measurements: percentiles, rows and their verdicts."""

from __future__ import annotations

import pytest
from rich.console import Console

from bench.customers import Answer, Load, conversations_for
from bench.report import Round, as_json, percentile, rows, table


def measured(bot: str, *, milliseconds: list[float], seconds: float, ready: float) -> Round:
    answers = tuple(Answer(each, right=True) for each in milliseconds)
    return Round(
        bot=bot,
        load_average=0.5,
        ready_seconds=ready,
        memory_mib=200.0,
        loads=(Load("plain message", 1, answers, seconds), Load("plain message", 8, answers, 1.0)),
        nth={5: answers[:1], 200: answers[-1:]},
    )


def test_percentile_is_a_measured_value() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 2.0
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(
    ("messages", "concurrency", "conversations"), [(1, 1, 1), (150, 1, 25), (150, 8, 32)]
)
def test_every_customer_has_as_many_conversations(
    messages: int, concurrency: int, conversations: int
) -> None:
    assert conversations_for(messages, concurrency) == conversations


def test_rounds_count_alike_and_better_means_better() -> None:
    ours = [
        measured("warmline", milliseconds=[10.0, 20.0], seconds=1.0, ready=4.0),
        measured("warmline", milliseconds=[10.0, 30.0], seconds=3.0, ready=6.0),
    ]
    theirs = [measured("rasa_init", milliseconds=[5.0, 60.0], seconds=1.0, ready=20.0)]
    found = {row.name: row for row in rows(ours, theirs)}

    slowest = found["plain message, p99"]
    assert (slowest.ours, slowest.theirs, slowest.ratio) == (30.0, 60.0, 2.0)
    throughput = found["plain message, 1 at a time"]
    assert (throughput.ours, throughput.theirs, throughput.ratio) == (1.0, 2.0, 0.5)
    ready = found["start to first answer"]
    assert (ready.ours, ready.our_spread, ready.ratio) == (5.0, 0.4, 4.0)
    assert found["wrong answers"].ours == 0


def test_a_load_the_other_bot_cannot_have_is_shown_alone() -> None:
    ours = measured("warmline", milliseconds=[10.0], seconds=1.0, ready=4.0)
    action = Load("custom action", 1, (Answer(12.0, right=False),), 1.0)
    with_action = Round("warmline", 0.5, 4.0, 200.0, (*ours.loads, action), ours.nth)
    theirs = measured("rasa_init", milliseconds=[5.0], seconds=1.0, ready=20.0)
    figures = rows([with_action], [theirs])
    found = {row.name: row for row in figures}

    assert found["custom action, p50"].theirs is None
    assert found["custom action, p50"].ratio is None
    assert found["wrong answers"].ours == 1

    console = Console(width=100)
    with console.capture() as printed:
        console.print(table(figures))
    line = next(row for row in printed.get().splitlines() if row.startswith("custom action, p50"))
    assert line.split() == ["custom", "action,", "p50", "(ms)", "12", "-"]
    written = as_json(figures, [with_action, theirs])
    assert written["rounds"][0]["loads"][2]["p50_ms"] == 12.0
