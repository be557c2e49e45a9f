"""`handoff.yml`: when the bot gives a conversation to a person, and how often it may be wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, Field, ValidationError, root_validator, validator

from bot.errors import SetupError
from bot.yaml_file import read_mapping

ORDINARY = "ordinary"
LANGUAGE = re.compile(r"[a-z]{2}")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Queue(_Strict):
    """Where conversations wait; `name` is what agents read."""

    name: str


class RiskClass(_Strict):
    """Intents whose wrong answers cost alike: at most this share of them is wrong, this surely."""

    accepted_wrong_rate: float = Field(default=0.05, gt=0, lt=1)
    guarantee: float = Field(default=0.95, ge=0.5, lt=1)
    intents: tuple[str, ...] = ()


class Asked(_Strict):
    """How customers ask for a person, besides saying so: intents, and menu keys such as `0`."""

    intents: tuple[str, ...] = ("contact_human_agent",)
    keys: tuple[str, ...] = ()


class Topic(_Strict):
    """What a message may be about: intents, and words (`su*` stands for any ending)."""

    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @validator("words", each_item=True)
    def _is_a_word(cls, word: str) -> str:  # noqa: N805 - pydantic's convention
        if not word.strip("* "):
            raise ValueError("a word or phrase is expected")
        return word

    @root_validator(skip_on_failure=True)
    def _says_something(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not any(values.values()):
            raise ValueError("name at least one intent or word")
        return values


class Triggers(_Strict):
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


class Rule(_Strict):
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


class Rules(_Strict):
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


DEFAULTS = Rules()


def check_intents(rules: Rules, path: Path, known: Collection[str]) -> None:
    """Raise SetupError for an intent that is named in the file at `path` and not in the domain."""
    for intent, key in rules.intents().items():
        if intent not in known:
            raise SetupError(
                f"there is no intent '{intent}' in the domain",
                where=f"{path}, key '{key}'",
                cure="Correct the name, or add the intent to domain.yml and train.",
            )


def load_rules(path: Path) -> Rules:
    """Read and check the file; without one the defaults hold. Read again only when it changed."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return DEFAULTS
    return _load(path, changed)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Rules:
    raw = read_mapping(path, missing="Restore it, or leave it out for the defaults.")
    try:
        rules = Rules.parse_obj(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "__root__")
        raise SetupError(
            first["msg"],
            where=f"{path}, key '{key}'",
            cure=f"Known keys here are: {', '.join(_known_keys(first['loc'][:-1]))}.",
        ) from error
    if rules.default_queue not in rules.queues:
        raise SetupError(
            f"there is no queue '{rules.default_queue}'",
            where=f"{path}, key 'default_queue'",
            cure=f"Name one of: {', '.join(rules.queues)}.",
        )
    claims = Counter(name for risk in rules.risk_classes.values() for name in set(risk.intents))
    twice = next((name for name, count in claims.items() if count > 1), None)
    if twice:
        raise SetupError(
            f"the intent '{twice}' is in two risk classes",
            where=f"{path}, key 'risk_classes'",
            cure="Leave it in the stricter one.",
        )
    return rules


def _known_keys(above: tuple[str | int, ...]) -> list[str]:
    """The keys of the mapping that stands at this place, as far as they are ours to name."""
    model: type[BaseModel] = Rules
    for part in above:
        field = model.__fields__.get(str(part))
        if field is not None and isinstance(field.type_, type) and issubclass(field.type_, _Strict):
            model = field.type_
    return list(model.__fields__)
