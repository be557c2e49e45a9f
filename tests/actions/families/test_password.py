"""A link for a new password: the real engine over a real shop."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Talk
from tests.actions.families.conftest import ShopFile

RECOVER = "recover_password"


async def test_a_customer_who_is_known_has_it_sent_to_their_address(
    avas_phone: Talk, shop_file: ShopFile
) -> None:
    said = await avas_phone.say("forgot my password", RECOVER)
    assert said.names == ["utter_confirm_mail_password_link"]
    assert said.values["email"] == "a…@customer.test"
    assert (await avas_phone.press(said, "Yes")).names == ["utter_done_mail_password_link"]
    (mail,) = shop_file.mails("password_link")
    assert mail.to_address == "ava.1007@customer.test"


async def test_nothing_tells_whether_there_is_an_account(guest: Talk, shop_file: ShopFile) -> None:
    told = []
    for address in ("ava.1007@customer.test", "nobody@customer.test"):
        assert (await guest.say("forgot my password", RECOVER)).names == [
            "utter_ask_email_of_account"
        ]
        asked = await guest.say(address, "contact_customer_service", (), email=address)
        done = await guest.press(asked, "Yes")
        told.append((asked.names, done.names, list(done.buttons)))
    assert told[0] == told[1]
    assert len(shop_file.mails("password_link")) == 1


async def test_the_address_can_be_in_the_first_words_and_put_right(guest: Talk) -> None:
    said = await guest.say("reset the password of bob@customer.test", RECOVER)
    assert said.values["email"] == "bob@customer.test"
    said = await guest.say("no, rob@customer.test", "deny", (), email="rob@customer.test")
    assert said.values["email"] == "rob@customer.test"
    assert (await guest.say("no", "deny")).names == ["utter_nothing_changed"]


async def test_an_impossible_address_is_asked_for_again(guest: Talk) -> None:
    await guest.say("forgot my password", RECOVER)
    said = await guest.say("ava.1007@customer", "nlu_fallback")
    assert said.names == ["utter_email_impossible", "utter_ask_email_of_account"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("I no longer have that email, how do I get in", "utter_password_inbox"),
        ("which email did I register with", "utter_password_which"),
    ],
)
async def test_where_a_link_does_not_help_a_person_does(
    guest: Talk, text: str, response: str
) -> None:
    said = await guest.say(text, RECOVER)
    assert said.names == [response]
    assert "Talk to a person" in said.buttons


async def test_a_locked_account_is_explained(ava: Talk) -> None:
    said = await ava.say("my account is locked", RECOVER)
    assert said.names == ["utter_confirm_link_for_locked"]


async def test_nobodys_inbox_is_filled(guest: Talk, shop_file: ShopFile) -> None:
    for _ in range(3):
        said = await guest.say("new password for ava.1007@customer.test", RECOVER)
        await guest.press(said, "Yes")
    said = await guest.say("new password for ava.1007@customer.test", RECOVER)
    assert said.names == ["utter_enough_password_links"]
    assert len(shop_file.mails("password_link")) == 3
