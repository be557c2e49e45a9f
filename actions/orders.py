"""Where is my order: finding out which one is meant, and telling only those who may know.

A customer the server knows is asked which of their own orders; anybody else needs the order's
number and the postcode it goes to. The form's rules are in data/rules/order.yml, the texts in
texts.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions import texts, wording
from actions.caller import caller_of
from actions.context import shop
from actions.context.model import Order

FORM = "track_order_form"
#: Wrong guesses before a person takes over; customers rarely need more, guessers do.
MAX_FAILED_LOOKUPS = 3
#: More buttons than this are not read; the number can still be typed.
MAX_BUTTONS = 5
#: What may answer the form's question. Any other request is one of its own, which a rule answers
#: between two questions, so its words name no order.
ANSWERS = frozenset(("track_order", "affirm", "greet"))
#: Also these are answered by a rule, but their words may well be the answer: "the green one".
NOT_UNDERSTOOD = frozenset(("nlu_fallback", "out_of_scope"))


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is known so far about the order meant; `ask` is the slot to ask for next."""

    number: str | None
    postcode: str | None
    failed: int
    ask: str | None = None

    def not_found(self) -> Lookup:
        """One failed try: both answers are dropped, so that nothing hints which one was wrong."""
        failed = self.failed + 1
        ask = None if failed >= MAX_FAILED_LOOKUPS else "order_number"
        return Lookup(None, None, failed, ask)


class ValidateTrackOrderForm(Action):
    """Decides after each message what the form still has to ask.

    Not a `FormValidationAction`: number and postcode are right or wrong only together.
    """

    def name(self) -> str:
        """Rasa's name for the form's validation."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Returns the slots that changed and the slot to ask for next, None when done."""
        before = _lookup_in(tracker)
        asked = tracker.slots.get("requested_slot")
        if before.failed >= MAX_FAILED_LOOKUPS:
            after = replace(before, ask=None)
        elif owner := caller_of(tracker).owner:
            after = _own(before, await _orders_of(owner), tracker)
        else:
            after = await _anyones(before, tracker)
        if after.failed > before.failed and after.ask:
            dispatcher.utter_message(text=texts.NOT_FOUND)

        events = []
        for slot, old, new in (
            ("order_number", tracker.slots.get("order_number"), after.number),
            ("postcode", tracker.slots.get("postcode"), after.postcode),
            ("failed_lookups", before.failed, after.failed),
        ):
            # Rasa takes a form without a changed slot for one that has nothing to say, and lets
            # a rule answer instead: right for a digression, a silence for anything else.
            if old != new or (slot == asked and (new is not None or not _digresses(tracker))):
                events.append(SlotSet(slot, new))
        return [*events, SlotSet("requested_slot", after.ask)]


class AskWhichOrder(Action):
    """Asks for the order: a known customer picks one of their own, a guest gives the number."""

    def name(self) -> str:
        """Rasa's name for the form's question about `order_number`."""
        return f"action_ask_{FORM}_order_number"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Says the question; changes nothing."""
        owner = caller_of(tracker).owner
        choice = _choice(await _orders_of(owner)) if owner else ()
        if not choice:
            dispatcher.utter_message(text=texts.ASK_ORDER_NUMBER)
            return []
        buttons = [
            {
                "title": f"{order.number} · {wording.items_text(order)}",
                "payload": f'/track_order{{"order_number":"{order.number}"}}',
            }
            for order in choice[:MAX_BUTTONS]
        ]
        dispatcher.utter_message(text=texts.ASK_WHICH_ORDER, buttons=buttons)
        return []


class AskPostcode(Action):
    """Asks a guest for the postcode, the proof that the order is theirs."""

    def name(self) -> str:
        """Rasa's name for the form's question about `postcode`."""
        return f"action_ask_{FORM}_postcode"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Says the question; changes nothing."""
        dispatcher.utter_message(text=texts.ASK_POSTCODE)
        return []


class ActionTrackOrder(Action):
    """Tells where the order is, after checking once more that this customer may know."""

    def name(self) -> str:
        """Rasa's name for the action."""
        return "action_track_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answers, or sets `verification_failure`, on which HandoffPolicy gets a person."""
        lookup = _lookup_in(tracker)
        order = await _permitted(lookup, tracker) if lookup.number else None
        if order is not None:
            dispatcher.utter_message(
                text=texts.ORDER[order.state].format(**_details(order)),
                buttons=[texts.PERSON_BUTTON] if order.state in texts.TROUBLED else [],
            )
            return [SlotSet("failed_lookups", 0)]
        owner = caller_of(tracker).owner
        if owner and lookup.failed < MAX_FAILED_LOOKUPS and not await _orders_of(owner):
            dispatcher.utter_message(text=texts.NO_ORDERS)
            return []
        failure = f"no order matched after {lookup.failed} tries"
        return [SlotSet("verification_failure", failure), SlotSet("failed_lookups", 0)]


