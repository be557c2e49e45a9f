"""The replay's rule: logged history up to the first divergence, and what does not count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from bot.assistant.reply import NOT_SURE, OUT_OF_SCOPE
from bot.learning.logged import LoggedTurn
from bot.learning.replay import Replay, Verdict, replay
from bot.learning.replay_report import listed_turns, replay_report, with_texts
from bot.rules import Rules

RULES = Rules()


def read_as(intents: Mapping[str, str]) -> Callable[[str], dict[str, Any]]:
    """A model that reads these texts as these intents, and every other one as what it says."""

    def parse(text: str) -> dict[str, Any]:
        intent = intents.get(text, text)
        best = {
            "name": "guess" if intent in (NOT_SURE, OUT_OF_SCOPE) else intent,
            "confidence": 0.9,
        }
        first = [] if intent == best["name"] else [{"name": intent, "confidence": 0.9}]
        other = {"name": "other", "confidence": 0.1}
        return {
            "intent": {"name": intent, "confidence": 0.9},
            "intent_ranking": [*first, best, other],
            "bound": {"confidence": 0.8},
        }

    return parse


def turn(text: str, conversation: str = "c1", **known: Any) -> LoggedTurn:
    facts: dict[str, Any] = {
        "id": f"{conversation}-{text}",
        "channel": "web",
        "intent": None,
        "outcome": "answered",
        "reason": None,
        "actions": (),
        "pressed": False,
    }
    return LoggedTurn(conversation_id=conversation, text=text, **{**facts, **known})


def replayed(turns: Sequence[LoggedTurn], old: Mapping[str, str], new: Mapping[str, str]) -> Replay:
    return replay(turns, read_as(old), read_as(new), RULES)


def test_a_conversation_ends_at_its_first_divergence_and_others_go_on() -> None:
    turns = [
        turn("track"),
        turn("cancel"),
        turn("track again"),
        turn("cancel", "c2"),
        turn("thanks", "c2"),
    ]
    found = replayed(turns, {}, {"track again": "refund", "cancel": "refund"})
    assert [(one.turn.text, one.verdict) for one in found.judged] == [
        ("track", "same"),
        ("cancel", "changed"),
        ("cancel", "changed"),
    ]
    assert found.left_out == {"after_a_divergence": 2}


@pytest.mark.parametrize(
    ("truth", "old", "new", "verdict"),
    [
        ("refund", "track", "refund", "fixed"),
        ("refund", NOT_SURE, "refund", "fixed"),
        ("refund", "refund", NOT_SURE, "broken"),
        ("refund", "track", NOT_SURE, "changed"),
        ("refund", "track", "track", "same"),
        (OUT_OF_SCOPE, "track", OUT_OF_SCOPE, "fixed"),
        (OUT_OF_SCOPE, NOT_SURE, "track", "broken"),
        # A person who was asked for is what was asked for.
        ("contact_human_agent", NOT_SURE, "contact_human_agent", "fixed"),
        (None, "track", "refund", "changed"),
    ],
)
def test_a_turn_is_judged_by_its_truth(
    truth: str | None, old: str, new: str, verdict: Verdict
) -> None:
    (one,) = replayed([turn("hm", truth=truth)], {"hm": old}, {"hm": new}).judged
    assert one.verdict == verdict


def test_history_is_the_logs() -> None:
    """The second message in a row that is not understood is handed off; an answer between two, or
    a person's, begins the row anew."""
    reader = {"what": NOT_SURE, "huh": NOT_SURE}
    turns = [
        turn("what", outcome="misunderstood", intent=NOT_SURE),
        turn("huh", outcome="handed_off", reason="low_confidence"),
        turn("what", "c2", outcome="misunderstood", intent=NOT_SURE),
        turn("track", "c2"),
        turn("huh", "c2", outcome="misunderstood"),
        turn("what", "c3", outcome="misunderstood", intent=NOT_SURE),
        turn("hello", "c3", outcome="observed"),
        turn("huh", "c3", outcome="misunderstood"),
    ]
    found = replayed(turns, reader, reader)
    kinds = [one.old.kind for one in found.judged]
    assert kinds == ["asks", "hands_off", "asks", "answers", "asks", "asks", "asks"]
    assert found.left_out == {"with_a_person": 1}


def test_what_does_not_depend_on_the_reading_is_not_judged() -> None:
    asking = ("validate_request_form", "action_ask_request_form_answer")
    turns = [
        turn("cancel", actions=asking),
        turn("10432", actions=asking),
        turn("lawyer", actions=asking),
        turn("yes", actions=("validate_request_form", "action_finish_request")),
        turn("Track it", pressed=True),
        turn("thanks"),
    ]
    found = replayed(turns, {}, {"10432": "goodbye", "yes": "deny", "thanks": "goodbye"})
    assert [(one.turn.text, one.verdict) for one in found.judged] == [
        ("cancel", "same"),
        ("thanks", "changed"),
    ]
    assert found.left_out == {"in_a_form": 3, "pressed": 1}


def test_a_person_may_be_called_for_inside_a_form() -> None:
    turns = [turn("cancel", actions=("action_ask_request_form_answer",)), turn("hm")]
    found = replayed(turns, {}, {"hm": "contact_human_agent"})
    assert [(one.old.kind, one.new.kind) for one in found.judged] == [
        ("answers", "answers"),
        ("form", "hands_off"),
    ]


def test_what_was_taught_proves_nothing() -> None:
    turns = [
        turn("a", "c1", truth="refund", truth_from="label", taught=True),
        turn("b", "c2", truth="refund", truth_from="label"),
        turn("c", "c3", truth="refund", truth_from="wrap_up"),
        turn("d", "c4"),
    ]
    better = {"a": "refund", "b": "refund", "c": "refund", "d": "refund"}
    worse = {"a": "track", "b": "track"} | {"c": "refund", "d": "refund"}
    report = replay_report(replayed(turns, worse, better))
    assert report["counts"] == {"fixed": 2, "broken": 0, "changed": 0, "same": 2}
    assert report["known"] == {
        "asked": 2,
        "old_right": 1,
        "new_right": 2,
        "fixed": 1,
        "broken": 0,
        "p": 1.0,
    }
    assert report["taught"]["fixed"] == 1
    assert [one["taught"] for one in report["lists"]["fixed"]] == [False, True]
    assert report["turns"] == 4


def test_a_report_has_words_only_for_whoever_reads_it() -> None:
    turns = [turn("blue elephants", "c1"), turn("x" * 500, "c2")]
    found = replayed(turns, {}, {"blue elephants": "refund", "x" * 500: "refund"})
    stored = {"replay": replay_report(found)}
    assert all("text" not in one for one in stored["replay"]["lists"]["changed"])
    newest, oldest = listed_turns(stored)
    shown = with_texts(stored, {newest: "x" * 500})
    texts = [one["text"] for one in shown["replay"]["lists"]["changed"]]
    assert texts == ["x" * 300, None]
    assert oldest == turns[0].id
    assert with_texts({"replay": None}, {}) == {"replay": None}
    assert listed_turns({}) == []


def test_an_empty_log_and_odd_texts_are_replayed() -> None:
    assert replay_report(replayed([], {}, {}))["turns"] == 0
    odd = [turn(""), turn("///", "c2"), turn("x" * 50_000, "c3")]
    report = replay_report(replayed(odd, {}, {"?": "refund"}))
    assert report["counts"]["changed"] == 2  # nothing to read is read as a question mark
    assert report["counts"]["same"] == 1
