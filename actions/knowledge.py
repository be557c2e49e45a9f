"""An answer from the shop's articles, in their own words and with a link."""

from __future__ import annotations

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.documents import site


class ActionAnswerFromKnowledge(Action):
    """Quotes the passage that the understanding found; HandoffPolicy has checked its score."""

    def name(self) -> str:
        """Rasa's name for the action."""
        return "action_answer_from_knowledge"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Says it; changes nothing."""
        found = tracker.latest_message["knowledge"]
        url = found["url"]
        dispatcher.utter_message(
            response="utter_knowledge_answer",
            passage=found["passage"],
            title=found["title"],
            url=site() + url if url.startswith("/") else url,
        )
        return []
