"""What must never be stored, in every way people write it, and what must survive beside it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.plain import looked_at
from bot.redaction import MARKERS, redact
from tests.conftest import ROOT

CARDS = [
    ("4242424242424242", (4, 4, 4, 4)),
    ("5555555555554444", (4, 4, 4, 4)),
    ("2223003122003222", (4, 4, 4, 4)),
    ("378282246310005", (4, 6, 5)),
    ("30569309025904", (4, 6, 4)),
    ("6011111111111117", (4, 4, 4, 4)),
    ("3530111333300000", (4, 4, 4, 4)),
    ("6304000000000000", (4, 4, 4, 4)),
    ("6205500000000000004", (6, 13)),
]
SEPARATORS = ["", " ", "-", ".", "\u00a0", " - ", "\n", "\t", "/", "\u2013", "\u200d", ", "]
ODD_SEPARATORS = ["*", "|", ":", ") (", "][", "=", "'", "\u2019", " | "]
# Other scripts' digits: full width, Arabic, Persian, Devanagari, bold; raised and in circles.
DIGITS = [
    *("".join(chr(ord(zero) + one) for one in range(10)) for zero in "0\uff10\u0660\u06f0\u0966"),
    "".join(chr(0x1D7CE + one) for one in range(10)),
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",
    "\u24ea\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468",
]


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    """A card number as somebody may write it."""
    digits, printed = draw(st.sampled_from(CARDS))
    groups = draw(st.sampled_from([(len(digits),), printed, (1,) * len(digits), (8, 8)]))
    if sum(groups) != len(digits):
        groups = printed
    script = draw(st.sampled_from(DIGITS))
    printed_so = groups in (printed, (8, 8)) and printed[0] == 4
    separator = draw(st.sampled_from(SEPARATORS + (ODD_SEPARATORS if printed_so else [])))
    parts, at = [], 0
    for size in groups:
        parts.append("".join(script[int(each)] for each in digits[at : at + size]))
        at += size
    return separator.join(parts)


@given(
    written_cards(),
    st.sampled_from(["my card ", "order 10432, ", "Karte:", "("]),
    st.sampled_from(["", " thanks", ", order 10433", ")", ".\nAda"]),
)
def test_a_card_number_is_removed_however_it_is_written(card: str, before: str, after: str) -> None:
    assert redact(f"{before}{card}{after}") == f"{before}[card number removed]{after}"


@given(st.text("4 2-\n.5", max_size=80), st.sampled_from(["pin is ", "cvv ", "ssn ", ""]))
def test_redacting_twice_changes_nothing(text: str, label: str) -> None:
    once = redact(label + text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "order 10432, 10433, 10434 and 11012",
        "10432\n10433\n10434\n10435",
        "tracking NWC577985051 or HX407265254, PP478246854",
        "DHL JJD014990012345678901, UPS 1Z999AA10123456784, Royal Mail AB123456789GB",
        "call +49 1512 3456789 or +44 20 7946 0958",
        "from 25.12.2026 - 27.12.2026, 2026-12-25 to 2026-12-27",
        "IBAN DE89 3704 0044 0532 0130 00 or GB82WEST12345698765432, thanks",
        "SKU 36574261809, invoice 123-45-678",
        "postcode SW11 5LP, CF10 1AB",
        "My password is not working, and the PIN code never came",
        "I forgot my password, can you help?",
        "Mein Passwort ist falsch. Ist mein Kennwort abgelaufen?",
        "What is my password?",
        "[card number removed], 500 € were charged",
        "my password was wrong, the password has been changed twice, it should be working",
        "reset my password - it does not work",
        "I forgot my password - please help, order 10432",
        "Password - help",
        "reset my password - 10432 is my order",
        "Account → Password → Change",
        "the password should be at least 8 characters, 8-16 of them",
        "your password will be sent in 24 hours",
        "I forgot my password\n10432 is my order",
        "my boarding pass: A12, gift pass: 3 days; I will pass",
        "pin code 560001 Bangalore, PIN code: 560 034",
        "42:41|42:42|42:43|42:40, open 45: 15:45, 16:30, 17:00, 18:15, 19:30",
        "+4915123456789012, +4420 7946 0958, 4711",
        "SKU AB-123456-C, AB-12-34-56-C7, AB-12-34-56-C-9",
        "m², 10432¹, ③ pieces",
        "tin of fuel, 8 of them, nie angekommen",
        "social security number 219-09-9999, security number 536-904-399",  # nobody's
    ],
)
def test_a_shops_own_numbers_and_questions_stay(text: str) -> None:
    assert redact(text) == text


def test_nothing_is_removed_from_what_customers_write_in_the_training_data() -> None:
    files = [*(ROOT / "data" / "nlu").glob("*.yml"), ROOT / "data" / "demo" / "messages.yml"]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(lines) > 1_000
    assert [line for line in lines if redact(line) != line] == []


@given(
    st.integers(10_000, 99_999),
    st.sampled_from(["NWC", "HX", "PP"]),
    st.integers(10**8, 10**9 - 1),
)
def test_numbers_as_the_demo_shop_and_carriers_give_them_stay(
    order: int, carrier: str, parcel: int
) -> None:
    text = f"order {order}, parcel {carrier}{parcel}"
    assert redact(text) == text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mein Passwort lautet geheim123!", "Mein Passwort lautet [password removed]"),
        ("Kennwort: abc, bitte", "Kennwort: [password removed] bitte"),
        ("meine PIN ist 1234.", "meine PIN ist [password removed]"),
        ("my pin 1234", "my pin [password removed]"),
        ("my password is still hunter2 ok?", "my password is still [password removed] ok?"),
        ('passphrase: "correct horse" yes', "passphrase: [password removed] yes"),
        ("password hunter2 does not work", "password [password removed] does not work"),
        ("hunter2 is my password", "[password removed] is my password"),
        ("mot de passe est s3same", "mot de passe est [password removed]"),
        (
            "4242 4242 4242 4242 12/27 123",
            "[card number removed] 12/27 [security code removed]",
        ),
        ("4242 4242 4242 4242 2026", "[card number removed] 2026"),
        ("card +4242424242424242", "card +[card number removed]"),
        ("+4242 4242 4242 4242 ok", "+[card number removed] ok"),
        ("pw: hunter2", "pw: [password removed]"),
        ("my pw is geheim", "my pw is [password removed]"),
        ("user bob, pass: geheim", "user bob, pass: [password removed]"),
        ("guest password: geheim", "guest password: [password removed]"),
        ("Password - hunter2", "Password - [password removed]"),
        ("password \u2013 hunter2 ok", "password \u2013 [password removed] ok"),
        ("Password \u2192 geheim", "Password \u2192 [password removed]"),
        ("my new password will be Xy7!kd ok", "my new password will be [password removed] ok"),
        ("it has been hunter2x is my password", "it has been [password removed] is my password"),
        ("My password has been hunter2", "My password has been [password removed]"),
        ("the password should be hunter2", "the password should be [password removed]"),
        (
            "Login\nbob\nPassword\nhunter2\nthanks",
            "Login\nbob\nPassword\n[password removed]\nthanks",
        ),
        ("the CVV is 4242", "the CVV is [security code removed]"),
        ("Prüfnummer: 123", "Prüfnummer: [security code removed]"),
        ("my NI number is QQ123456C", "my NI number is QQ123456C"),  # a prefix never given
        ("my NI number is AB 12 34 56 C", "my NI number is [national id removed]"),
        ("AB-12-34-56-C", "[national id removed]"),
        ("AB\u00a012\u00a034\u00a056\u00a0C", "[national id removed]"),
        ("ssn 536.90.4399", "ssn [national id removed]"),
        ("536\u201190\u20114399", "[national id removed]"),
        ("536\u201390\u20134399", "[national id removed]"),
        (
            "ssn \u0665\u0663\u0666-\u0669\u0660-\u0664\u0663\u0669\u0669",
            "ssn [national id removed]",
        ),
        ("ssn 536904399 ok", "ssn [national id removed] ok"),
        ("536-90-4399", "[national id removed]"),
        *(
            (f"{called}536{parted}90{parted}4399 ok", f"{called}[national id removed] ok")
            for called in (
                "social security number ",
                "my social security number is ",
                "Social Security Number: ",
                "national security number ",
            )
            for parted in ("-", " ", "")
        ),
        ("the security code 123 12/27", "the security code [security code removed] 12/27"),
        ("Steuer-ID 36 574 261 809 danke", "Steuer-ID [national id removed] danke"),
        ("AHV 756.9217.0769.85", "AHV [national id removed]"),
        ("BSN: 111222333", "BSN: [national id removed]"),
        ("DNI 54362315K", "DNI [national id removed]"),
        ("RCCMNL83S18D969H", "[national id removed]"),
    ],
)
def test_secrets_that_words_give_away_are_removed(said: str, kept: str) -> None:
    assert redact(said) == kept


@pytest.mark.parametrize(
    "unit",
    [
        "4 ",
        "4242 ",
        "1-",
        "AB12 ",
        "DE89 4242424242424242 ",
        "ssn 1",
        "my pin a",
        "cvv ",
        "4242|",
        "+4",
        "pass: ",
        "pw - ",
        "Password\n",
        "Password\nhunter2 ",
        "pin code 56",
        "①",
    ],
)
def test_it_takes_as_long_as_the_text_is(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.thread_time()
        redact(text)
        return time.thread_time() - started

    seconds(2_000)
    # Ten times the text would cost a hundred times as much if it were quadratic.
    assert seconds(20_000) < 40 * seconds(2_000) + 0.05


@given(st.text(max_size=200))
def test_what_is_no_secret_stays_as_it_was_written(text: str) -> None:
    looked = looked_at(text)
    assert looked.kept == text
    assert len(looked.view) == len(text)


def test_pages_know_every_marker() -> None:
    page = Path(ROOT / "desk/static/shared/removed.js").read_text("utf-8")
    kinds = page.partition("MARKER = /\\[(")[2].partition(")")[0].split("|")
    assert {f"[{kind} removed]" for kind in kinds} == set(MARKERS)
