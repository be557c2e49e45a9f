"""A turn's steps: none counted twice, the rest named, and everything put back afterwards."""

from __future__ import annotations

import pytest

from bench.floor import Found
from bench.in_process import InProcess
from bench.turn_steps import COMMIT, REPLYING, REST, UNDERSTANDING, Steps, watched
from bot.services import Services
from bot.store.messages import Messages
from tests.client import Warmline
from tests.conftest import over_both_databases


def test_the_rest_is_what_no_step_took() -> None:
    steps = Steps()
    steps.add("messages.add", 0.2, calls=4)
    steps.add(COMMIT, 0.5, calls=8)
    assert steps.per_turn(turns=2, seconds=1.0) == [
        (COMMIT, 250.0, 4.0),
        ("messages.add", 100.0, 2.0),
        (REST, pytest.approx(150.0), 1.0),
    ]


def test_the_goal_is_a_multiple_of_the_floor() -> None:
    found = Found(ours=[18.0, 30.0, 19.0], floor=[10.0, 10.0, 10.0])
    _, ratio = found.figures()
    assert (list(ratio.ours), ratio.met) == ([1.8, 3.0, 1.9], True)


@over_both_databases
async def test_a_real_turn_is_taken_apart(warmline: Warmline, services: Services) -> None:
    alone = InProcess(services, services.assistant)
    before = vars(Messages)["add"]
    with watched(alone) as steps:
        (said,) = await warmline.texts("ada", "hello")
    assert said
    assert vars(Messages)["add"] is before
    for step in ("turns.finish", COMMIT, REPLYING, UNDERSTANDING):
        assert steps.calls[step] > 0
        assert steps.seconds[step] > 0
