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
        return self.intent == intent or self.intent in _ANSWERS

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
    wishes = tuple(
        Wish(str(each["intent"]), str(each["text"]), _values(each["entities"]))
        for each in message.get("requests") or ()
    )
    return Heard(
        id=message_id,
        text=text,
        intent=intent.get("name"),
        entities=_values(message.get("entities") or ()),
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
