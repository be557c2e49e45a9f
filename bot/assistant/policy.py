"""When the bot gives up its turn to a person, as a Rasa policy, so that `rasa shell` obeys it too.

`triggers.py` decides; this reads Rasa's tracker and makes the decision Rasa's next action. The
reason and its evidence travel in the action's metadata and end up on the agent's card.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.reply import NOT_UNDERSTOOD, OUT_OF_SCOPE, prepared_changes
from bot.assistant.signal_question import (
    ASK_PREFIX,
    GREET_ACTION,
    OTHERWISE_ACTION,
    asking_about,
    is_expected,
    leads,
    open_question,
)
from bot.assistant.triggers import (
    AboutSignal,
    Reading,
    Standing,
    Trigger,
    WhichOne,
    certain_trigger,
    reading_name,
    reading_of,
    uncertain_trigger,
)
from bot.rules import Rules
from bot.rules_file import current_rules

HANDOFF_ACTION = "utter_handoff"
ASK_ACTION = "utter_ask_which"
KNOWLEDGE_ACTION = "action_answer_from_knowledge"
FAILURE_SLOT = "action_failure"
REQUEST_SLOT = "handoff_request"
# The response `utter_ask_which` shows these as its buttons.
CHOICE_SLOTS = ("reading_one", "reading_two", "payload_one", "payload_two")


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class HandoffPolicy(Policy):  # type: ignore[misc]
    """Predicts the hand-off, and then silence, over any form and any other policy."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # Above RulePolicy's 6: at equal confidence the higher priority wins.
        return {"priority": 7, "rules": "handoff.yml"}

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: list[Any], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learned; the rules are read when the model is loaded."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if tracker.latest_action_name == HANDOFF_ACTION:
            return self._certain(domain, ACTION_LISTEN_NAME)
        rules = current_rules(Path(self.config["rules"]))  # a changed rule needs no training
        decision = decide(tracker, rules)
        actions = domain.action_names_or_texts
        if isinstance(decision, AboutSignal):
            ask = f"{ASK_PREFIX}{decision.signal.kind}"
            if ask in actions:
                return self._certain(domain, ask, events=asking_about(decision.signal, tracker))
        if decision == KNOWLEDGE_ACTION and KNOWLEDGE_ACTION in actions:
            events = [*filled_by_message(tracker), *_unrejected(tracker)]
            return self._certain(domain, KNOWLEDGE_ACTION, events=events)
        if isinstance(decision, str) and decision in actions:
            return self._certain(domain, decision)
        if isinstance(decision, WhichOne) and ASK_ACTION in actions:
            events = [*_choice(decision, rules), *_unrejected(tracker)]
            return self._certain(domain, ASK_ACTION, events=events)
        if isinstance(decision, Trigger) and HANDOFF_ACTION in actions:
            return self._certain(
                domain,
                HANDOFF_ACTION,
                metadata={"handoff": asdict(decision)},
                events=[*filled_by_message(tracker), *_unrejected(tracker)],
            )
        if tracker.latest_action_name == KNOWLEDGE_ACTION and tracker.active_loop_name:
            # The interruption keeps the form from reading the question as an answer to its own.
            return self._certain(domain, tracker.active_loop_name, events=[LoopInterrupted(True)])
        if _has_spoken(tracker.latest_action_name):
            return self._certain(domain, ACTION_LISTEN_NAME)
        return self._prediction(self._default_predictions(domain))

    def _certain(
        self,
        domain: Domain,
        action: str,
        *,
        metadata: dict[str, Any] | None = None,
        events: list[Event] | None = None,
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        # Without `is_no_user_prediction` an active form would win, whatever our confidence.
        return self._prediction(
            probabilities,
            is_no_user_prediction=True,
            action_metadata=metadata,
            optional_events=events,
        )


def decide(
    tracker: DialogueStateTracker, rules: Rules
) -> Trigger | AboutSignal | WhichOne | str | None:
    """Why to hand off now, what to ask, an action by its name, or None: other policies answer."""
    failure = tracker.get_slot(FAILURE_SLOT)
    if failure:
        return Trigger("action_failed", f"The action {failure} could not be completed.")
    wanted = tracker.get_slot(REQUEST_SLOT)
    if wanted:
        return requested(wanted)
    message = tracker.latest_message
    if tracker.latest_action_name != ACTION_LISTEN_NAME or message is None or not message.text:
        return None
    reading = read(message)
    standing = standing_of(tracker)
    trigger = certain_trigger(reading, standing, rules)
    if trigger is not None:
        return trigger
    if tracker.active_loop is not None and not tracker.active_loop.rejected:
        return None  # the form may yet make sense of it; if not, it rejects and we are asked again
    if tracker.active_loop is None and reading.intent == "greet" and is_expected(tracker):
        return GREET_ACTION
    if reading.intent == "deny" and open_question(_before_message(tracker)):
        return OTHERWISE_ACTION
    if reading.known and not _just_quoted(tracker, message):
        return KNOWLEDGE_ACTION
    return uncertain_trigger(reading, standing, rules)


def requested(wanted: Any) -> Trigger:
    """The hand-off that an action asked for in its slot; whatever is wrong with it, it is one."""
    told = wanted if isinstance(wanted, dict) else {}
    return Trigger(
        str(told.get("reason") or "action_failed"),
        str(told.get("evidence") or "An action asked for a person and did not say why."),
        prepared_changes(told.get("prepared")),
    )


def read(message: UserUttered) -> Reading:
    """What the parse data says of a message; a pressed button's title stands for its payload."""
    return reading_of(
        message.parse_data or {},
        text=str((message.metadata or {}).get("shown_text") or message.text),
        intent=message.intent_name,
        typed=not str(message.text).startswith("/"),
    )


def _just_quoted(tracker: DialogueStateTracker, message: UserUttered) -> bool:
    """Whether the bot's last words were this very passage: whom it did not help the first time, it
    does not help."""
    passage = message.parse_data["knowledge"]["passage"]
    for event in reversed(_before_message(tracker)):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered) and passage in (event.text or ""):
            return True
    return False


