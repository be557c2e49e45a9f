"""When the bot gives up its turn to a person, as a Rasa policy, so that `rasa shell` obeys it too.

Triggers: the customer asked, two misunderstandings in a row, an action that failed. The reason
and its evidence travel in the action's metadata and end up on the agent's card.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rules import Rules, load_rules

HANDOFF_ACTION = "utter_handoff"
ASKED_INTENT = "contact_human_agent"
MISUNDERSTOOD_INTENTS = frozenset({"nlu_fallback", "out_of_scope"})
FAILURE_SLOT = "action_failure"


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

    @property
    def rules(self) -> Rules:
        """`handoff.yml` as it is now, so that a changed rule needs no training."""
        return load_rules(Path(self.config["rules"]))

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if tracker.latest_action_name == HANDOFF_ACTION:
            return self._certain(domain, ACTION_LISTEN_NAME)
        trigger = find_trigger(tracker, self.rules)
        if trigger is None or HANDOFF_ACTION not in domain.action_names_or_texts:
            return self._prediction(self._default_predictions(domain))
        reason, evidence = trigger
        return self._certain(
            domain, HANDOFF_ACTION, {"handoff": {"reason": reason, "evidence": evidence}}
        )

    def _certain(
        self, domain: Domain, action: str, metadata: dict[str, Any] | None = None
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        # Without `is_no_user_prediction` an active form would win, whatever our confidence.
        return self._prediction(probabilities, is_no_user_prediction=True, action_metadata=metadata)


def find_trigger(tracker: DialogueStateTracker, rules: Rules) -> tuple[str, str] | None:
    """The coded reason to hand off now and its evidence, or None."""
    failure = tracker.get_slot(FAILURE_SLOT)
    if failure:
        return "action_failed", f"The action {failure} could not be completed."
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        return None
    message = tracker.latest_message
    if message is None or not message.text:
        return None
    if message.intent_name == ASKED_INTENT:
        return "customer_asked", f"The customer wrote: “{shown_text(message)}”"
    if tracker.active_loop is not None and not tracker.active_loop.rejected:
        return None  # the form may yet make sense of it; if not, it rejects and we are asked again
    in_a_row = misunderstandings_in_a_row(tracker)
    if in_a_row >= rules.triggers.misunderstood_in_a_row:
        return "misunderstood", (
            f"{in_a_row} messages in a row were not understood, last “{shown_text(message)}”"
        )
    return None


def misunderstandings_in_a_row(tracker: DialogueStateTracker) -> int:
    """How many of the newest customer messages, without a gap, the bot could not place.

    Counted over all events, not the applied ones: a fallback may revert what led to it. An answer
    that filled the slot its form asked for was understood, whatever the intent. A hand-off ends a
    row, or the first slip after an agent gave the conversation back would end it again.
    """
    count = 0
    requested: str | None = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            count = count + 1 if event.intent_name in MISUNDERSTOOD_INTENTS else 0
        elif isinstance(event, SlotSet):
            if event.key == REQUESTED_SLOT:
                requested = event.value
            elif event.key == requested and event.value is not None:
                count = 0
        elif isinstance(event, ActionExecuted) and event.action_name == HANDOFF_ACTION:
            count = 0
    return count


def shown_text(message: UserUttered) -> str:
    """What the customer saw themselves write: a button's title rather than its payload."""
    metadata = message.metadata or {}
    return str(metadata.get("shown_text") or message.text)
