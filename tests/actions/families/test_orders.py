"""Where an order is, cancelling one, and what that costs: the real engine over a real shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.context import close_shop, tables
from tests.actions.conftest import Talk
from tests.actions.families.conftest import Customer, PolicyFile, ShopFile


async def test_one_open_order_is_told_without_a_question(ben: Talk) -> None:
    said = await ben.say("where is my order", "track_order")
    assert said.names == ["utter_order_out_for_delivery"]
    assert said.values["number"] == "10861"


async def test_several_open_orders_are_offered_as_buttons(ava: Talk) -> None:
    said = await ava.say("where is my order", "track_order")
    assert said.names == ["utter_ask_which_order"]
    assert next(iter(said.buttons.items())) == (
        "10640 · head torch and 2 × enamel mug",  # noqa: RUF001
        '/track_order{"order_number":"10640"}',
    )
    assert len(said.buttons) == 3, "the delivered order is not worth asking about"
    pressed = await ava.press(said, next(iter(said.buttons)))
    assert pressed.values["number"] == "10640"


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("the boots", "nlu_fallback", "10432"),
        ("the second one", "track_order", "10587"),
        ("that base layer", "out_of_scope", "10398"),
    ],
)
async def test_an_order_can_be_named_in_words(
    ava: Talk, text: str, intent: str, number: str
) -> None:
    await ava.say("where is my order", "track_order")
    said = await ava.say(text, intent)
    assert said.values["number"] == number


@pytest.mark.parametrize(
    ("text", "intent"),
    [("can boots be washed?", "opening_hours"), ("is the rain jacket windproof?", "chitchat")],
)
async def test_words_of_a_question_name_no_order_and_it_is_asked_again(
    ava: Talk, text: str, intent: str
) -> None:
    await ava.say("where is my order", "track_order")
    said = await ava.say(text, intent)
    assert said.digressed
    assert said.names == ["utter_ask_which_order"]


async def test_another_request_comes_first_and_leads_back(ava: Talk) -> None:
    await ava.say("where is my order", "track_order")
    said = await ava.say("cancel the head torch one", "cancel_order")
    assert said.names == ["utter_confirm_cancel"]
    assert said.values["number"] == "10640"
    said = await ava.say("no", "deny")
    assert said.names == ["utter_nothing_changed", "utter_back_to", "utter_ask_which_order"]


async def test_what_was_left_twice_does_not_come_back_again(ava: Talk) -> None:
    await ava.say("where is my order", "track_order")
    said = await ava.say("is the hammock in stock", "product_availability", product="hammock")
    assert said.names[-2:] == ["utter_back_to", "utter_ask_which_order"]
    said = await ava.say("and the beanie", "product_availability", product="beanie")
    assert "utter_back_to" not in said.names


async def test_who_asks_for_two_other_things_has_answered_no_question(ava: Talk) -> None:
    said = await ava.say("put me on the newsletter", "newsletter_subscription")
    asked = said.names
    wishes = (("cancel_order", "cancel it"), ("get_invoice", "and the invoice please"))
    said = await ava.say("cancel it and the invoice please", "cancel_order", wishes)
    assert said.names[-1:] == ["utter_confirm_cancel"]
    said = await ava.say("no", "deny")
    assert said.names[0] == "utter_nothing_changed"
    assert said.names[1:] != asked, "the invoice comes before the newsletter"


async def test_words_take_back_what_was_changed_last_once_they_agreed(
    ava: Talk, shop_file: ShopFile
) -> None:
    said = await ava.say("undo that", "undo")
    assert said.names == ["utter_nothing_to_undo"]
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    await ava.say("yes", "affirm")
    assert shop_file.order("10640").state == "cancelled"
    said = await ava.say("oh no, undo that", "undo")
    assert (said.names, said.values["what"]) == (["utter_confirm_undo"], "cancelled an order")
    assert shop_file.order("10640").state == "cancelled"
    assert (await ava.say("yes", "affirm")).names == ["utter_undone"]
    assert shop_file.order("10640").state == "placed"


async def test_number_and_postcode_in_one_answer_are_both_heard(guest: Talk) -> None:
    await guest.say("where is my order", "track_order")
    said = await guest.say(
        "10432, BS1 4DJ", "track_order", order_number="10432", postcode="BS1 4DJ"
    )
    assert said.names == ["utter_order_shipped"]


async def test_another_number_with_its_postcode_replaces_the_one_asked_about(guest: Talk) -> None:
    await guest.say("where is 10587", "track_order", order_number="10587")
    said = await guest.say(
        "no, 10432, BS1 4DJ", "track_order", order_number="10432", postcode="BS1 4DJ"
    )
    assert said.names == ["utter_order_shipped"]
    assert said.values["number"] == "10432"


async def test_the_order_talked_about_is_remembered_and_another_asked_afresh(ava: Talk) -> None:
    await ava.say("where is 10587", "track_order", order_number="10587")
    assert (await ava.say("where is it now?", "track_order")).values["number"] == "10587"
    said = await ava.say("what about the other order?", "track_order")
    assert said.names == ["utter_ask_which_order"]


async def test_a_number_from_an_agent_in_the_middle_of_the_form_ends_it(guest: Talk) -> None:
    await guest.say("where is my order", "track_order")
    guest.slots["vouched_order_number"] = "10432"
    said = await guest.say("so where is it?", "track_order")
    assert said.names == ["utter_order_shipped"]
    assert said.values["number"] == "10432"


async def test_a_foreign_and_a_missing_order_get_the_same_answer(ava: Talk) -> None:
    foreign = await ava.say("where is 10861", "track_order", order_number="10861")
    missing = await ava.say("99999", "track_order", order_number="99999")
    expected = ["utter_order_not_found", "utter_ask_which_order"]
    assert foreign.names == missing.names == expected
    assert "10861" not in str(foreign.responses)


async def test_an_order_number_in_the_slot_proves_nothing(ava: Talk) -> None:
    ava.slots["order_number"] = "10861"
    said = await ava.say("where is it", "track_order")
    assert said.names == ["utter_ask_which_order"]


async def test_a_guest_gives_number_and_postcode(guest: Talk) -> None:
    said = await guest.say("where is my order", "track_order")
    assert said.names == ["utter_ask_order_number"]
    said = await guest.say("W-10432", "track_order", order_number="W-10432")
    assert said.names == ["utter_ask_postcode"]
    said = await guest.say("bs14dj", "track_order", postcode="bs14dj")
    assert said.names == ["utter_order_shipped"]
    assert said.values["items"] == "hiking boots and wool socks"


async def test_a_guest_is_asked_for_the_postcode_again_for_another_number(guest: Talk) -> None:
    await guest.say("where is 10432", "track_order", order_number="10432")
    said = await guest.say("no, 10587", "track_order", order_number="10587")
    assert said.names == ["utter_ask_postcode"]
    said = await guest.say("BS1 4DJ", "track_order", postcode="BS1 4DJ")
    assert said.values["number"] == "10587"


@pytest.mark.parametrize("number", ["10432", "99999"])
async def test_a_guest_learns_nothing_from_failing_and_meets_a_person(
    guest: Talk, number: str
) -> None:
    await guest.say("where is it", "track_order")
    for _ in (1, 2):
        await guest.say(number, "track_order", order_number=number)
        said = await guest.say("M1 1AA", "track_order", postcode="M1 1AA")
        assert said.names == ["utter_order_not_found", "utter_ask_order_number"]
    await guest.say(number, "track_order", order_number=number)
    said = await guest.say("M1 1AA", "track_order", postcode="M1 1AA")
    assert "boots" not in str(said.responses)
    assert guest.slots["handoff_request"]["reason"] == "verification_failed"


@pytest.mark.parametrize(
    "customer",
    [
        {"reference": "C-1007", "verification": "anyone"},
        {"reference": "C-1007"},
        {"reference": ["C-1007"], "verification": "verified"},
        "C-1007",
    ],
)
async def test_an_unproven_reference_is_a_guest(guest: Talk, customer: Any) -> None:
    guest.customer = customer
    assert (await guest.say("where is it", "track_order")).names == ["utter_ask_order_number"]


async def test_nothing_new_while_asking_is_no_silence(guest: Talk) -> None:
    await guest.say("where is my order", "track_order")
    said = await guest.say("where is my order", "track_order")
    assert said.names == ["utter_ask_order_number"]
    # Without a slot besides `requested_slot` Rasa would look for a rule, and there is none.
    assert not said.digressed


async def test_orders_in_every_state_can_be_told(customer: Customer, shop_file: ShopFile) -> None:
    columns = tables.orders.c
    found = shop_file.rows(sa.select(columns.state, columns.number, columns.customer))
    states = set()
    some = {(state, place % 4): rest for place, (state, *rest) in enumerate(found)}
    for number, reference in some.values():
        talk = customer(reference)
        said = await talk.say(f"where is {number}", "track_order", order_number=number)
        assert said.values["number"] == number
        told = (said.values[name] for name in ("items", "estimate", "carrier", "event"))
        assert "None" not in " ".join(told)
        states.add(said.names[0])
        if said.names[0] in ("utter_order_lost", "utter_order_delayed"):
            assert "Talk to a person" in said.buttons
    assert len(states) == 9


async def test_what_is_late_is_called_late(ava: Talk, shop_file: ShopFile) -> None:
    shop_file.set_order("10432", delivery_estimate=sa.func.date("now", "-2 days"))
    said = await ava.say("where is 10432", "track_order", order_number="10432")
    assert said.names == ["utter_order_overdue"]
    assert "Talk to a person" in said.buttons


async def test_a_lost_parcel_is_sent_again_or_refunded(customer: Customer) -> None:
    lena = customer("C-1126")
    said = await lena.say("where is it", "track_order")
    assert said.names == ["utter_order_lost"]
    said = await lena.press(said, "Send it again or refund it")
    assert said.names == ["utter_ask_claim_wish"]


async def test_an_order_is_cancelled_once_it_was_read_back(ava: Talk, shop_file: ShopFile) -> None:
    said = await ava.say("cancel 10640", "cancel_order", order_number="10640")
    assert said.names == ["utter_confirm_cancel"]
    assert (said.values["number"], said.values["total"]) == ("10640", "£58.00")
    assert shop_file.order("10640").state == "placed"
    said = await ava.say("yes please", "affirm")
    assert said.names == ["utter_cancelled"]
    assert said.values["reference"]
    assert shop_file.order("10640").state == "cancelled"
    said = await ava.press(said, "Undo")
    assert said.names == ["utter_undone"]
    assert shop_file.order("10640").state == "placed"


@pytest.mark.parametrize(
    ("text", "intent"), [("no", "deny"), ("yes but not the mug", "affirm"), ("hm", "nlu_fallback")]
)
async def test_nothing_is_cancelled_without_a_yes(
    ava: Talk, text: str, intent: str, shop_file: ShopFile
) -> None:
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    await ava.say(text, intent)
    assert shop_file.order("10640").state == "placed"


@pytest.mark.parametrize(
    ("reference", "number", "response", "button"),
    [
        ("C-1007", "10587", "utter_cancel_packed", "Talk to a person"),
        ("C-1007", "10432", "utter_cancel_on_its_way", "Talk to a person"),
        ("C-1007", "10398", "utter_cancel_delivered", "Send it back"),
        ("C-1023", "10715", "utter_cancel_on_its_way", "Talk to a person"),
        ("C-1126", "11012", "utter_cancel_lost", "Send it again or refund it"),
        ("C-1012", "10274", "utter_cancel_returned", "Where's my refund?"),
    ],
)
async def test_what_left_is_not_cancelled_and_something_else_is_offered(
    customer: Customer, reference: str, number: str, response: str, button: str
) -> None:
    said = await customer(reference).say("cancel it", "cancel_order", order_number=number)
    assert said.names == [response]
    assert button in said.buttons


async def test_a_cancelled_order_is_not_cancelled_again(ava: Talk) -> None:
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    await ava.say("yes", "affirm")
    said = await ava.say("cancel 10640", "cancel_order", order_number="10640")
    assert said.names == ["utter_cancel_cancelled"]


async def test_an_order_packed_between_question_and_yes_stays(
    ava: Talk, shop_file: ShopFile
) -> None:
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    shop_file.set_order("10640", state="packed")
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_refused_too_late"]


async def test_a_fee_is_named_and_kept(ava: Talk, policy: PolicyFile, shop_file: ShopFile) -> None:
    policy.put("fee: 0 ", "fee: 4.50 ")
    said = await ava.say("cancel 10640", "cancel_order", order_number="10640")
    assert said.names == ["utter_confirm_cancel_for_fee"]
    assert (said.values["fee"], said.values["back"]) == ("£4.50", "£53.50")
    await ava.say("yes", "affirm")
    refunds = sa.select(tables.refunds).where(tables.refunds.c.order_number == "10640")
    assert [refund.amount_pence for refund in shop_file.rows(refunds)] == [5350]


async def test_in_another_currency_than_the_limits_a_person_decides(
    ava: Talk, policy: PolicyFile
) -> None:
    policy.put("currency: GBP", "currency: EUR")
    policy.put("fee: 0 ", "fee: 4.50 ")
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    (prepared,) = ava.slots["handoff_request"]["prepared"]
    assert prepared["why"] == "the bot's limit is in EUR, not in GBP"
    assert prepared["arguments"]["fee"] == "0.00", "what it comes to in pounds a person decides"


async def test_what_was_not_paid_is_not_promised_back(ava: Talk, shop_file: ShopFile) -> None:
    unpaid = sa.update(tables.payments).where(tables.payments.c.order_number == "10640")
    shop_file.run(unpaid.values(state="pending"))
    said = await ava.say("cancel 10640", "cancel_order", order_number="10640")
    assert said.names == ["utter_confirm_cancel_unpaid"]
    said = await ava.say("yes", "affirm")
    assert said.names == ["utter_cancelled_unpaid"]


async def test_above_the_limit_a_person_gets_it_prepared(
    ava: Talk, policy: PolicyFile, shop_file: ShopFile
) -> None:
    policy.put("most: 500", "most: 50")
    said = await ava.say("cancel 10640", "cancel_order", order_number="10640")
    assert said.names == ["utter_cancellation_needs_approval"]
    asked = ava.slots["handoff_request"]
    assert asked["reason"] == "needs_approval"
    assert [each["name"] for each in asked["prepared"]] == ["cancel_order"]
    assert asked["prepared"][0]["arguments"] == {"order": "10640", "fee": "0.00"}
    assert shop_file.order("10640").state == "placed"


async def test_somebody_known_proves_the_order_before_it_is_cancelled(avas_phone: Talk) -> None:
    said = await avas_phone.say("where is 10640", "track_order", order_number="10640")
    assert said.names == ["utter_order_placed"]
    said = await avas_phone.say("cancel it", "cancel_order")
    assert said.names == ["utter_ask_postcode_of_order"]
    said = await avas_phone.say("BS1 4DJ", "nlu_fallback", postcode="BS1 4DJ")
    assert said.names == ["utter_confirm_cancel"]


async def test_the_fee_in_general_and_of_an_order(
    ava: Talk, guest: Talk, policy: PolicyFile
) -> None:
    said = await guest.say("what does cancelling cost", "check_cancellation_fee")
    assert said.names == ["utter_check_cancellation_fee"]
    said = await guest.say("cancel 10640?", "check_cancellation_fee", order_number="10640")
    assert said.buttons["Cancel an order"] == '/cancel_order{"order_number":"10640"}'
    said = await ava.say("what does cancelling cost", "check_cancellation_fee")
    assert said.names == ["utter_no_fee_for_order"]
    assert said.values["number"] == "10640"
    said = await ava.press(said, "Cancel it")
    assert said.names == ["utter_confirm_cancel"]
    await ava.say("no", "deny")
    said = await ava.say("and 10587?", "check_cancellation_fee", order_number="10587")
    assert said.names == ["utter_cancel_packed"]
    policy.put("fee: 0 ", "fee: 4.50 ")
    said = await ava.say("and for 10640?", "check_cancellation_fee", order_number="10640")
    assert said.names == ["utter_fee_of_order"]
    assert said.values["back"] == "£53.50"
    said = await guest.say("what does cancelling cost", "check_cancellation_fee")
    assert (said.names, said.values["fee"]) == (["utter_cancellation_fee"], "£4.50")


async def test_a_missing_shop_is_said_and_not_created(
    ava: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "nowhere" / "shop.db"
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{elsewhere}")
    await close_shop()
    said = await ava.say("where is 10432", "track_order", order_number="10432")
    assert said.names == ["utter_shop_unavailable"]
    assert ava.slots["handoff_request"]["reason"] == "shop_unavailable"
    assert not elsewhere.exists()


async def test_a_question_that_begins_like_a_no_is_a_question(ava: Talk) -> None:
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    said = await ava.say("wait, what cards do you take?", "check_payment_methods")
    assert said.digressed
    assert said.names == ["utter_confirm_cancel"]


async def test_a_no_may_come_with_another_request(ava: Talk, shop_file: ShopFile) -> None:
    await ava.say("cancel 10640", "cancel_order", order_number="10640")
    said = await ava.say("no, tell me where the boots are", "track_order")
    assert said.names == ["utter_nothing_changed", "utter_order_shipped"]
    assert shop_file.order("10640").state == "placed"
