"""The scripted dialogues: what a customer says, what must come back, and how it has to end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, root_validator, validator
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent

Kind = Literal[
    "straight",
    "digression",
    "correction",
    "unverified",
    "backend_down",
    "refused",
    "several",
    "bad_input",
]


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Step(Strict):
    """One message of the customer's; `hears` and `hears_not` are regular expressions for all that
    the bot says to it. `shop_down`: from here on the shop's systems do not answer."""

    says: str | None = None
    presses: str | None = None
    says_code: bool = False
    hears: str | None = None
    hears_not: str | None = None
    buttons: tuple[str, ...] = ()
    shop_down: bool = False

    @validator("hears", "hears_not")
    def _is_an_expression(cls, value: str | None) -> str | None:  # noqa: N805
        if value is not None:
            re.compile(value)
        return value

    @root_validator(skip_on_failure=True)
    def _does_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        done = [values["says"] is not None, values["presses"] is not None, values["says_code"]]
        if sum(done) != 1:
            raise ValueError("give exactly one of says, presses, says_code")
        return values


class Script(Strict):
    """A whole dialogue. `shop` names what to look up afterwards: `order 10640` and its state, or
    `customer C-1007` and some of its values."""

    name: str
    intent: str
    kind: Kind
    customer: str = "guest"
    turns: tuple[Step, ...]
    ends: Literal["resolved", "handed_off"]
    reason: str | None = None
    prepared: int | None = None
    shop: dict[str, Any] = {}


def scripts() -> list[Script]:
    """All of them, by file and in order."""
    found: list[Script] = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        found += [Script.parse_obj(each) for each in content]
    names = [script.name for script in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two dialogues have the same name: {', '.join(sorted(twice))}")
    return found