def _lookup_in(tracker: Tracker) -> Lookup:
    slots = tracker.slots
    return Lookup(
        number=wording.order_number(slots.get("order_number")),
        postcode=wording.postcode(slots.get("postcode")),
        failed=int(slots.get("failed_lookups") or 0),
    )


def _own(lookup: Lookup, orders: tuple[Order, ...], tracker: Tracker) -> Lookup:
    """The next step for a customer whose orders the server lets us see."""
    number, starting = lookup.number, not tracker.slots.get("requested_slot")
    if starting and not _says("order_number", tracker):
        named = wording.by_words(_text(tracker), orders)
        if named:
            number = named.number
        elif wording.means_another(_text(tracker)):
            return replace(lookup, number=None, postcode=None, ask="order_number")
    if number is None and not starting and _may_name_order(tracker):
        text, choice = _text(tracker), _choice(orders)
        picked = wording.by_words(text, choice) or wording.by_words(text, orders)
        picked = picked or wording.by_place(text, choice[:MAX_BUTTONS])
        number = picked.number if picked else None
    if number is not None:
        allowed = {order.number for order in orders} | {_vouched(tracker)}
        return replace(lookup, number=number) if number in allowed else lookup.not_found()
    if starting and len(choice := _choice(orders)) <= 1:
        return replace(lookup, number=choice[0].number if choice else None)
    return replace(lookup, ask="order_number")


async def _anyones(lookup: Lookup, tracker: Tracker) -> Lookup:
    """The next step for a guest, who has to prove that the order is theirs."""
    if not tracker.slots.get("requested_slot") and not _says("postcode", tracker):
        if _says("order_number", tracker):
            # Otherwise one postcode could be tried against many numbers without being asked for.
            lookup = replace(lookup, postcode=None)
        elif wording.means_another(_text(tracker)):
            lookup = replace(lookup, number=None, postcode=None)
    if lookup.number is None:
        return replace(lookup, ask="order_number")
    if lookup.number == _vouched(tracker):
        return lookup
    if lookup.postcode is None:
        return replace(lookup, ask="postcode")
    return lookup if await _permitted(lookup, tracker) else lookup.not_found()


async def _permitted(lookup: Lookup, tracker: Tracker) -> Order | None:
    """The order, if it exists and this customer may know about it; never says which failed."""
    order = await shop().order(lookup.number) if lookup.number else None
    if order is None:
        return None
    owner = caller_of(tracker).owner
    mine = owner is not None and order.customer_reference == owner
    proven = owner is None and order.address.postcode == lookup.postcode
    return order if mine or proven or order.number == _vouched(tracker) else None


async def _orders_of(reference: str) -> tuple[Order, ...]:
    context = await shop().context(reference)
    return context.orders if context else ()


def _choice(orders: tuple[Order, ...]) -> tuple[Order, ...]:
    """The orders worth asking about: the open ones, or with none open the newest."""
    return tuple(order for order in orders if order.is_open) or orders[:1]


def _details(order: Order) -> dict[str, str]:
    parcel, estimate = order.parcel, order.delivery_estimate
    return {
        "number": order.number,
        "items": wording.items_text(order),
        "estimate": wording.day_text(estimate) if estimate else "a day we don't know yet",
        "carrier": parcel.carrier if parcel else "the carrier",
        "tracking_code": parcel.tracking_code if parcel else "not given out yet",
        "event": wording.event_text(parcel.events[-1])
        if parcel and parcel.events
        else "no scan by the carrier yet",
    }


def _text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def _vouched(tracker: Tracker) -> str | None:
    return wording.order_number(tracker.slots.get("vouched_order_number"))


def _says(entity: str, tracker: Tracker) -> bool:
    return next(tracker.get_latest_entity_values(entity), None) is not None


def _intent(tracker: Tracker) -> str | None:
    intent: dict[str, Any] = tracker.latest_message.get("intent") or {}
    return intent.get("name")


def _digresses(tracker: Tracker) -> bool:
    return not _is_fresh(tracker) or _intent(tracker) not in ANSWERS


def _may_name_order(tracker: Tracker) -> bool:
    return _is_fresh(tracker) and _intent(tracker) in ANSWERS | NOT_UNDERSTOOD


def _is_fresh(tracker: Tracker) -> bool:
    """Whether the newest message was not answered yet; after a digression it was."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action" and event.get("name") != FORM:
            return False
    return True
