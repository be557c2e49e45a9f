"""The engine as Rasa runs it: one form for every request, and one action that finishes it.

Not a `FormValidationAction`: what has to be asked next depends on everything known so far, not on
one slot at a time. The rules are in data/rules/requests.yml.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions import wording
from actions.caller import caller_of
from actions.context import shop
from actions.context.errors import ShopUnavailable
from actions.policy import current_policy
from actions.requests.catalog import REQUESTS
from actions.requests.dialogue import as_slot, dialogue_in, proving_in
from actions.requests.finishing import finish
from actions.requests.heard import FORM, heard_in
from actions.requests.hearing import take_in
from actions.requests.proceeding import proceed
from actions.requests.scene import Scene, Standing
from actions.say import Say, said

ANSWER = "answer"


class ValidateRequestForm(Action):
    """Takes the newest message in, and decides what the form has to ask next."""

    def name(self) -> str:
        """Rasa's name for the form's validation."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Returns the slots that changed and `requested_slot`, None when all is known."""
        standing, scene = _standing_in(tracker), _scene_of(tracker)
        starting = not tracker.slots.get("requested_slot")
        heard = scene.heard
        if heard.fresh:
            if starting:  # whatever an earlier form left behind was given up with it
                dialogue = replace(standing.dialogue, current=None, waiting=())
                standing = replace(standing, dialogue=dialogue)
            before = standing
            try:
                taken = await take_in(scene, standing)
            except ShopUnavailable:
                taken = _unavailable(standing)
            if taken is None:
                # Rasa takes a form without a changed slot for one that has nothing to say, and
                # lets a rule answer instead; then the question is asked again.
                return [SlotSet("requested_slot", ANSWER)]
            standing = replace(taken, dialogue=replace(taken.dialogue, answered=heard.id))
            resumed = _resumed(before, standing)
        else:
            resumed = None
        try:
            standing = await proceed(scene, standing)
        except ShopUnavailable:
            standing = _unavailable(standing)
        for say in (*standing.says, *((resumed,) if resumed else ())):
            say.to(dispatcher)
        current = standing.dialogue.current
        asks = current is not None and current.awaiting is not None
        return [
            SlotSet("request", as_slot(standing.dialogue)),
            SlotSet("proof", as_slot(standing.proving)),
            SlotSet("postcode", None),  # tried, if it was to be
            # Whoever counts what was not understood sees by it that this was.
            SlotSet(ANSWER, heard.id),
            SlotSet("requested_slot", ANSWER if asks else None),
        ]


class AskRequestFormAnswer(Action):
    """Asks the question that was decided upon."""

    def name(self) -> str:
        """Rasa's name for the form's question."""
        return f"action_ask_{FORM}_{ANSWER}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Says the question; changes nothing."""
        current = dialogue_in(tracker.slots.get("request")).current
        if current is not None and current.question is not None:
            said(current.question).to(dispatcher)
        return []


class ActionFinishRequest(Action):
    """Does what the request came to, and goes on with the next one."""

    def name(self) -> str:
        """Rasa's name for the action."""
        return "action_finish_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answers, makes the change, or sets `handoff_request`, on which HandoffPolicy gets a
        person."""
        standing, scene = _standing_in(tracker), _scene_of(tracker)
        try:
            finished = await finish(scene, standing, tracker)
        except ShopUnavailable:
            finished = await finish(scene, _unavailable(standing), tracker)
        for say in finished.says:
            say.to(dispatcher)
        after = finished.standing
        events: list[EventType] = [
            SlotSet("request", as_slot(after.dialogue)),
            SlotSet("proof", as_slot(after.proving)),
            SlotSet(ANSWER, None),
        ]
        if finished.order is not None:
            events.append(SlotSet("order_number", finished.order))
        following = after.dialogue.current
        if finished.handoff is not None:
            events.append(SlotSet("handoff_request", dict(finished.handoff)))
        elif following is not None:
            if following.awaiting is not None:  # begun before, and interrupted
                title = REQUESTS[following.intent].title
                Say("utter_back_to", {"what": title}).to(dispatcher)
            events.append(FollowupAction(FORM))
        return events


def _standing_in(tracker: Tracker) -> Standing:
    slots = tracker.slots
    return Standing(dialogue_in(slots.get("request")), proving_in(slots.get("proof")))


def _scene_of(tracker: Tracker) -> Scene:
    slots = tracker.slots
    return Scene(
        heard=heard_in(tracker, dialogue_in(slots.get("request")).answered),
        caller=caller_of(tracker),
        requests=REQUESTS,
        shop=shop(),
        policy=current_policy(),
        now=datetime.now(timezone.utc),
        talked_about=wording.order_number(slots.get("order_number")),
        said_postcode=wording.postcode(slots.get("postcode")),
        vouched=wording.order_number(slots.get("vouched_order_number")),
    )


def _resumed(before: Standing, after: Standing) -> Say | None:
    """What leads back to a request that waited, when the one at hand was given up."""
    was, now = before.dialogue, after.dialogue
    given_up = was.current is not None and len(now.waiting) < len(was.waiting)
    if not given_up or now.current is None or now.current.awaiting is None:
        return None
    return Say("utter_back_to", {"what": REQUESTS[now.current.intent].title})


def _unavailable(standing: Standing) -> Standing:
    current = standing.dialogue.current
    if current is None:
        return standing
    troubled = replace(current, trouble="shop_unavailable", awaiting=None)
    return replace(standing, dialogue=replace(standing.dialogue, current=troubled), says=())
