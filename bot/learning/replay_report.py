"""A replay as the report holds it: how many of each kind, and which.

A report is kept for as long as its model, and what customers wrote is not: of a turn it has the id
alone, and its words are put in for whoever reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.learning.decision import Decision
from bot.learning.figures import mcnemar
from bot.learning.replay import Replay, Replayed, Verdict

MOST_LISTED = 200  # of each kind, the newest
LONGEST_TEXT = 300
KINDS: tuple[Verdict, ...] = ("fixed", "broken", "changed", "same")
LISTED: tuple[Verdict, ...] = KINDS[:3]


def replay_report(found: Replay) -> dict[str, Any]:
    """The figures that judge count only what the candidate was not taught; of what it was, it is
    said how much of it is right now."""
    untaught = [one for one in found.judged if not one.turn.taught]
    counts = Counter(one.verdict for one in found.judged)
    return {
        "turns": len(found.judged) + sum(found.left_out.values()),
        "judged": len(found.judged),
        "left_out": dict(sorted(found.left_out.items())),
        "counts": {kind: counts[kind] for kind in KINDS},
        "known": _tally([one for one in untaught if one.old_right is not None]),
        "taught": _tally([one for one in found.judged if one.turn.taught and one.turn.truth]),
        "lists": {
            kind: [
                _listed(one)
                for one in sorted(found.judged, key=lambda one: one.turn.id, reverse=True)
                if one.verdict == kind
            ][:MOST_LISTED]
            for kind in LISTED
        },
        "answered": {
            "old": sum(one.old.kind in ("answers", "article") for one in found.judged),
            "new": sum(one.new.kind in ("answers", "article") for one in found.judged),
        },
    }


def listed_turns(report: Mapping[str, Any]) -> list[str]:
    """The ids of all turns that the comparison's report lists."""
    return [one["turn_id"] for each in _lists(report).values() for one in each]


def with_texts(report: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """The comparison's report with the words of the turns that it lists; None where they are
    gone."""
    if not report.get("replay"):
        return dict(report)
    lists = {
        kind: [{**one, "text": _shortened(texts.get(one["turn_id"]))} for one in each]
        for kind, each in _lists(report).items()
    }
    return {**report, "replay": {**report["replay"], "lists": lists}}


def _lists(report: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    lists: dict[str, list[dict[str, Any]]] = (report.get("replay") or {}).get("lists", {})
    return lists


def _shortened(text: str | None) -> str | None:
    return text[:LONGEST_TEXT] if text is not None else None


def _tally(known: Sequence[Replayed]) -> dict[str, Any]:
    fixed = sum(one.verdict == "fixed" for one in known)
    broken = sum(one.verdict == "broken" for one in known)
    return {
        "asked": len(known),
        "old_right": sum(bool(one.old_right) for one in known),
        "new_right": sum(bool(one.new_right) for one in known),
        "fixed": fixed,
        "broken": broken,
        "p": round(mcnemar(fixed, broken), 6),
    }


def _listed(one: Replayed) -> dict[str, Any]:
    return {
        "turn_id": one.turn.id,
        "conversation_id": one.turn.conversation_id,
        "truth": one.turn.truth,
        "truth_from": one.turn.truth_from,
        "taught": one.turn.taught,
        "old": _shown(one.old),
        "new": _shown(one.new),
    }


def _shown(decision: Decision) -> dict[str, Any]:
    return {
        "kind": decision.kind,
        "intents": list(decision.intents),
        "reason": decision.reason,
        "guess": decision.guess,
        "confidence": decision.confidence,
    }
