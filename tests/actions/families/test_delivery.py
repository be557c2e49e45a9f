"""How long a delivery takes: the real engine over a real shop."""

from __future__ import annotations

from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer


async def test_a_guest_is_told_the_general_facts(guest: Talk) -> None:
    said = await guest.say("how long does delivery take", "delivery_period")
    assert said.names == ["utter_delivery_period"]
    said = await guest.say("when will 10432 come", "delivery_period", order_number="10432")
    assert said.names == ["utter_delivery_period"]
    said = await guest.press(said, "Track my order")
    assert said.names == ["utter_ask_postcode"]


async def test_the_one_order_on_its_way_is_told_of(ben: Talk) -> None:
    said = await ben.say("when will it be here", "delivery_period")
    assert said.names == ["utter_order_out_for_delivery"]


async def test_an_order_that_is_named_is_told_of(avas_phone: Talk) -> None:
    said = await avas_phone.say("when will the boots be here", "delivery_period")
    assert (said.names, said.values["number"]) == (["utter_order_shipped"], "10432")


async def test_several_estimates_in_one_answer(ava: Talk) -> None:
    said = await ava.say("how long will it take", "delivery_period")
    assert said.names == ["utter_delivery_estimates"]
    estimates = said.values["estimates"].splitlines()
    assert [line[:5] for line in estimates] == ["10640", "10587", "10432"]
    said = await ava.press(said, "Delivery in general")
    assert said.names == ["utter_delivery_period"]


async def test_whoever_awaits_nothing_is_told_the_general_facts(customer: Customer) -> None:
    said = await customer("C-1085").say("how long does delivery take", "delivery_period")
    assert said.names == ["utter_delivery_period"]
