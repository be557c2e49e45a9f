"""The order actions, run by Rasa's own executor against a real shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from actions.texts import NOT_FOUND

from actions.context import close_shop
from actions.context.errors import ShopUnavailable

FORM = "validate_track_order_form"
ASK = "action_ask_track_order_form_order_number"
TELL = "action_track_order"


async def test_one_open_order_is_told_without_a_question(ben: Any) -> None:
    assert (await ben.run(FORM, "where is my order"))["requested_slot"] is None
    said = await ben.run(TELL)
    assert "10861" in said.text
    assert "today" in said.text


async def test_several_open_orders_are_offered_as_buttons(ava: Any) -> None:
    assert (await ava.run(FORM, "where is my order"))["requested_slot"] == "order_number"
    said = await ava.run(ASK)
    assert said.buttons[0] == (
        "10640 · head torch and 2 × enamel mug",  # noqa: RUF001
        '/track_order{"order_number":"10640"}',
    )
    assert len(said.buttons) == 3, "the delivered order is not worth asking about"


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("the boots", "nlu_fallback", "10432"),
        ("the second one", "track_order", "10587"),
        ("that base layer", "out_of_scope", "10398"),
    ],
)
async def test_an_order_can_be_named_in_words(
    ava: Any, text: str, intent: str, number: str
) -> None:
    await ava.run(FORM, "where is my order")
    said = await ava.run(FORM, text, intent)
    assert (said["order_number"], said["requested_slot"]) == (number, None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can boots be returned?", "check_refund_policy"),
        ("cancel the boots", "cancel_order"),
        ("is the rain jacket windproof?", "product_info"),
    ],
)
async def test_words_of_another_request_name_no_order(ava: Any, text: str, intent: str) -> None:
    await ava.run(FORM, "where is my order")
    said = await ava.run(FORM, text, intent)
    assert said.slots == {"requested_slot": "order_number"}


async def test_after_a_digression_the_same_question_stands(ava: Any) -> None:
    await ava.run(FORM, "where is my order")
    said = await ava.run(FORM, "the boots", answered_by="utter_opening_hours")
    assert said.slots == {"requested_slot": "order_number"}


async def test_the_order_talked_about_is_remembered_and_another_asked_afresh(ava: Any) -> None:
    ava.slots["order_number"] = "10587"
    assert (await ava.run(FORM, "where is it now?")).slots == {"requested_slot": None}
    said = await ava.run(FORM, "what about the other order?")
    assert said.slots == {"order_number": None, "requested_slot": "order_number"}


async def test_a_number_set_by_the_server_in_the_middle_of_the_form_ends_it(ava: Any) -> None:
    await ava.run(FORM, "where is my order")
    ava.slots["order_number"] = "10432"
    said = await ava.run(FORM, "so where is it?")
    assert said.slots == {"order_number": "10432", "requested_slot": None}
    assert "10432" in (await ava.run(TELL)).text


async def test_a_foreign_and_a_missing_order_get_the_same_answer(ava: Any) -> None:
    foreign = await ava.run(FORM, "where is 10861", entities={"order_number": "10861"})
    missing = await ava.run(FORM, "99999", entities={"order_number": "99999"})
    assert foreign.text == missing.text == NOT_FOUND
    assert foreign["order_number"] is missing["order_number"] is None


async def test_the_answer_itself_refuses_a_foreign_order(ava: Any) -> None:
    ava.slots["order_number"] = "10861"
    said = await ava.run(TELL)
    assert said.text == ""
    assert said["handoff_request"]["reason"] == "verification_failed"


async def test_a_guest_gives_number_and_postcode(guest: Any) -> None:
    assert (await guest.run(FORM, "where is my order"))["requested_slot"] == "order_number"
    said = await guest.run(FORM, "W-10432", entities={"order_number": "W-10432"})
    assert (said["order_number"], said["requested_slot"]) == ("10432", "postcode")
    said = await guest.run(FORM, "bs14dj", entities={"postcode": "bs14dj"})
    assert (said["postcode"], said["requested_slot"]) == ("BS1 4DJ", None)
    assert "Order 10432 (hiking boots and wool socks)" in (await guest.run(TELL)).text


async def test_a_guest_is_asked_for_the_postcode_again_for_another_number(guest: Any) -> None:
    guest.slots |= {"order_number": "10432", "postcode": "BS1 4DJ"}
    said = await guest.run(FORM, "and 10587?", entities={"order_number": "10587"})
    assert said.slots == {"postcode": None, "requested_slot": "postcode"}


@pytest.mark.parametrize("number", ["10432", "99999"])
async def test_a_guest_learns_nothing_from_failing_and_meets_a_person(
    guest: Any, number: str
) -> None:
    proof = {"order_number": number, "postcode": "M1 1AA"}
    for tries in (1, 2):
        said = await guest.run(FORM, "…", entities=proof)
        assert said.text == NOT_FOUND
        assert said.slots == {
            "order_number": None,
            "postcode": None,
            "failed_lookups": tries,
            "requested_slot": "order_number",
        }
    assert (await guest.run(FORM, "…", entities=proof))["requested_slot"] is None
    said = await guest.run(TELL)
    assert said["handoff_request"]["reason"] == "verification_failed"
    assert said["failed_lookups"] == 0
    assert said.text == ""


async def test_an_agent_may_vouch_for_a_guests_order(guest: Any) -> None:
    guest.slots |= {"order_number": "10432", "vouched_order_number": "10432"}
    assert (await guest.run(FORM, "where is it now?"))["requested_slot"] is None
    assert "10432" in (await guest.run(TELL)).text


@pytest.mark.parametrize(
    "customer",
    [
        {"reference": "C-1007", "verification": "anyone"},
        {"reference": "C-1007"},
        {"reference": ["C-1007"], "verification": "verified"},
        "C-1007",
    ],
)
async def test_an_unproven_reference_is_a_guest(guest: Any, customer: Any) -> None:
    guest.customer = customer
    assert (await guest.run(ASK)).text.startswith("What's your order number?")


async def test_nothing_new_while_asking_is_no_silence(guest: Any) -> None:
    await guest.run(FORM, "where is my order")
    said = await guest.run(FORM, "where is my order")
    # Without a slot besides `requested_slot` Rasa would look for a rule, and there is none.
    assert said.slots == {"order_number": None, "requested_slot": "order_number"}


@pytest.mark.parametrize("state", ["delayed", "lost"])
async def test_trouble_comes_with_a_way_to_a_person(guest: Any, state: str) -> None:
    order = next(each for each in await guest.all_orders() if each.state == state)
    guest.slots |= {"order_number": order.number, "postcode": order.address.postcode}
    said = await guest.run(TELL)
    assert ("Talk to a person", "/contact_human_agent") in said.buttons


async def test_every_order_of_the_demo_can_be_told(guest: Any) -> None:
    states = set()
    for order in await guest.all_orders():
        guest.slots |= {"order_number": order.number, "postcode": order.address.postcode}
        said = await guest.run(TELL)
        assert order.number in said.text
        assert "None" not in said.text
        states.add(order.state)
    assert len(states) == 9


async def test_a_missing_shop_raises_and_is_not_created(
    guest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "nowhere" / "shop.db"
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{elsewhere}")
    await close_shop()
    guest.slots["order_number"] = "10432"
    with pytest.raises(ShopUnavailable, match="does not exist"):
        await guest.run(TELL)
    assert not elsewhere.exists()
