"""Closing an account: the real engine over a real shop."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile

CLOSE = "delete_account"


async def test_what_goes_and_what_stays_is_read_back_and_can_be_undone(
    customer: Customer, shop_file: ShopFile
) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("close my account please", CLOSE)
    assert said.names == ["utter_confirm_close_account"]
    assert said.values["days"] == "14"
    said = await isaac.press(said, "Yes")
    assert said.names == ["utter_done_close_account"]
    in_two_weeks = date.today() + timedelta(days=14)
    assert abs(shop_file.customer("C-1085").closing_on - in_two_weeks) <= timedelta(days=1)
    assert (await isaac.press(said, "Undo")).names == ["utter_undone"]
    assert shop_file.customer("C-1085").closing_on is None


async def test_open_orders_come_first(ava: Talk) -> None:
    said = await ava.say("close my account please", CLOSE)
    assert said.names == ["utter_open_orders_before_closing"]
    assert said.values["orders"] == "10640, 10587 and 10432"
    assert "Talk to a person" in said.buttons


async def test_a_member_hears_of_the_points(customer: Customer, shop_file: ShopFile) -> None:
    shop_file.set_order("10921", state="delivered")
    said = await customer("C-1059").say("close my account please", CLOSE)
    assert said.names == ["utter_confirm_close_members_account"]
    assert int(said.values["points"]) > 0


async def test_ones_data_first_and_then_back_to_the_question(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("close my account please", CLOSE)
    said = await isaac.press(said, "Send me my data first")
    assert said.names == ["utter_confirm_mail_account_data"]
    said = await isaac.press(said, "Yes")
    assert said.names == [
        "utter_done_mail_account_data",
        "utter_back_to",
        "utter_confirm_close_account",
    ]


@pytest.mark.parametrize("text", ["how do I close my account", "will my invoices be gone then"])
async def test_a_guest_is_told_how_without_being_asked_who_they_are(guest: Talk, text: str) -> None:
    said = await guest.say(text, CLOSE)
    assert said.names == ["utter_closing_an_account"]
    said = await guest.press(said, "Close my account")
    assert said.names == ["utter_ask_email_of_owner"]


async def test_a_customer_who_asks_how_is_offered_it_right_away(customer: Customer) -> None:
    said = await customer("C-1085").say("how do I close my account", CLOSE)
    assert said.names == ["utter_confirm_close_account"]


@pytest.mark.parametrize(
    "text", ["my late father had an account, could it be closed", "delete one of my accounts"]
)
async def test_somebody_elses_account_is_a_persons_business(customer: Customer, text: str) -> None:
    said = await customer("C-1085").say(text, CLOSE)
    assert said.names == ["utter_close_anothers_account"]
    assert "Talk to a person" in said.buttons


async def test_an_account_closes_once(customer: Customer) -> None:
    said = await customer("C-1110").say("close my account please", CLOSE)
    assert said.names == ["utter_account_is_closing"]


async def test_the_days_are_the_policys(customer: Customer, policy: PolicyFile) -> None:
    policy.put("closes_after_days: 14", "closes_after_days: 30")
    said = await customer("C-1085").say("close my account please", CLOSE)
    assert said.values["days"] == "30"


async def test_whoever_stays_changes_nothing(customer: Customer, shop_file: ShopFile) -> None:
    isaac = customer("C-1085")
    await isaac.say("close my account please", CLOSE)
    assert (await isaac.say("no, leave it", "deny")).names == ["utter_nothing_changed"]
    assert shop_file.customer("C-1085").closing_on is None
