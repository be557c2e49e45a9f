"""The customer's newest message, as requests read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions import wording

FORM = "request_form"
#: Said of a message rather than asked in it: its words may well be an answer.
NOT_UNDERSTOOD = frozenset(("nlu_fallback", "out_of_scope"))
#: A message of one of these intents may hold an answer. Any other intent is a request or a question
#: of its own, so its words are none.
_ANSWERS = frozenset(("affirm", "deny", "greet")) | NOT_UNDERSTOOD
_YES = re.compile(
    r"\W*(?:y|yes|yea|yeah|yep|yup|ok|okay|sure|correct|right|exactly|absolutely|definitely|"
    r"of course|go ahead|do it|do that|please do|confirm(?:ed)?|(?:cancel|send|change|return|"
    r"refund|exchange|delete|close) it|that'?s (?:right|correct|fine|ok|it)|sounds good|perfect)\b",
    re.IGNORECASE,
)
#: "Yes, but send it to my office" agrees to nothing yet.
_BUT = re.compile(r"\b(?:but|except|instead|wait|not|don'?t|other|rather|only if)\b", re.IGNORECASE)
_NO = re.compile(
    r"\W*(?:n|no|nope|nah|not|don'?t|do not|never|stop|wait|leave it|forget it|never ?mind|"
    r"rather not|wrong)\b",
    re.IGNORECASE,
)
#: Nothing else in it: "no code came" and "no, the other one" give nothing up.
_GIVES_UP = re.compile(
    r"\W*(?:(?:no|nope|nah|oh|ok|okay|actually|well|just|please)\W+)*"
    r"(?:no|nope|nah|never ?mind|forget (?:it|that|about it)|leave it|stop|stop it|quit|cancel|"
    r"cancel that|don'?t bother|i'?d rather not|rather not|not now|"
    r"i(?:'?ve| have)? changed my mind|i don'?t want (?:to|that|it)(?: any ?more)?)"
    r"(?:\W+(?:thanks|thank you|please|then|now|anyway|sorry))*\W*",
    re.IGNORECASE,
)
#: "Sorry, I meant the phone number", "no, XL": whatever these words might ask for, they do not.
_CORRECTS = re.compile(
    r"\W*(?:(?:(?:no|oh|sorry|wait|actually|well)\W+)*(?:i mean|i meant|sorry)\b|"
    r"no(?:pe)?\s*[,.;:-]\s*(?!(?:cancel|track|return|refund|exchange|change|send|show|tell|where|"
    r"what|when|how|i)\b)[^\s?]+(?:\s+[^\s?]+){0,2}\s*$)",
    re.IGNORECASE,
)
#: "No wait, the wool jumper": a thing is named and nothing is said of it, so it answers a question.
_ONLY_NAMES = re.compile(
    r"\W*(?:(?:no|wait|oh|sorry|ok|okay|actually)\W+)*(?:(?:just|only)\W+)?"
    r"(?:the|that|this|those|these|both)\b"
    r"(?!.*\b(?:is|was|are|were|has|have|had|do|does|did|can|could|will|would|never|not)\b)"
    r"(?:\s+[\w-]+){1,8}(?:,? (?:please|pls|thanks))?[.!]*\s*",
    re.IGNORECASE,
)
ASKED_WHICH = "utter_ask_which"


@dataclass(frozen=True, slots=True)
class Wish:
    """One request in a message: its intent, the words it was made with and what is in them."""

    intent: str
    text: str
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """The message. `typed` is false for a pressed button, `fresh` once something has answered it;
    `wishes` holds two or more where so many requests were made in it."""

    id: str
    text: str
    intent: str | None
    entities: Mapping[str, tuple[str, ...]]
    typed: bool
    fresh: bool
    wishes: tuple[Wish, ...] = ()

    def first(self, entity: str) -> str | None:
        """The first of the entity's values."""
        return next(iter(self.entities.get(entity, ())), None)

    @property
    def choice(self) -> str | None:
        """What the pressed button stands for, if it answers a question."""
        return None if self.typed else self.first("choice")

    @property
    def order_number(self) -> str | None:
        """The first order number in it."""
        return wording.order_number(list(self.entities.get("order_number", ())))

    @property
    def postcode(self) -> str | None:
        """The first postcode in it."""
        return wording.postcode(list(self.entities.get("postcode", ())))

    def is_about(self, intent: str) -> bool:
        """Whether its words may be about this request: they ask for nothing else."""
        corrects = bool(_CORRECTS.match(self.text) or _ONLY_NAMES.fullmatch(self.text))
        asks_nothing = self.intent in _ANSWERS or (self.typed and corrects)
        return self.intent == intent or asks_nothing or not any(map(str.isalpha, self.text))

    def words_about(self, intent: str, asked: bool) -> str:
        """What was typed, as far as it may be about this request; otherwise nothing. What was
        `asked` for is, whatever it sounds like."""
        return self.text if self.typed and (asked or self.is_about(intent)) else ""

    @property
    def says_yes(self) -> bool:
        """Whether it agrees, and to all of it."""
        if not self.typed:
            return self.intent == "affirm"
        agrees = self.intent == "affirm" or bool(_YES.match(self.text))
        return agrees and not _BUT.search(self.text)

    @property
    def says_no(self) -> bool:
        """Whether it disagrees, whatever else it says."""
        return self.intent == "deny" or (self.typed and bool(_NO.match(self.text)))

    @property
    def gives_up(self) -> bool:
        """Whether it wants no more of what is being asked about."""
        return bool(_GIVES_UP.fullmatch(self.text)) if self.typed else self.intent == "deny"

    def only(self, wish: Wish) -> Heard:
        """The message as if only this had been asked in it."""
        return Heard(self.id, wish.text, wish.intent, wish.entities, self.typed, self.fresh)


def heard_in(tracker: Tracker, answered: str | None) -> Heard:
    """The tracker's newest message; `answered` is the id of the last one that was acted upon."""
    message: dict[str, Any] = tracker.latest_message
    text = str(message.get("text") or "")
    message_id = str(message.get("message_id") or "")
    intent = message.get("intent") or {}
    entities = message.get("entities") or ()
    asked_about = _asked_about(tracker)
    if asked_about is not None and text == f"/{intent.get('name')}":
        # They were asked which of two requests they meant: this is how they made it.
        text, entities = asked_about["text"], asked_about["parse_data"]["entities"]
    wishes = tuple(
        Wish(str(each["intent"]), str(each["text"]), _values(each["entities"]))
        for each in message.get("requests") or ()
    )
    return Heard(
        id=message_id,
        text=text,
        intent=intent.get("name"),
        entities=_values(entities),
        typed=not text.startswith("/"),
        fresh=message_id != answered and _unanswered(tracker),
        wishes=wishes if len(wishes) > 1 else (),
    )


def _values(entities: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in entities:
        name = str(each["entity"])
        found[name] = (*found.get(name, ()), str(each["value"]))
    return found


def _unanswered(tracker: Tracker) -> bool:
    """Whether nothing but the form has acted since; after a digression something has."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action" and event.get("name") != FORM:
            return False
    return True


def _asked_about(tracker: Tracker) -> dict[str, Any] | None:
    """The message before the newest, if its answer was to ask which request it was about."""
    events = [each for each in tracker.events if each.get("event") in ("user", "action")]
    messages = [place for place, each in enumerate(events) if each["event"] == "user"]
    if len(messages) < 2:
        return None
    before, newest = messages[-2:]
    answers = (each.get("name") for each in events[before:newest])
    return events[before] if ASKED_WHICH in answers else None
