"""What of another customer's answer may be shown."""

from __future__ import annotations

import pytest

from bot.suggesting.open_places import names_in, vocabulary_of, with_open_places

NAMES = names_in("Ada Byrne", "ada.b@example.test", "Nora Agent", None)
WORDS = vocabulary_of(["refunds and parcels: the courier looks for them, at the depot", "Bristol"])


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (
            "Hi Ada, I have asked the courier for it. They answer within 2 days.",
            "Hi [name], I have asked the courier for it. They answer within [number] days.",
        ),
        (
            "hello peter, I will look for the parcel. Regards, Nora",
            "hello [name], I will look for the parcel. Regards, [name]",
        ),
        (
            "We refund £84.50, it takes a few days.",
            "We refund [number], it takes a few days.",
        ),
        (
            "I told byrne that the courier lost it, sorry about that.",
            "I told [name] that the courier lost it, sorry about that.",
        ),
        ("Refunds take a few days, as a rule.", "Refunds take a few days, as a rule."),
        (
            "The courier left it with Mrs Featherstone-Haugh next door.",
            "The courier left it with [name] next door.",
        ),
        (
            "You may write to ada.b@example.test or to us, as you like.",
            "You may write to [email] or to us, as you like.",
        ),
        (
            "It is at https://shop.test/track?t=secret and says more.",
            "It is at [link] and says more.",
        ),
        ("Your parcel is in Bristol, at the depot.", "Your parcel is in [name], at the depot."),
    ],
)
def test_names_numbers_and_addresses_become_open_places(answer: str, shown: str) -> None:
    assert with_open_places(answer, names=NAMES, vocabulary=WORDS) == shown


@pytest.mark.parametrize(
    "answer",
    [
        "Order 10432 of Ada goes to 4 Quay Street, Bristol BS1 4DJ on 3 May.",
        "One moment please",
        "10432",
        f"We {'really ' * 100} refund that.",
    ],
)
def test_what_says_little_else_or_is_one_customers_story_is_left_out(answer: str) -> None:
    assert with_open_places(answer, names=NAMES, vocabulary=WORDS) is None
