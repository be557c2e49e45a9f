"""Where an order or the account's parcels go: the real engine over a real shop."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Said, Talk
from tests.actions.families.conftest import Customer, ShopFile

NEW = "12 Harbour Road, Exeter EX1 3PL"


async def change(talk: Talk, text: str, number: str | None = None) -> Said:
    entities = {"order_number": number} if number else {}
    return await talk.say(text, "change_shipping_address", (), **entities)


def account(shop_file: ShopFile, reference: str = "C-1007") -> tuple[str, str, str]:
    columns = tables.customers.c
    query = sa.select(columns.line, columns.town, columns.postcode)
    line, town, postcode = shop_file.rows(query.where(columns.reference == reference))[0]
    return line, town, postcode


async def test_all_in_one_sentence(ava: Talk, shop_file: ShopFile) -> None:
    said = await change(ava, f"please send 10640 to {NEW} instead", "10640")
    assert said.names == ["utter_confirm_order_address"]
    assert (said.values["address"], said.values["old"]) == (NEW, "4 Mill Lane, Bristol BS1 4DJ")
    assert shop_file.order("10640").line == "4 Mill Lane"
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_order_address"]
    assert shop_file.order("10640").line == "12 Harbour Road"
    assert account(shop_file) == ("4 Mill Lane", "Bristol", "BS1 4DJ")
    said = await ava.press(said, "Undo")
    assert shop_file.order("10640").line == "4 Mill Lane"


async def test_which_address_is_asked_only_when_unclear(ava: Talk) -> None:
    said = await change(ava, "change my address")
    assert said.names == ["utter_ask_which_address"]
    titles = [*said.buttons]
    assert len(titles) == 2, "what is packed goes nowhere else"
    assert (titles[0][:5], titles[1]) == ("10640", "My account")
    assert (await ava.press(said, titles[0])).names == ["utter_ask_order_address"]
    await ava.say("never mind", "deny")
    assert (await change(ava, "my parcel goes to an old flat")).names == ["utter_ask_order_address"]
    await ava.say("never mind", "deny")
    assert (await change(ava, "we just moved house")).names == ["utter_ask_account_address"]


async def test_an_order_can_be_picked_in_words(ava: Talk) -> None:
    await change(ava, "change my address")
    said = await ava.say("the one with the mugs", "nlu_fallback")
    assert said.names == ["utter_ask_order_address"]


async def test_missing_parts_are_asked_for(ava: Talk) -> None:
    await change(ava, "different address for 10640", "10640")
    said = await ava.say("12 harbour road", "nlu_fallback")
    assert said.names == ["utter_ask_address_town"]
    said = await ava.say("exeter", "nlu_fallback")
    assert said.names == ["utter_ask_address_postcode"]
    for text in ("90210", "dunno", "🤷"):
        said = await ava.say(text, "nlu_fallback")
        assert said.names == ["utter_no_address_postcode", "utter_ask_address_postcode"]
    said = await ava.say("ex13pl", "nlu_fallback")
    assert said.values["address"] == NEW


async def test_a_postcode_alone_is_kept(ava: Talk) -> None:
    said = await change(ava, "10640 has to go to EX1 3PL, wrong postcode", "10640")
    assert said.names == ["utter_ask_address_line"]
    said = await ava.say("12 Harbour Road, Exeter", "nlu_fallback")
    assert said.values["address"] == NEW


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("🏠🏠🏠", "utter_address_unusable"),
        ("...", "utter_address_unusable"),
        ("can you not find it yourself somehow", "utter_address_unusable"),
        ("x" * 5_000, "utter_address_too_long"),
    ],
)
async def test_what_is_no_address_is_said_and_asked_again(
    ava: Talk, text: str, complaint: str
) -> None:
    await change(ava, "different address for 10640", "10640")
    said = await ava.say(text, "nlu_fallback")
    assert said.names == [complaint, "utter_ask_order_address"]
    assert (await ava.say(NEW, "nlu_fallback")).names == ["utter_confirm_order_address"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("no, it's number 21", "21 Harbour Road, Exeter EX1 3PL"),
        ("no, the postcode is EX1 3PN", "12 Harbour Road, Exeter EX1 3PN"),
        ("no, send it to 3 Castle Hill, Cardiff CF10 3AT", "3 Castle Hill, Cardiff CF10 3AT"),
    ],
)
async def test_a_part_can_be_corrected(ava: Talk, text: str, address: str) -> None:
    await change(ava, f"send 10640 to {NEW}", "10640")
    said = await ava.say(text, "deny")
    assert said.names == ["utter_confirm_order_address"]
    assert said.values["address"] == address


async def test_what_is_packed_goes_where_it_goes(ava: Talk, customer: Customer) -> None:
    said = await change(ava, f"send 10587 to {NEW}", "10587")
    assert said.names == ["utter_address_too_late"]
    assert "Talk to a person" in said.buttons
    said = await change(customer("C-1012"), "my parcel goes to the wrong place")
    assert (said.names, said.values["number"]) == (["utter_address_too_late"], "10861")


async def test_the_same_address_changes_nothing(ava: Talk) -> None:
    said = await change(ava, "send 10640 to 4 Mill Lane, Bristol BS1 4DJ", "10640")
    assert said.names == ["utter_address_is_that"]


async def test_a_guests_new_postcode_is_no_proof(guest: Talk) -> None:
    said = await guest.say(
        f"send 10640 to {NEW}",
        "change_shipping_address",
        order_number="10640",
        postcode="EX1 3PL",
    )
    assert said.names == ["utter_ask_postcode"]
    said = await guest.say("BS1 4DJ", "nlu_fallback", postcode="BS1 4DJ")
    assert said.names == ["utter_confirm_order_address"]
    assert said.values["address"] == NEW


async def test_the_account_takes_more_than_what_is_on_a_label(guest: Talk) -> None:
    await change(guest, "change the address of 10640", "10640")
    await guest.say("BS1 4DJ", "nlu_fallback", postcode="BS1 4DJ")
    await guest.say("never mind", "deny")
    said = await change(guest, "change the address of my account")
    assert said.names == ["utter_ask_code_on_file"]


async def test_the_accounts_address_is_saved_and_taken_back(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say(f"save my address: {NEW}", "set_up_shipping_address")
    assert said.names == ["utter_confirm_account_address"]
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_account_address"]
    assert account(shop_file) == ("12 Harbour Road", "Exeter", "EX1 3PL")
    assert shop_file.order("10640").line == "4 Mill Lane"
    await ava.press(said, "Undo")
    assert account(shop_file) == ("4 Mill Lane", "Bristol", "BS1 4DJ")


async def test_the_first_address_replaces_none(ava: Talk, shop_file: ShopFile) -> None:
    customers = tables.customers
    mine = customers.c.reference == "C-1007"
    shop_file.run(sa.update(customers).where(mine).values(line=None, town=None, postcode=None))
    said = await ava.say("add my address", "set_up_shipping_address")
    assert said.names == ["utter_ask_first_address"]
    assert (await ava.say(NEW, "nlu_fallback")).names == ["utter_confirm_first_address"]


async def test_an_account_that_closes_keeps_its_address(customer: Customer) -> None:
    said = await customer("C-1110").say("save an address", "set_up_shipping_address")
    assert said.names == ["utter_account_is_closing"]


async def test_a_guest_is_told_what_holds_before_being_asked_who_they_are(guest: Talk) -> None:
    said = await guest.say("where do i enter my address", "set_up_shipping_address")
    assert said.names == ["utter_set_up_shipping_address", "utter_ask_email_of_owner"]
