"""Promo codes, read out of words and looked up in a real shop."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, ShopFile

PROMO = "promo_code_problem"


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("THAW20 isn't accepted", "utter_promo_over"),
        ("summit25 not working", "utter_promo_not_yet"),
        ("code fjord15 refused", "utter_promo_members_only"),
        ("my code is fiver and does nothing", "utter_promo_from"),
        ("WELCOME10!!", "utter_promo_valid"),
        ("NOPE99 fails", "utter_promo_unknown"),
        ("MY CODE WELCOME10 DOES NOT WORK PLEASE HELP", "utter_promo_valid"),
    ],
)
async def test_each_code_is_told_plainly(guest: Talk, words: str, response: str) -> None:
    assert (await guest.say(words, PROMO)).names == [response]


async def test_what_a_code_is_worth(guest: Talk) -> None:
    said = await guest.say("trail15", PROMO)
    assert "15 % off, but only from £75.00" in said.text
    said = await guest.say("and FIVER?", PROMO)
    assert "£5.00 off" in said.text


async def test_a_code_works_once_for_each(customer: Customer) -> None:
    said = await customer("C-1046", "known").say("welcome10 refused", PROMO)
    assert said.names == ["utter_promo_used"]
    said = await customer("C-1007", "known").say("welcome10 refused", PROMO)
    assert said.names == ["utter_promo_valid"]


async def test_a_members_code_is_for_those_who_are_members_now(
    customer: Customer, shop_file: ShopFile
) -> None:
    shop_file.run(sa.delete(tables.promo_uses).where(tables.promo_uses.c.customer == "C-1059"))
    farah = customer("C-1059", "known")
    assert (await farah.say("fjord15?", PROMO)).names == ["utter_promo_valid"]
    membership = tables.memberships
    over = sa.update(membership).where(membership.c.customer == "C-1059")
    shop_file.run(over.values(until=sa.func.date("now", "-1 days")))
    assert (await farah.say("fjord15?", PROMO)).names == ["utter_promo_members_only"]


@pytest.mark.parametrize(
    "answer", ["trail15", "its TRAIL15", "the code is trail15 i think", "Trail15!"]
)
async def test_the_code_is_asked_for(guest: Talk, answer: str) -> None:
    said = await guest.say("where do i put my voucher", PROMO)
    assert said.names == ["utter_ask_promo_code"]
    assert (await guest.say(answer)).values["code"] == "TRAIL15"


async def test_a_code_of_letters_alone_is_an_answer(guest: Talk) -> None:
    await guest.say("voucher doesn't work", PROMO)
    assert (await guest.say("its fiver")).values["code"] == "FIVER"


async def test_no_code_to_name(guest: Talk) -> None:
    await guest.say("i lost my code", PROMO)
    assert (await guest.say("never mind", "deny")).names == ["utter_promo_no_code"]


@pytest.mark.parametrize(
    "words", ["it took £5 off at 10am", "no discount on order 10432", "my 2nd voucher fails"]
)
async def test_what_is_no_code(guest: Talk, words: str) -> None:
    assert (await guest.say(words, PROMO)).names == ["utter_ask_promo_code"]


async def test_what_somebody_puts_into_a_code(guest: Talk) -> None:
    said = await guest.say("code X1' OR '1'='1", PROMO)
    assert said.names[-1] in ("utter_ask_promo_code", "utter_promo_unknown")
