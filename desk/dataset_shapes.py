"""The JSON of intents and of the change that labels make to the training data."""

from __future__ import annotations

from pydantic import BaseModel


class Intent(BaseModel):
    """`examples` are those in the project's files, `labelled` the accepted labels; `in_model` says
    whether the live model knows it, `is_new` whether only a lead's adding it does."""

    name: str
    examples: int
    labelled: int
    in_model: bool
    is_new: bool


class Intents(BaseModel):
    items: list[Intent]
    next: str | None = None


class ChangedFile(BaseModel):
    """`diff` is a unified one, as `git apply` takes it."""

    path: str
    is_new: bool
    diff: str


class IntentCount(BaseModel):
    intent: str
    examples: int
    is_new: bool


class LabelledMessage(BaseModel):
    """A labelled message, and where to read on."""

    turn_id: str
    conversation_id: str


class Skipped(BaseModel):
    """Why so many labelled messages are no new examples; `messages` are the first of them."""

    reason: str
    count: int
    messages: list[LabelledMessage]


class ConflictingLabel(BaseModel):
    """A text that was labelled as `intent` and stands in `where` as an example of `other`."""

    text: str
    intent: str
    other: str
    where: str
    messages: list[LabelledMessage]


class TrainingChange(BaseModel):
    """What the labels would change in the project's files."""

    files: list[ChangedFile]
    counts: list[IntentCount]
    skipped: list[Skipped]
    conflicts: list[ConflictingLabel]
