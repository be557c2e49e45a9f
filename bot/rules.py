"""`handoff.yml`: when the bot gives a conversation to a person, and how often it may be wrong."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, Extra, Field, root_validator, validator

ORDINARY = "ordinary"
LANGUAGE = re.compile(r"[a-z]{2}")


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Queue(Strict):
    """Where conversations wait; `name` is what agents read."""

    name: str


class RiskClass(Strict):
    """Intents whose wrong answers cost alike: at most this share of them is wrong, this surely."""

    accepted_wrong_rate: float = Field(default=0.05, gt=0, lt=1)
    guarantee: float = Field(default=0.95, ge=0.5, lt=1)
    intents: tuple[str, ...] = ()


class Asked(Strict):
    """How customers ask for a person, besides saying so: intents, and menu keys such as `0`."""

    intents: tuple[str, ...] = ("contact_human_agent",)
    keys: tuple[str, ...] = ()


class Topic(Strict):
    """What a message may be about: intents, and words (`su*` stands for any ending)."""

    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @validator("words", each_item=True)
    def _is_a_word(cls, word: str) -> str:  # noqa: N805 - pydantic's convention
        if not any(character.isalnum() for character in word):
            raise ValueError("a word or phrase of letters or digits is expected")
        return word

    @root_validator(skip_on_failure=True)
    def _says_something(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not any(values.values()):
            raise ValueError("name at least one intent or word")
        return values


class Triggers(Strict):
    """What brings a person in; see the comments in the shop's own `handoff.yml`."""

    misunderstood_in_a_row: int = Field(default=2, ge=1, le=10)
    out_of_scope_in_a_row: int = Field(default=2, ge=1, le=10)
    frustration: float = Field(default=0.7, gt=0, le=1)
    asked: Asked = Field(default_factory=Asked)
    languages: tuple[str, ...] = ()
    sensitive: dict[str, Topic] = {}

    @validator("languages", each_item=True)
    def _is_a_code(cls, language: str) -> str:  # noqa: N805
        if not LANGUAGE.fullmatch(language):
            raise ValueError("two small letters are expected (ISO 639-1), such as en")
        return language


class Rule(Strict):
    """A shop's own reason for a person: all that is given must hold, one of each list is enough."""

    name: str
    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    slots: dict[str, Any] = {}

    @root_validator(skip_on_failure=True)
    def _has_a_condition(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not any(values.get(key) for key in ("intents", "words", "channels", "slots")):
            raise ValueError("give it a condition: intents, words, channels or slots")
        return values


class Rules(Strict):
    """The whole of `handoff.yml`, checked."""

    queues: dict[str, Queue] = {"support": Queue(name="Support")}
    default_queue: str = "support"
    risk_classes: dict[str, RiskClass] = {}
    triggers: Triggers = Field(default_factory=Triggers)
    rules: tuple[Rule, ...] = ()
    readings: dict[str, str] = {}

    @property
    def classes(self) -> dict[str, RiskClass]:
        """Every risk class; `ordinary` holds the intents that no other one names."""
        return {ORDINARY: RiskClass(), **self.risk_classes}

    def risk_class(self, intent: str) -> str:
        """The name of the intent's risk class."""
        for name, risk in self.risk_classes.items():
            if intent in risk.intents:
                return name
        return ORDINARY

    def slots(self) -> dict[str, str]:
        """Each slot that a rule looks at, and the key under which it is named."""
        return {
            slot: f"rules.{place}.slots"
            for place, rule in enumerate(self.rules)
            for slot in rule.slots
        }

    def intents(self) -> dict[str, str]:
        """Each intent that is named, and the key under which it is."""
        named: dict[str, str] = {}
        for name, risk in self.risk_classes.items():
            named |= dict.fromkeys(risk.intents, f"risk_classes.{name}.intents")
        if "intents" in self.triggers.asked.__fields_set__:  # nobody wrote the default
            named |= dict.fromkeys(self.triggers.asked.intents, "triggers.asked.intents")
        for name, topic in self.triggers.sensitive.items():
            named |= dict.fromkeys(topic.intents, f"triggers.sensitive.{name}.intents")
        for place, rule in enumerate(self.rules):
            named |= dict.fromkeys(rule.intents, f"rules.{place}.intents")
        named |= dict.fromkeys(self.readings, "readings")
        return named
