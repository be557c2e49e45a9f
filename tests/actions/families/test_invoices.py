"""Invoices: sent, and gone through line by line, by the real engine over a real shop."""

from __future__ import annotations

import sqlalchemy as sa

from actions.context import tables
from actions.documents import fetch
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, ShopFile


async def test_an_invoice_comes_as_a_link_and_by_mail(
    customer: Customer, shop_file: ShopFile
) -> None:
    ava = customer("C-1007", "known")
    said = await ava.say("send the invoice for 10432", "get_invoice", order_number="10432")
    assert said.names == ["utter_invoice_sent"]
    assert said.values["total"] == "£145.00"
    paper = await fetch(said.values["link"].rpartition("/")[2])
    assert paper is not None
    assert paper.body.startswith(b"%PDF")
    (mail,) = shop_file.rows(sa.select(tables.mails))
    assert (mail.customer, mail.attachment_name) == ("C-1007", "INV-10432.pdf")


async def test_which_order_is_asked_among_those_with_an_invoice(customer: Customer) -> None:
    ava = customer("C-1007", "known")
    said = await ava.say("my invoice please", "get_invoice")
    assert said.names == ["utter_ask_which_order"]
    assert [title.split(" ")[0] for title in said.buttons] == ["10432", "10398"]
    said = await ava.say("the base layer", "track_order")
    assert said.values["invoice"] == "INV-10398"


async def test_no_invoice_yet_or_never(customer: Customer, shop_file: ShopFile) -> None:
    ava = customer("C-1007", "known")
    said = await ava.say("invoice for 10640", "get_invoice", order_number="10640")
    assert said.names == ["utter_invoice_not_yet"]
    shop_file.set_order("10640", state="cancelled")
    said = await ava.say("invoice for 10640", "get_invoice", order_number="10640")
    assert said.names == ["utter_invoice_never"]
    said = await ava.say("check the bill for 10640", "check_invoice", order_number="10640")
    assert said.names == ["utter_invoice_never"]


async def test_an_invoice_is_shown_with_all_its_lines(customer: Customer) -> None:
    said = await customer("C-1046", "known").say("what's on my bill", "check_invoice")
    assert said.names == ["utter_invoice"]
    lines = "leggings £45.00, steel bottle £24.00, delivery £0.00, discount -£6.90"
    assert said.values["lines"] == lines
    assert said.values["paid"].startswith("£62.10 by Visa on ")
    assert list(said.buttons) == ["Send it to me", "Something's wrong"]


async def test_a_disputed_line_goes_to_a_person_with_the_figures(customer: Customer) -> None:
    erin = customer("C-1046", "known")
    said = await erin.press(await erin.say("my bill", "check_invoice"), "Something's wrong")
    assert said.names == ["utter_ask_invoice_line"]
    said = await erin.say("the discount should be 20 %")
    assert said.names == ["utter_invoice_disputed"]
    wanted = erin.slots["handoff_request"]
    assert wanted["reason"] == "beyond_policy"
    assert "discount (“the discount should be 20 %”)" in wanted["evidence"]
    assert "leggings £45.00" in wanted["evidence"]


async def test_a_line_disputed_in_the_first_words(customer: Customer) -> None:
    erin = customer("C-1046", "known")
    said = await erin.say("the £24 on my bill is wrong", "check_invoice")
    assert said.names == ["utter_invoice_disputed"]
    assert "steel bottle" in erin.slots["handoff_request"]["evidence"]


async def test_a_line_named_by_its_button(customer: Customer) -> None:
    erin = customer("C-1046", "known")
    said = await erin.say("there's a mistake on my bill", "check_invoice")
    assert said.names == ["utter_ask_invoice_line"]
    await erin.press(said, "Delivery")
    assert "is disputed: delivery." in erin.slots["handoff_request"]["evidence"]


async def test_a_guest_shows_the_order_is_theirs(guest: Talk) -> None:
    said = await guest.say("invoice please", "get_invoice")
    assert said.names == ["utter_ask_order_number"]
    await guest.say("10702", order_number="10702")
    said = await guest.say("CF10 3AT", postcode="CF10 3AT")
    assert said.names == ["utter_invoice_sent"]
