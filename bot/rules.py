"""`handoff.yml`: when the bot gives a conversation to a person, and how often it may be wrong."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field, root_validator, validator

from bot.queues import Priorities, Queue, Routing
from bot.records import Agent
from bot.strict import Strict

ORDINARY = "ordinary"
LANGUAGE = re.compile(r"[a-z]{2}")


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
    sensitive: dict[str, Topic] = Field(default_factory=dict)

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
    slots: dict[str, Any] = Field(default_factory=dict)

    @root_validator(skip_on_failure=True)
    def _has_a_condition(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not any(values.get(key) for key in ("intents", "words", "channels", "slots")):
            raise ValueError("give it a condition: intents, words, channels or slots")
        return values


class AfterChat(Strict):
    """Where customers are asked, once an agent resolved their conversation, how it was."""

    channels: tuple[str, ...] = ()

    @validator("channels", each_item=True)
    def _can_be_asked(cls, channel: str) -> str:  # noqa: N805
        if channel == "rest":
            raise ValueError("rest fetches its lines with the next message, which is too late")
        return channel


class Rules(Strict):
    """The whole of `handoff.yml`, checked."""

    queues: dict[str, Queue] = Field(default_factory=lambda: {"support": Queue(name="Support")})
    default_queue: str = "support"
    routing: tuple[Routing, ...] = ()
    priority: Priorities = Field(default_factory=Priorities)
    stranded_after_minutes: int = Field(default=5, ge=1, le=24 * 60)
    risk_classes: dict[str, RiskClass] = Field(default_factory=dict)
    triggers: Triggers = Field(default_factory=Triggers)
    rules: tuple[Rule, ...] = ()
    survey: AfterChat = Field(default_factory=AfterChat)
    readings: dict[str, str] = Field(default_factory=dict)

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

    def queue_for(
        self,
        *,
        intent: str | None,
        language: str | None,
        channel: str,
        tier: str | None = None,
    ) -> str:
        """Where a hand-off waits: the first rule that fits says it."""
        number = self.routing_for(intent=intent, language=language, channel=channel, tier=tier)
        return self.default_queue if number is None else self.routing[number].queue

    def routing_for(
        self, *, intent: str | None, language: str | None, channel: str, tier: str | None
    ) -> int | None:
        """Which of the rules that is, counted from 0; None where none fits."""
        fitting = (
            number
            for number, rule in enumerate(self.routing)
            if rule.fits(intent=intent, language=language, channel=channel, tier=tier)
        )
        return next(fitting, None)

    def queue(self, name: str) -> Queue:
        """The queue of this name, or the default one: it may have left the file meanwhile."""
        return self.queues.get(name) or self.queues[self.default_queue]

    def queues_of(self, agent: Agent) -> list[str]:
        """The queues an agent takes from: those they serve, as far as they have the skills."""
        return [
            name
            for name, queue in self.queues.items()
            if (not agent.queues or name in agent.queues) and set(queue.skills) <= set(agent.skills)
        ]

    def offering(self) -> set[str]:
        """The queues that offer whoever waits to one agent after the other."""
        return {name for name, queue in self.queues.items() if queue.offer_seconds}

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
        for place, route in enumerate(self.routing):
            named |= dict.fromkeys(route.intents, f"routing.{place}.intents")
        named |= dict.fromkeys(self.readings, "readings")
        return named
