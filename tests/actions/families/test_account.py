"""Changing an account's own data and having a copy of it: the real engine over a real shop."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import close_shop, tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, ShopFile

EDIT = "edit_account"


async def test_a_new_email_address_in_one_sentence(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say("my email is now Ava@New.test, please change it", EDIT)
    assert said.names == ["utter_confirm_change_email"]
    assert said.values["before"] == "ava.1007@customer.test"
    assert said.values["after"] == "ava@new.test"
    assert shop_file.customer("C-1007").email == "ava.1007@customer.test", "nothing before the yes"
    said = await ava.press(said, "Yes")
    assert said.names == ["utter_done_change_email"]
    assert shop_file.customer("C-1007").email == "ava@new.test"
    said = await ava.press(said, "Undo")
    assert said.names == ["utter_undone"]
    assert shop_file.customer("C-1007").email == "ava.1007@customer.test"


async def test_what_is_not_named_is_asked_for_by_buttons(ava: Talk) -> None:
    said = await ava.say("edit my account", EDIT)
    assert said.names == ["utter_ask_what_to_edit"]
    said = await ava.press(said, "Phone number")
    assert said.names == ["utter_ask_new_phone"]
    # The model takes mere digits for an order's number.
    said = await ava.say("07700 900813", "track_order", phone="07700 900813")
    assert said.values["after"] == "+44 7700 900813"


@pytest.mark.parametrize(
    ("title", "response", "button"),
    [
        ("Delivery address", "utter_address_is_another_request", "Change an address"),
        ("Password", "utter_password_is_another_request", "Get a new password"),
        ("Something else", "utter_edit_on_the_page", "Talk to a person"),
    ],
)
async def test_what_is_done_elsewhere_needs_no_proof(
    guest: Talk, title: str, response: str, button: str
) -> None:
    said = await guest.press(await guest.say("edit my account", EDIT), title)
    assert said.names == [response]
    assert button in said.buttons


@pytest.mark.parametrize(
    ("asked", "wrong", "response"),
    [
        ("change my email", "ava.@new.test", "utter_email_impossible"),
        ("change my email", "ava..t@new.test", "utter_email_impossible"),
        ("change my phone number", "12345", "utter_phone_impossible"),
        ("change my name", "💜💜", "utter_name_impossible"),
        ("change my name", "Robert'); DROP TABLE customers;--", "utter_name_impossible"),
    ],
)
async def test_what_cannot_be_taken_is_asked_for_again(
    ava: Talk, asked: str, wrong: str, response: str
) -> None:
    first = await ava.say(asked, EDIT)
    said = await ava.say(wrong, "out_of_scope")
    assert said.names == [response, *first.names]
    assert (await ava.say("never mind", "deny")).names == ["utter_nothing_changed"]


async def test_a_wrong_value_in_the_first_words_is_told_of_once(ava: Talk) -> None:
    said = await ava.say("change my email to ava.@new.test", EDIT)
    assert said.names == ["utter_email_impossible", "utter_ask_new_email"]
    said = await ava.say(
        "sorry: ava@new.test", "contact_customer_service", (), email="ava@new.test"
    )
    assert said.names == ["utter_confirm_change_email"]


async def test_read_back_it_can_be_put_right(ava: Talk) -> None:
    await ava.say("change my name to Ava Tomson", EDIT)
    said = await ava.say("no, it's Ava Thomsen", "deny")
    assert said.names == ["utter_confirm_change_name"]
    assert said.values["after"] == "Ava Thomsen"
    said = await ava.say("sorry, I meant the email", "contact_customer_service")
    assert said.names == ["utter_ask_new_email"]


async def test_somebody_elses_address_is_not_told_from_any_other_that_cannot_be_used(
    ava: Talk, shop_file: ShopFile
) -> None:
    said = await ava.say("change my email to ISAAC.1085@customer.test", EDIT)
    assert said.names == ["utter_refused_taken"]
    assert shop_file.customer("C-1007").email == "ava.1007@customer.test"


async def test_somebody_else_is_faster(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say("change my email to new@customer.test", EDIT)
    shop_file.set_customer("C-1085", email="new@customer.test")
    assert (await ava.press(said, "Yes")).names == ["utter_refused_taken"]


async def test_what_is_so_already_is_not_changed(ava: Talk) -> None:
    said = await ava.say("my email should be ava.1007@customer.test", EDIT)
    assert said.names == ["utter_edit_nothing_new"]


async def test_nothing_is_changed_in_an_account_that_is_closing(customer: Customer) -> None:
    said = await customer("C-1110").say("change my name", EDIT)
    assert said.names == ["utter_account_is_closing"]
    assert "Talk to a person" in said.buttons


async def test_an_address_on_file_needs_a_code_for_the_account(
    avas_phone: Talk, shop_file: ShopFile
) -> None:
    said = await avas_phone.say("change my name to Ava Brown", EDIT)
    assert said.names == ["utter_ask_code_on_file"]
    assert shop_file.newest_mail().to_address == "ava.1007@customer.test"
    said = await avas_phone.say(shop_file.newest_code())
    assert said.names == ["utter_confirm_change_name"]
    assert said.values["after"] == "Ava Brown"


async def test_what_is_on_a_parcels_label_is_not_enough(guest: Talk, shop_file: ShopFile) -> None:
    await guest.say("where is 10432", "track_order", order_number="10432")
    said = await guest.say("BS1 4DJ", "track_order", postcode="BS1 4DJ")
    assert said.names == ["utter_order_shipped"]
    said = await guest.say("change my email to thief@elsewhere.test", EDIT)
    assert said.names == ["utter_ask_code_on_file"]
    assert shop_file.newest_mail().to_address == "ava.1007@customer.test"
    again = await guest.press(said, "Send it again")
    assert again.names == ["utter_ask_code_on_file"]
    assert (await guest.say("000000")).names == ["utter_code_wrong", "utter_ask_code_on_file"]
    said = await guest.say(shop_file.newest_code())
    assert said.names == ["utter_confirm_change_email"]


async def test_an_old_button_sends_no_more_codes_than_may_be_sent(
    avas_phone: Talk, shop_file: ShopFile
) -> None:
    said = await avas_phone.say("change my name to Ava Brown", EDIT)
    for _ in range(5):
        await avas_phone.press(said, "Send it again")
    assert len(shop_file.mails("code")) == 3


async def test_a_code_nobody_got_is_never_right(guest: Talk, shop_file: ShopFile) -> None:
    said = await guest.say("change my name to Ava Brown", EDIT)
    assert said.names == ["utter_ask_email_of_owner"]
    said = await guest.say("nobody@customer.test", email="nobody@customer.test")
    assert said.names == ["utter_ask_code"], "as if somebody had that address"
    assert not shop_file.mails("code")
    for _ in range(3):
        said = await guest.say("123456")
    assert said.names == ["utter_code_wrong"]
    assert guest.slots["handoff_request"]["reason"] == "verification_failed"


async def test_a_customer_deleted_meanwhile_is_asked_who_they_are(
    ava: Talk, shop_file: ShopFile
) -> None:
    said = await ava.say("change my name to Ava Brown", EDIT)
    shop_file.delete_customer("C-1007")
    assert (await ava.press(said, "Yes")).names == ["utter_ask_email_of_owner"]


async def test_a_yes_after_signing_out_changes_nothing(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say("change my name to Ava Brown", EDIT)
    ava.customer = None
    assert (await ava.press(said, "Yes")).names == ["utter_ask_email_of_owner"]
    assert shop_file.customer("C-1007").name == "Ava Thompson"


async def test_a_yes_of_somebody_else_is_read_back_for_them(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say("change my name to Ava Brown", EDIT)
    ava.customer = {"reference": "C-1085", "verification": "verified"}
    said = await ava.press(said, "Yes")
    assert said.names == ["utter_confirm_change_name"]
    assert said.values["before"] == "Isaac Mensah"
    assert shop_file.customer("C-1007").name == "Ava Thompson"


@pytest.mark.parametrize("intent", ["edit_account", "delete_account"])
async def test_a_copy_of_all_data_goes_to_the_address_on_file(
    ava: Talk, shop_file: ShopFile, intent: str
) -> None:
    said = await ava.say("send me a copy of all the data you have on me", intent)
    assert said.names == ["utter_confirm_mail_account_data"]
    said = await ava.press(said, "Yes")
    assert said.names == ["utter_done_mail_account_data"]
    mail = shop_file.newest_mail()
    assert (mail.to_address, mail.template) == ("ava.1007@customer.test", "account_data")


async def test_a_shop_that_is_away_meets_a_person(
    ava: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", "sqlite+aiosqlite:////nowhere/shop.db")
    await close_shop()
    said = await ava.say("change my name to Ava Brown", EDIT)
    assert said.names == ["utter_shop_unavailable"]
    assert ava.slots["handoff_request"]["reason"] == "shop_unavailable"


async def test_the_record_says_who_asked_and_by_what(ava: Talk, shop_file: ShopFile) -> None:
    await ava.press(await ava.say("change my name to Ava Brown", EDIT), "Yes")
    (made,) = shop_file.rows(sa.select(tables.changes))
    arguments: dict[str, Any] = made.arguments
    assert (made.name, arguments) == ("change_name", {"customer": "C-1007", "name": "Ava Brown"})
