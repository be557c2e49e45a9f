"""Cleaning and redaction, on what people and attackers really send."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidInput
from bot.redaction import redact
from bot.text import MAX_CHARACTERS, clean


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200b", "\x00\x07", "\u200d", "\ufeff"]
)
def test_a_text_nobody_can_see_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean(text, field="message")
    assert caught.value.detail == {"field": "message"}
    assert "message" in caught.value.message


@pytest.mark.parametrize("value", [None, 5, ["hi"], {"text": "hi"}])
def test_something_else_than_a_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="must be a text"):
        clean(value, field="text")


def test_a_long_text_is_kept_whole_up_to_the_limit_and_named_above_it() -> None:
    assert len(clean("x" * MAX_CHARACTERS, field="text")) == MAX_CHARACTERS
    with pytest.raises(InvalidInput, match="20,001 characters"):
        clean("x" * (MAX_CHARACTERS + 1), field="text")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("he\u200bllo", "hello"),
        ("\u202eolleh", "olleh"),
        ("two\r\nlines", "two\nlines"),
        ("bell\x07", "bell"),
        ("👩\u200d👧 ok", "👩\u200d👧 ok"),
        ("e\u0301", "é"),
        ("\ud800broken", "broken"),
        ("a" + "\u0316" * 99 + "b", "a" + "\u0316" * 6 + "b"),
        ("שָׁלוֹם", "שָׁלוֹם"),
    ],
)
def test_what_hides_or_reorders_text_is_taken_out(sent: str, kept: str) -> None:
    assert clean(sent, field="text") == kept


@pytest.mark.parametrize(
    "card", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005"]
)
def test_card_numbers_never_get_through(card: str) -> None:
    assert redact(f"my card {card}, thanks") == "my card [card number removed], thanks"


@pytest.mark.parametrize(
    "text",
    ["order 10432", "call +44 20 7946 0958", "tracking 4242424242424241", "1" * 30, "12.05.2026"],
)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "label", ["my password is ", "Password: ", "pwd=", "pin is ", "PASSCODE: "]
)
def test_passwords_never_get_through(label: str) -> None:
    assert redact(f"{label}hunter2 ok?") == f"{label}[password removed] ok?"


def test_asking_about_a_password_is_no_password() -> None:
    assert redact("I forgot my password, can you help?") == "I forgot my password, can you help?"


@pytest.mark.parametrize("unit", ["1", "1 ", "1-", "password ", "pin is ", "pwd: ", "4242 "])
def test_redaction_is_linear(unit: str) -> None:
    def seconds(repeats: int) -> float:
        text = unit * repeats
        started = time.thread_time()
        redact(text)
        return time.thread_time() - started

    seconds(1_000)
    # Ten times the text would cost a hundred times as much if it were quadratic.
    assert seconds(20_000) < 40 * seconds(2_000) + 0.05


@given(st.text(max_size=400))
def test_no_text_breaks_cleaning_and_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = clean(text, field="text")
    except InvalidInput:
        return
    assert clean(once, field="text") == once
