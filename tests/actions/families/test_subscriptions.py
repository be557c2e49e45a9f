"""The newsletter and the club: the real engine over a real shop."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile

NEWS, CLUB = "newsletter_subscription", "membership_question"


async def test_a_known_customer_stops_it_with_one_yes(
    customer: Customer, shop_file: ShopFile
) -> None:
    farah = customer("C-1059", "known")
    said = await farah.say("unsubscribe me", NEWS)
    assert said.names == ["utter_confirm_newsletter_off"]
    assert said.values["email"] == "f…@customer.test"
    said = await farah.press(said, "Yes")
    assert said.names == ["utter_done_newsletter_off"]
    assert shop_file.customer("C-1059").newsletter is False
    assert (await farah.press(said, "Undo")).names == ["utter_undone"]
    assert shop_file.customer("C-1059").newsletter is True


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("stop the newsletter", "utter_confirm_newsletter_off"),
        ("no more of these mails", "utter_confirm_newsletter_off"),
        ("I want to get your newsletter", "utter_newsletter_is_on"),
        ("am I on your list", "utter_newsletter_is_on"),
        ("how often does it come", "utter_about_the_newsletter"),
        ("send it to my sister too", "utter_newsletter_of_another"),
        ("newsletter", "utter_ask_newsletter"),
    ],
)
async def test_what_is_wanted_is_understood(customer: Customer, text: str, response: str) -> None:
    assert (await customer("C-1059").say(text, NEWS)).names == [response]


async def test_an_unclear_wish_is_asked_about(customer: Customer) -> None:
    isaac = customer("C-1085")
    said = await isaac.say("newsletter", NEWS)
    digression = await isaac.say("are you open on sundays", "opening_hours")
    assert digression.digressed
    assert digression.names == ["utter_ask_newsletter"]
    said = await isaac.press(said, "Send it to me")
    assert said.names == ["utter_confirm_newsletter_on"]
    said = await isaac.say("no, I mean stop it", "deny")
    assert said.names == ["utter_newsletter_is_off"]


async def test_general_questions_need_no_proof(guest: Talk) -> None:
    said = await guest.say("how often does the newsletter come", NEWS)
    assert said.names == ["utter_about_the_newsletter"]
    assert (await guest.press(said, "Stop it")).names == ["utter_ask_email"]


async def test_the_club_is_explained_and_ones_own_membership_with_it(
    guest: Talk, customer: Customer
) -> None:
    said = await guest.say("what does the club cost", CLUB)
    assert said.names == ["utter_about_the_club"]
    assert said.values["fee"] == "£20.00"
    assert (await guest.press(said, "My membership")).names == ["utter_ask_email"]
    said = await customer("C-1059", "known").say("what does the club cost", CLUB)
    assert said.names == ["utter_about_the_club", "utter_member_until"]


async def test_points_need_a_customer_who_is_known(guest: Talk, customer: Customer) -> None:
    assert (await guest.say("how many points do I have", CLUB)).names == ["utter_ask_email"]
    said = await customer("C-1059", "known").say("how many points do I have", CLUB)
    assert said.names == ["utter_member_until"]
    assert said.values["plan"] == "Fjord Club"


async def test_joining_is_read_back_with_its_price_and_undone(
    customer: Customer, shop_file: ShopFile, policy: PolicyFile
) -> None:
    policy.put("fee: 20 ", "fee: 25.5 ")
    isaac = customer("C-1085")
    said = await isaac.say("I want to join the club", CLUB)
    assert said.names == ["utter_confirm_join_membership"]
    assert said.values["fee"] == "£25.50"
    said = await isaac.press(said, "Yes")
    assert said.names == ["utter_done_join_membership"]
    assert len(_memberships(shop_file, "C-1085")) == 1
    assert (await isaac.press(said, "Undo")).names == ["utter_undone"]
    assert _memberships(shop_file, "C-1085") == []


async def test_joining_costs_money_and_takes_a_code(customer: Customer) -> None:
    said = await customer("C-1085", "known").say("I want to join the club", CLUB)
    assert said.names == ["utter_ask_code_on_file"]


async def test_a_member_cannot_join_again_but_leave(
    customer: Customer, shop_file: ShopFile
) -> None:
    farah = customer("C-1059")
    said = await farah.say("renew my membership for a year", CLUB)
    assert said.names == ["utter_member_until"]
    said = await farah.press(said, "Leave the club")
    assert said.names == ["utter_confirm_leave_membership"]
    until = _memberships(shop_file, "C-1059")[0].until
    said = await farah.press(said, "Yes")
    assert said.names == ["utter_done_leave_membership"]
    assert _memberships(shop_file, "C-1059")[0].until < until
    assert (await farah.say("am I still a member", CLUB)).names == ["utter_member_no_longer"]
    assert (await farah.press(said, "Undo")).names == ["utter_undone"]
    assert _memberships(shop_file, "C-1059")[0].until == until


async def test_whoever_is_no_member_cannot_leave(customer: Customer) -> None:
    said = await customer("C-1085").say("cancel my membership", CLUB)
    assert said.names == ["utter_no_member"]


def test_the_policys_fee_is_what_the_demo_shop_takes(policy: PolicyFile) -> None:
    from actions.context.demo_changes.membership import FEE
    from actions.policy import current_policy

    assert current_policy().membership.fee == Decimal(FEE)


def _memberships(shop_file: ShopFile, customer: str) -> list[Any]:
    mine = tables.memberships.c.customer == customer
    return shop_file.rows(sa.select(tables.memberships).where(mine))
