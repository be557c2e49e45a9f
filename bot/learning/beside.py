"""Old beside new: the same figures of two models' evidence, and what changed between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.learning import evidence as of
from bot.learning.evidence import Counts, Evidence
from bot.learning.figures import Figure, mcnemar, pair

MOST_CONFUSIONS = 20
NONE = Counts()


def beside(old: Evidence | None, new: Evidence) -> dict[str, Any]:
    """The figures of both; `old` is None where there is nothing to compare with."""

    def both(figure: Callable[[Evidence], Figure]) -> dict[str, Any]:
        return pair(figure(old) if old is not None else None, figure(new))

    return {
        "asked": {"old": len(old.truth) if old is not None else None, "new": len(new.truth)},
        "accuracy": both(of.accuracy),
        "calibration_error": both(of.calibration),
        "out_of_scope": {"auroc": both(of.told_apart), "recall": both(of.refused)},
        "reliability": {
            "old": of.reliability(old) if old is not None else [],
            "new": of.reliability(new),
        },
        "intents": _intents(old, new),
        "confusions": _confusions(old, new),
    }


def paired(old: Evidence, new: Evidence) -> dict[str, Any]:
    """How many of the same messages each read right, with McNemar's exact test."""
    fixed = int((~old.correct & new.correct).sum())
    broken = int((old.correct & ~new.correct).sum())
    return {
        "asked": len(new.truth),
        "old_right": int(old.correct.sum()),
        "new_right": int(new.correct.sum()),
        "fixed": fixed,
        "broken": broken,
        "p": round(mcnemar(fixed, broken), 6),
    }


def _intents(old: Evidence | None, new: Evidence) -> list[dict[str, Any]]:
    """Each intent's figures, what changed most first: losses, then gains, then what only one of
    the two can say."""
    before = of.by_intent(old) if old is not None else {}
    after = of.by_intent(new)
    rows = []
    for name in sorted({*before, *after}):
        one, other = before.get(name), after.get(name, NONE)
        old_f1 = one.f1 if one is not None else None
        known = old_f1 is not None and old_f1.value is not None and other.f1.value is not None
        change = round(other.f1.value - old_f1.value, 4) if known else None  # type: ignore[operator,union-attr]
        rows.append(
            {
                "intent": name,
                "f1": pair(old_f1, other.f1),
                "precision": pair(one.precision if one else None, other.precision),
                "recall": pair(one.recall if one else None, other.recall),
                "change": change,
            }
        )
    rows.sort(key=lambda row: (row["change"] is None, -abs(row["change"] or 0), row["intent"]))
    return rows


def _confusions(old: Evidence | None, new: Evidence) -> list[dict[str, Any]]:
    """The pairs that grew or shrank most; the evidence of both has to be as large for that to say
    something, so each comes with its number of messages of that intent."""
    before = of.confusions(old) if old is not None else None
    after = of.confusions(new)
    pairs = {*after, *(before or ())}
    rows = [
        {
            "intent": one,
            "taken_for": other,
            "old": before[one, other] if before is not None else None,
            "new": after[one, other],
            "old_of": old.truth.count(one) if old is not None else None,
            "new_of": new.truth.count(one),
        }
        for one, other in pairs
    ]
    rows.sort(
        key=lambda row: (
            -abs(row["new"] - (row["old"] or 0)),
            -row["new"],
            row["intent"],
            row["taken_for"],
        )
    )
    return [row for row in rows if before is None or row["old"] != row["new"]][:MOST_CONFUSIONS]
