"""What a turn was decided by, as a list of facts in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.change_words import in_words as change_in_words
from bot.change_words import outcome_of
from bot.decisions.explanation import Fact, in_words, percent
from bot.privacy.cards import CARD_REMOVED
from bot.privacy.national_ids import ID_REMOVED
from bot.records import Effect, Turn
from bot.redaction import CODE_REMOVED, PASSWORD_REMOVED

WORTH_NAMING = 0.01
_CONDITIONS = {"intents": "intent", "languages": "language", "channels": "channel", "tiers": "tier"}

# What stands in the place of a secret, and by what that was told from other words.
_REMOVED = {
    CARD_REMOVED: "by its brand, length and check digit",
    CODE_REMOVED: "by what it was called, or the card number before it",
    PASSWORD_REMOVED: "by what it was called",
    ID_REMOVED: "by its form and check digits, or by what it was called",
}


def facts_of(turn: Turn, effects: Sequence[Effect]) -> tuple[Fact, ...]:
    """In the order in which they came to be."""
    record = turn.decision or {}
    return tuple(
        Fact(name, value)
        for name, value in (
            *_removed(turn),
            *_understanding(turn, record),
            *_state(record),
            *_steps(turn, record, effects),
            *_route(record.get("route") or {}),
        )
        if value
    )


def _removed(turn: Turn) -> Iterator[tuple[str, str]]:
    for marker, rule in _REMOVED.items():
        if marker in turn.text:
            yield "Removed before it was kept", f"{marker[1:-1].removesuffix(' removed')}, {rule}"


def _understanding(turn: Turn, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if record.get("pressed"):
        yield "Read", "a pressed button, which the bot had offered"
    if turn.intent is not None:
        yield "Understood as", f"{in_words(turn.intent)}, {percent(turn.confidence or 0.0)}"
    others = [one for one in turn.ranking if one["intent"] != turn.intent]
    worth = [one for one in others if one["confidence"] >= WORTH_NAMING][:3]
    yield (
        "It could also be",
        ", ".join(f"{in_words(one['intent'])} {percent(one['confidence'])}" for one in worth),
    )
    bound = record.get("bound") or {}
    if bound:
        least = bound.get("confidence")
        answers = "nothing is sure enough" if least is None else f"answers from {percent(least)}"
        yield (
            f"Risk class “{bound.get('risk_class')}”",
            f"{answers}: at most {percent(bound['accepted'])} of the answers may be wrong,"
            f" which is sure to {percent(bound['guarantee'])}"
            if "accepted" in bound
            else answers,
        )
    scope = record.get("out_of_scope") or {}
    if scope.get("score") is not None:
        yield (
            "How foreign it is",
            f"{scope['score']:.1f}, refused above {scope['threshold']:.1f}",
        )
    by = {one["entity"]: one["by"].rpartition(".")[2] for one in record.get("entities") or ()}
    for one in turn.entities:
        found = by.get(one["entity"])
        source = f"from the message, by {found}" if found else "from the message"
        yield in_words(one["entity"]).capitalize(), f"{one['value']} ({source})"


def _state(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Language", record.get("language") or ""
    if "mood" in record:
        yield (
            "How upset it sounds",
            f"{record['mood']:.2f} of 1; a person comes from {record.get('mood_limit', 1):.2f}",
        )
    who = record.get("verification") or ""
    yield "Who writes is", "not verified" if who == "anyone" else who
    yield "Just reported by the shop", ", ".join(map(in_words, record.get("signals") or ()))
    knowledge = record.get("knowledge")
    if knowledge:
        yield (
            "Nearest article",
            f"{knowledge['article']}, {knowledge['heading']}: scored {knowledge['score']:.2f},"
            f" quoted from {knowledge['threshold']:.2f}",
        )
    row = (record.get("trigger") or {}).get("in_a_row")
    if row is not None:
        limit = record["trigger"]["limit"]
        yield "Not understood in a row", f"{row}; a person comes at {limit}"


def _steps(
    turn: Turn, record: Mapping[str, Any], effects: Sequence[Effect]
) -> Iterator[tuple[str, str]]:
    steps = record.get("steps") or ()
    yield (
        "Steps",
        ", ".join(
            f"{one['action']} ({one['policy']})" if one["policy"] else one["action"]
            for one in steps
        ),
    )
    yield (
        "Ran",
        ", ".join(
            f"{run['action']} (failed: {run['error']})" if run["error"] else run["action"]
            for run in turn.actions
        ),
    )
    request = record.get("request") or {}
    if request.get("intent"):
        waits = f", waits for {in_words(request['awaiting'])}" if request.get("awaiting") else ""
        yield "Open request", f"{in_words(request['intent'])}{waits}"
    for effect in effects:
        yield "In the shop", f"{change_in_words(effect)}. {outcome_of(effect)}"
    if turn.attempts > 1:
        yield "Tries", str(turn.attempts)


def _route(route: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not route:
        return
    given = [
        f"{word} {route[word]}"
        for name, word in _CONDITIONS.items()
        if name in route["conditions"] and route[word]
    ]
    rule = (
        "no routing rule fitted, so the default one"
        if route["rule"] is None
        else f"by routing rule {route['rule']} of handoff.yml ({', '.join(given)})"
    )
    yield "Queue", f"{route['queue']}: {rule}"
    because = [
        word
        for word, priority in (("reason", route["of_reason"]), ("tier", route["of_tier"]))
        if priority == route["priority"] != "normal"
    ]
    yield (
        "Priority",
        route["priority"] + (f", by the {' and the '.join(because)}" if because else ""),
    )
