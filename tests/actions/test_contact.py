"""E-mail addresses, phone numbers and names as customers write them."""

from __future__ import annotations

import pytest

from actions import contact


@pytest.mark.parametrize(
    ("text", "asked", "meant"),
    [
        ("change it to ava@new.test.", False, "ava@new.test"),
        ("<ava@new.test>, thanks", False, "ava@new.test"),
        ("from own@shop.test to ava@new.test", False, "ava@new.test"),
        ("ava@new.test and not own@shop.test", False, "ava@new.test"),
        ("it's own@shop.test", False, "own@shop.test"),
        ("ava.new.test", True, "ava.new.test"),
        ("ava.new.test", False, None),
        ("meet me @ noon", True, None),
    ],
)
def test_what_is_meant_as_an_address(text: str, asked: bool, meant: str | None) -> None:
    assert contact.email_meant(text, asked, own="own@shop.test") == meant


@pytest.mark.parametrize(
    ("candidate", "kept"),
    [
        ("Ava.T@New.Test", "ava.t@new.test"),
        ("ava@exämple.co.uk", "ava@exämple.co.uk"),
        ("ava.@new.test", None),
        ("ava..t@new.test", None),
        ("ava@new.test.", None),
        ("ava@localhost", None),
        ("ava@-new.test", None),
        ("'; drop table customers;--@new.test", None),
    ],
)
def test_an_address_that_can_exist(candidate: str, kept: str | None) -> None:
    assert contact.email(candidate) == kept


def test_a_hint_is_enough_for_its_owner() -> None:
    assert contact.email_hint("ava.1007@customer.test") == "a…@customer.test"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("its 07700 900 813 now", "+447700900813"),
        ("(0114) 496-0123, please", "+441144960123"),
        ("0049 30 901820", "+4930901820"),
        ("+33 6 12 34 56 78 and order 10432", "+33612345678"),
        ("order 10432", None),
        ("12345", None),
        ("+44 7700 900813 900813 900813", None),
        ("🙂", None),
    ],
)
def test_phone_numbers_of_all_countries(text: str, number: str | None) -> None:
    assert contact.phone_in(text, "GB") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("its 07700 900 813 now", "+447700900813"),
        ("(0114) 496-0123, please", "+441144960123"),
        ("0049 30 901820", "+4930901820"),
        ("+33 6 12 34 56 78 and order 10432", "+33612345678"),
        ("my order 1043255512 is late, call 020 7946 0123", "+442079460123"),
        ("I have returned it, ring me on 07700900813", "+447700900813"),
        ("card +44 7700 900813", "+447700900813"),
        ("SW19 02079460123", "+442079460123"),
        ("my tracking number is 7423919823", None),
        ("my tracking number is 07423919823", None),
        ("Tracking: 07423919823", None),
        ("order 1043255512", None),
        ("order no. 01043255512", None),
        ("parcel #020 7946 0123", None),
        ("020 7946 0123 is my account number", None),
        ("the reference was 02079460123", None),
        ("my card is 4111 1111 1111 1111", None),
        ("GB29 NWBK 6016 1331 9268 19", None),
        ("pay it to DE89 3704 0044 0532 0130 00 please", None),
        ("IBAN GB29NWBK02079460123819", None),
        ("on 03.12.2026 10:30", None),
        ("1043255512", None),
    ],
)
def test_a_phone_number_left_in_a_message_is_not_an_orders_or_an_accounts(
    text: str, number: str | None
) -> None:
    assert contact.phone_left_in(text, "GB") == number


def test_a_country_without_a_0_in_front_has_numbers_too() -> None:
    assert contact.phone_left_in("call 212-555-0123", "US") == "+12125550123"
    assert contact.phone_left_in("my tracking number is 7423919823", "US") is None


def test_a_number_is_shown_in_groups() -> None:
    assert contact.phone_text("+447700900813") == "+44 7700 900813"
    assert contact.phone_text("unknown") == "unknown"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("change my name to hana brown please", "Hana Brown"),
        ("my surname is Brown-Reid now", "Ava Brown-Reid"),
        ("I got married, please change my last name to brown", "Ava Brown"),
        ("my first name should be Eva", "Eva Thompson"),
        ("no, it's Ava O'Neill", "Ava O'Neill"),
        ("my name is spelled wrong in my account", None),
        ("change my name to my married name", None),
        ("change my name to Brown", None),
        ("the name should be 💥", None),
    ],
)
def test_names_in_a_sentence(text: str, name: str | None) -> None:
    assert contact.name_said(text, before="Ava Thompson") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It's Siobhán Ní Dhónaill, thanks", "Siobhán Ní Dhónaill"),
        ("j. r. r. tolkien", "J. R. R. Tolkien"),
        ("अमित कुमार", "अमित कुमार"),
        ("Ava 💜", None),
        ("Robert'); DROP TABLE customers;--", None),
        ("4711", None),
        ("I would rather like to think about that", None),
        ("x" * 101, None),
    ],
)
def test_names_alone(text: str, name: str | None) -> None:
    assert contact.name_alone(text) == name
