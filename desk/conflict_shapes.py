"""The JSON of what is wrong with the training examples themselves."""

from __future__ import annotations

from pydantic import BaseModel


class Example(BaseModel):
    """A training example; `file` is below `data/`."""

    text: str
    intent: str
    file: str
    line: int


class Nearer(BaseModel):
    """An example that is nearer to the intent of `nearest`: `own` and `other` are the mean cosines
    to the nearest examples of both."""

    example: Example
    nearest: Example
    own: float
    other: float


class Leak(BaseModel):
    """Two intents, how many examples of each are nearer to the other, and the worst of them."""

    one: str
    other: str
    of_one: int
    of_other: int
    worst: list[Nearer]


class Fed(BaseModel):
    """An intent, or a risk class by the same name: `least` examples, all answered rightly, are what
    its accepted rate needs to be promised at all."""

    name: str
    risk_class: str
    accepted_wrong_rate: float
    guarantee: float
    examples: int
    least: int
    missing: int


class Conflicts(BaseModel):
    """`state` is none (nobody has looked at these data yet), running, done or failed. `nearer` are
    the worst of `nearer_count`; `copies` are texts that several intents have."""

    state: str
    problem: str
    examples: int
    intents: int
    nearer_count: int
    nearer: list[Nearer]
    copies: list[list[Example]]
    leaks: list[Leak]
    starving_classes: list[Fed]
    starving: list[Fed]
