"""The confidence each risk class answers from, found on what the model says of unseen examples.

`handoff.yml` says how often an answer may be wrong. Rare intents have too few examples to promise
anything of each, so those of one risk class are judged together, by the intent that was predicted:
that is the answer the customer would have got.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.assistant.calibration import Threshold, find_threshold
from bot.assistant.nlu.intents import Unseen
from bot.rules import Rules


def find_bounds(unseen: Unseen, names: Sequence[str], rules: Rules) -> dict[str, Threshold]:
    """A threshold for every risk class that one of the intents `names` belongs to."""
    class_of = [rules.risk_class(name) for name in names]
    trusted = np.where(unseen.refused, 0.0, unseen.confidence)
    predicted = np.array([class_of[place] for place in unseen.predicted])
    bounds: dict[str, Threshold] = {}
    for name, risk in rules.classes.items():
        if name in class_of:
            inside = predicted == name
            bounds[name] = find_threshold(
                trusted[inside],
                unseen.correct[inside],
                rate=risk.accepted_wrong_rate,
                guarantee=risk.guarantee,
            )
    return bounds


def verdict(bounds: dict[str, Threshold], risk_class: str, confidence: float) -> dict[str, Any]:
    """What the parse data says of the likeliest intent: its bound, and whether it is met."""
    promise = bounds[risk_class]
    least = promise.confidence
    return {
        "risk_class": risk_class,
        "accepted": promise.accepted_wrong_rate,
        "guarantee": promise.guarantee,
        "confidence": least,
        "met": least is not None and confidence >= least,
    }