def standing_of(tracker: DialogueStateTracker) -> Standing:
    """Where the conversation stands.

    Counted over all events, not the applied ones: a fallback may revert what led to it. An answer
    that filled the slot its form asked for was understood, whatever the intent. A hand-off ends a
    row, or the first slip after an agent gave the conversation back would end it again.
    """
    misunderstood = out_of_scope = 0
    asked = acted = False
    requested: str | None = None
    for event in tracker.events:
        understood = False
        if isinstance(event, UserUttered):
            understood = event.intent_name not in NOT_UNDERSTOOD
            acted = False
            misunderstood += 1
            out_of_scope = out_of_scope + 1 if event.intent_name == OUT_OF_SCOPE else 0
        elif isinstance(event, SlotSet):
            understood = event.key == requested and event.value is not None
            requested = event.value if event.key == REQUESTED_SLOT else requested
        elif isinstance(event, ActionExecuted):
            # What a person answered, the bot only heard: it is no failure of the bot's.
            heard = event.action_name == ACTION_LISTEN_NAME and not acted
            understood = heard or event.action_name in (HANDOFF_ACTION, KNOWLEDGE_ACTION)
            acted = True
            asked = asked or event.action_name == ASK_ACTION
        if understood:
            misunderstood, out_of_scope, asked = 0, 0, False
    return Standing(
        channel=tracker.get_latest_input_channel(),
        slots=tracker.current_slot_values(),
        misunderstood=misunderstood,
        out_of_scope=out_of_scope,
        asked_which=asked,
        signal=leads(tracker) if tracker.active_loop is None else None,
    )


def filled_by_message(tracker: DialogueStateTracker) -> list[SlotSet]:
    """What sets back the slots that the newest message filled, as long as nothing has acted on it.

    Rasa extracts slots before it asks a policy, and "a person" is no order number.
    """
    earlier = _before_message(tracker)
    since = list(tracker.events)[len(earlier) :]
    if any(isinstance(event, ActionExecuted) for event in since):
        return []
    before = {event.key: event.value for event in earlier if isinstance(event, SlotSet)}
    filled = dict.fromkeys(event.key for event in since if isinstance(event, SlotSet))
    return [
        SlotSet(name, before.get(name, tracker.slots[name].initial_value))
        for name in filled
        if name in tracker.slots
    ]


def _before_message(tracker: DialogueStateTracker) -> list[Event]:
    events = list(tracker.events)
    newest = max((i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
    return events[:newest]


def _has_spoken(action: str | None) -> bool:
    """Whether what the policy itself decided upon was said, so that the customer is next."""
    said = (ASK_ACTION, KNOWLEDGE_ACTION, GREET_ACTION, OTHERWISE_ACTION)
    return action is not None and (action in said or action.startswith(ASK_PREFIX))


def _unrejected(tracker: DialogueStateTracker) -> list[Event]:
    """An open form as if it had not rejected the message: it takes the answer to come again."""
    return [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []


def _choice(which: WhichOne, rules: Rules) -> list[SlotSet]:
    names = (reading_name(which.first, rules), reading_name(which.second, rules))
    values = (*names, f"/{which.first}", f"/{which.second}")
    return [SlotSet(slot, value) for slot, value in zip(CHOICE_SLOTS, values, strict=True)]
