"""`handoff.yml`: the queues there are and the triggers that give a conversation to a person."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra, Field, ValidationError

from bot.errors import SetupError
from bot.yaml_file import read_mapping


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Queue(_Strict):
    """Where conversations wait; `name` is what agents read."""

    name: str


class Triggers(_Strict):
    """`misunderstood_in_a_row`: how often the bot may not understand before a person takes over."""

    misunderstood_in_a_row: int = Field(default=2, ge=1, le=10)


class Rules(_Strict):
    """The whole of `handoff.yml`, checked."""

    queues: dict[str, Queue] = {"support": Queue(name="Support")}
    default_queue: str = "support"
    triggers: Triggers = Field(default_factory=Triggers)


def load_rules(path: Path) -> Rules:
    """Read and check the file; without one the defaults hold. Read again only when it changed."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return Rules()
    return _load(path, changed)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Rules:
    raw = read_mapping(path, missing="Restore it, or leave it out for the defaults.")
    try:
        rules = Rules.parse_obj(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SetupError(
            first["msg"],
            where=f"{path}, key '{key}'",
            cure="Known keys are: queues, default_queue, triggers.misunderstood_in_a_row.",
        ) from error
    if rules.default_queue not in rules.queues:
        raise SetupError(
            f"there is no queue '{rules.default_queue}'",
            where=f"{path}, key 'default_queue'",
            cure=f"Name one of: {', '.join(rules.queues)}.",
        )
    return rules
