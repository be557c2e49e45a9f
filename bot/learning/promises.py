"""What each risk class is promised by a model, and whether held-out messages bear it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.assistant.nlu.bounds import find_bounds
from bot.assistant.nlu.intents import Unseen
from bot.assistant.reply import NOT_UNDERSTOOD
from bot.learning.figures import share, significantly_above
from bot.rules import Rules

Parses = Sequence[Mapping[str, Any]]


def promises(
    unseen: Unseen | None, names: Sequence[str], truth: Sequence[str], parses: Parses, rules: Rules
) -> dict[str, dict[str, Any]]:
    """By risk class: the confidence it is answered from (None: never), the share of its own unseen
    examples that are, and how many held-out messages were answered as one of it, and wrongly."""
    bounds = find_bounds(unseen, names, rules) if unseen is not None else {}
    found = {}
    for name, risk in rules.classes.items():
        answered = [
            intent == parsed["intent"]["name"]
            for intent, parsed in zip(truth, parses, strict=True)
            if parsed["intent"]["name"] not in NOT_UNDERSTOOD
            and rules.risk_class(parsed["intent"]["name"]) == name
        ]
        wrong = len(answered) - sum(answered)
        bound = bounds.get(name)
        if bound is None and not answered:
            continue
        found[name] = {
            "from": bound.confidence if bound else None,
            "bound": round(bound.bound, 4) if bound else None,
            "coverage": asdict(
                share(bound.answered if bound.confidence is not None else 0, bound.messages)
            )
            if bound
            else None,
            "answered": len(answered),
            "wrong": wrong,
            "wrong_rate": asdict(share(wrong, len(answered))),
            "above": significantly_above(wrong, len(answered), risk.accepted_wrong_rate),
        }
    return found


def beside(
    old: Mapping[str, dict[str, Any]] | None, new: Mapping[str, dict[str, Any]], rules: Rules
) -> list[dict[str, Any]]:
    """Both models' promises for every class that one of them knows."""
    return [
        {
            "name": name,
            "accepted_wrong_rate": risk.accepted_wrong_rate,
            "guarantee": risk.guarantee,
            "old": (old or {}).get(name),
            "new": new.get(name),
        }
        for name, risk in rules.classes.items()
        if name in new or name in (old or {})
    ]
