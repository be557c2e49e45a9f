"""When a shop is left alone, and when it is asked again."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from actions.context.breaker import Breaker
from actions.context.errors import LeftAlone, NoAnswer, ShopUnavailable
from tests.actions.context.failing_shop import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(most_failures=3, rest_seconds=10, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(NoAnswer), breaker.watching():
            raise NoAnswer("down")


def answer(breaker: Breaker) -> None:
    with breaker.watching():
        pass


def is_open(breaker: Breaker) -> bool:
    """Whether a try is refused; one that is not counts for nothing."""
    try:
        with breaker.watching():
            raise asyncio.CancelledError
    except asyncio.CancelledError:
        return False
    except LeftAlone:
        return True


def shown() -> float:
    """What `/metrics` says."""
    value = REGISTRY.get_sample_value("warmline_shop_circuit_open")
    assert value is not None
    return value


def test_it_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 2)
    answer(breaker)
    fail(breaker, 2)
    assert not is_open(breaker)
    assert shown() == 0
    fail(breaker)
    assert is_open(breaker)
    assert shown() == 1


def test_an_answer_that_helps_nobody_is_an_answer(breaker: Breaker) -> None:
    fail(breaker, 2)
    with pytest.raises(ShopUnavailable), breaker.watching():
        raise ShopUnavailable("a lie")
    fail(breaker, 2)
    assert not is_open(breaker)


def test_after_a_rest_one_try_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 9.9
    assert is_open(breaker)
    clock.now += 0.1
    with breaker.watching():
        assert is_open(breaker), "one goes first, and the others do not wait for it"
    assert not is_open(breaker)
    assert shown() == 0
    fail(breaker, 2)
    assert not is_open(breaker), "it counts from nothing again"


def test_a_trial_that_fails_begins_another_rest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    fail(breaker)
    assert shown() == 1
    clock.now += 9.9
    assert is_open(breaker)
    clock.now += 0.1
    answer(breaker)
    assert not is_open(breaker)


def test_a_trial_that_is_cancelled_says_nothing(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    assert not is_open(breaker)
    assert shown() == 1
    fail(breaker)
    assert is_open(breaker)
