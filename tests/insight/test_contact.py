"""How conversations are cut into contacts, and what came of each: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.insight.contact import Contact, Help, Line, Read, Thread, Verdict, contacts_of, linked

BEGAN = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
MUCH_LATER = BEGAN + timedelta(days=60)


def after(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def line(
    seq: int, hours: float, author: str = "customer", text: str = "hello", event: str | None = None
) -> Line:
    return Line(f"m{seq}", seq, author, text, "web", event, after(hours))


def thread(*lines: Line, **known: tuple[Read | Help | Verdict, ...]) -> Thread:
    return Thread("v1", "c1", lines, **known)  # type: ignore[arg-type]


def answered(seq: int, intent: str = "track_order") -> Read:
    return Read(seq, intent, "answered", "m-1")


def test_a_day_of_quiet_ends_a_contact_and_a_moment_less_does_not() -> None:
    talk = thread(line(1, 0), line(2, 1, "bot"), line(3, 25), line(4, 49.01))
    assert [one.id for one in contacts_of(talk, at=MUCH_LATER)] == ["m1", "m4"]


def test_a_resolved_conversation_begins_anew_and_a_survey_opens_nothing() -> None:
    talk = thread(
        line(1, 0),
        line(2, 1, "system", event="resolved"),
        line(3, 1.1, event="survey"),
        line(4, 2),
    )
    first, second = contacts_of(talk, at=after(3))
    assert (first.messages, first.is_closed) == (1, True)
    assert (second.id, second.is_closed) == ("m4", False)


def test_who_waits_for_a_person_over_a_weekend_is_one_contact() -> None:
    helped = Help("customer_asked", after(0.1), after(70), after(71))
    talk = thread(line(1, 0), line(2, 69), line(3, 71, "agent"), handoffs=(helped,))
    (only,) = contacts_of(talk, at=MUCH_LATER)
    assert not only.is_closed
    assert only.settles_at is None  # not before the agent is done
    assert only.wait_seconds == pytest.approx(69.9 * 3600)
    closed = replace(helped, closed_at=after(72))
    (only,) = contacts_of(replace(talk, handoffs=(closed,)), at=MUCH_LATER)
    assert only.is_ripe
    assert only.handle_seconds == pytest.approx(2 * 3600)


def test_a_clock_that_was_set_back_cuts_nothing_and_nobody_waits_less_than_nothing() -> None:
    helped = Help("customer_asked", after(1), after(0.5), after(0.6))
    talk = thread(line(1, 0), line(2, -100, "bot"), line(3, 1), handoffs=(helped,))
    (only,) = contacts_of(talk, at=MUCH_LATER)
    assert only.wait_seconds == 0


def test_nothing_is_known_of_the_end_before_it() -> None:
    talk = thread(line(1, 0), line(2, 0.1, "bot"), turns=(answered(1),))
    (still,) = contacts_of(talk, at=after(23))
    assert (still.contained, still.assumed, still.settles_at) == (False, False, after(24.1))
    (ended,) = contacts_of(talk, at=after(25))
    assert (ended.contained, ended.assumed, ended.is_ripe) == (True, True, False)
    assert ended.settles_at == after(24.1) + timedelta(days=7)
    (ripe,) = contacts_of(talk, at=MUCH_LATER)
    assert (ripe.is_ripe, ripe.settles_at) == (True, None)


def test_thanks_confirm_and_a_rating_says_more_than_thanks() -> None:
    talk = thread(line(1, 0), line(2, 0.1), turns=(answered(1), answered(2, "thank")))
    (only,) = contacts_of(talk, at=MUCH_LATER)
    assert (only.confirmed, only.assumed, only.intent) == (True, False, "track_order")
    rated = Help("customer_asked", after(0.2), after(0.3), after(0.4), after(0.5), csat=2)
    (only,) = contacts_of(replace(talk, handoffs=(rated,)), at=MUCH_LATER)
    assert (only.confirmed, only.contained, only.handed_off) == (False, False, True)


@pytest.mark.parametrize("intent", ["complaint", "deny", "out_of_scope", "nlu_fallback"])
def test_silence_after_this_is_no_sign_that_all_is_well(intent: str) -> None:
    (only,) = contacts_of(thread(line(1, 0), turns=(answered(1, intent),)), at=MUCH_LATER)
    assert only.contained
    assert not only.assumed


def test_what_an_agent_says_it_was_about_counts_and_spam_is_no_contact() -> None:
    talk = thread(line(1, 0), turns=(answered(1),))
    said = Verdict("solved", "get_refund", after(1))
    (only,) = contacts_of(replace(talk, verdicts=(said,)), at=MUCH_LATER)
    assert (only.intent, only.solved) == ("get_refund", True)
    spam = Verdict("spam", None, after(1))
    assert contacts_of(replace(talk, verdicts=(spam,)), at=MUCH_LATER) == []


def test_a_conversation_without_a_turn_of_the_bot_is_not_contained() -> None:
    (only,) = contacts_of(
        thread(line(1, 0), turns=(Read(1, "x", "observed", "m-1"),)), at=after(90)
    )
    assert (only.by_bot, only.contained, only.assumed) == (False, False, False)
    assert contacts_of(thread(line(1, 0, "agent")), at=MUCH_LATER) == []
    assert contacts_of(thread(), at=MUCH_LATER) == []


def test_asked_twice_is_the_same_question_or_a_detail_told_again_to_a_person() -> None:
    question = "Which order is it?"
    lines = (line(1, 0), line(2, 0.1, "bot", question), line(3, 0.2), line(4, 0.3, "bot", question))
    (only,) = contacts_of(thread(*lines), at=MUCH_LATER)
    assert only.asked_twice
    order = ({"entity": "order_number", "value": "10023"},)
    turns = (Read(1, "track_order", "handed_off", "m", order), Read(3, "x", "observed", "m", order))
    talk = thread(*lines[:3], turns=turns, handoffs=(Help("customer_asked", after(0.1)),))
    (only,) = contacts_of(talk, at=after(1))
    assert only.asked_twice
    (only,) = contacts_of(replace(talk, turns=turns[:1]), at=after(1))
    assert not only.asked_twice


def test_a_week_links_contacts_on_any_channel_and_a_moment_more_does_not() -> None:
    def at(hours: float, name: str, channel: str) -> Contact:
        (one,) = contacts_of(thread(line(1, hours)), at=MUCH_LATER)
        return replace(one, id=name, channel=channel)

    week = 7 * 24
    contacts = [at(2 * week + 0.1, "c", "web"), at(0, "a", "web"), at(week, "b", "telegram")]
    found = {one.id: (one.is_repeat, one.came_back) for one in linked(contacts)}
    assert found == {"a": (False, True), "b": (True, False), "c": (False, False)}
    assert linked([]) == []
