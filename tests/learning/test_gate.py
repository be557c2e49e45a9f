"""What opens the gate and what closes it, each with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from bot.learning.gate import Check, gate, keeps_promises, must_pass, no_loss, stories
from bot.learning.verdict import verdict


def tally(fixed: int, broken: int, p: float, asked: int = 100) -> dict[str, Any]:
    return {"asked": asked, "fixed": fixed, "broken": broken, "p": p}


def promised(at: float | None = 0.8, *, above: bool = False) -> dict[str, Any]:
    return {"from": at, "bound": 0.04, "above": above, "wrong": 9, "answered": 20}


def of_class(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [{"name": "talk", "accepted_wrong_rate": 0.05, "old": old, "new": new}]


def test_only_what_failed_closes_it() -> None:
    checks = [Check("a", True, "fine"), Check("b", None, "unknown")]
    assert gate(checks) == {
        "passed": True,
        "reasons": [],
        "checks": [
            {"code": "a", "passed": True, "text": "fine"},
            {"code": "b", "passed": None, "text": "unknown"},
        ],
    }
    closed = gate([*checks, Check("c", False, "broken")])
    assert closed["passed"] is False
    assert closed["reasons"] == [{"code": "c", "text": "broken"}]


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        (None, None),
        (tally(0, 0, 1.0, asked=0), None),
        (tally(0, 0, 1.0), True),
        (tally(2, 5, 0.45), True),
        (tally(20, 2, 0.0001), True),
        (tally(2, 20, 0.0001), False),
    ],
)
def test_a_loss_counts_when_chance_does_not_explain_it(
    said: dict[str, Any] | None, passed: bool | None
) -> None:
    assert no_loss("replay", "Replayed turns", said).passed is passed


@pytest.mark.parametrize(
    ("old", "new", "passed"),
    [
        (promised(), promised(), True),
        (None, promised(), True),
        (promised(), promised(above=True), False),
        (promised(), promised(None), False),
        (promised(None), promised(None), None),
        (promised(), None, False),
    ],
)
def test_a_risk_class_keeps_its_promise(
    old: dict[str, Any] | None, new: dict[str, Any] | None, passed: bool | None
) -> None:
    (check,) = keeps_promises(of_class(old, new))
    assert check.passed is passed
    assert "talk" in check.text


def test_a_must_pass_example_that_fails_is_named() -> None:
    examples = [
        {"text": f"text {place}", "intent": "refund", "new_right": place > 7} for place in range(9)
    ]
    assert must_pass([]).passed is None
    assert must_pass(examples[8:]).passed is True
    check = must_pass(examples)
    assert check.passed is False
    assert "8 of 9" in check.text
    assert "text 0" in check.text
    assert "3 more" in check.text


def test_stories_pass_fail_or_are_not_there() -> None:
    assert stories([]).passed is True
    assert stories(None).passed is None
    assert stories(["a guest tracks an order"]).passed is False
    assert stories(None, "no such action").passed is False


@pytest.mark.parametrize(
    ("paired", "counts", "said"),
    [
        (
            {"asked": 15, "old_right": 12, "new_right": 15},
            {"fixed": 3, "broken": 0, "changed": 2},
            "12 of 15 right before, 15 of 15 now; in 90 replayed turns 3 fixed, nothing broken, "
            "2 otherwise changed.",
        ),
        (
            {"asked": 0},
            {"fixed": 1, "broken": 2, "changed": 0},
            "No labelled message was held out; in 90 replayed turns 1 fixed and 2 broken.",
        ),
        (
            {"asked": 0},
            {"fixed": 0, "broken": 0, "changed": 0},
            "No labelled message was held out; nothing changes in 90 replayed turns.",
        ),
    ],
)
def test_the_verdict_is_one_sentence(
    paired: dict[str, int], counts: dict[str, int], said: str
) -> None:
    replay = {"judged": 90, "counts": counts}
    assert verdict({"held_out": {"paired": paired}, "replay": replay}) == said


def test_without_a_live_model_the_verdict_says_so() -> None:
    held = {"paired": None, "asked": {"new": 3}, "accuracy": {"new": {"value": None}}}
    assert "no live model" in verdict({"held_out": held, "replay": None})
