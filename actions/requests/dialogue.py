"""Where the talk about requests stands: the one at hand, those that wait, and who has been proven.

Kept in two slots that only the engine sets, `request` and `proof`: what a customer writes never
gets there unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from actions.say import Say

#: What may be asked for besides a request's own details.
ORDER, POSTCODE, EMAIL, CODE, CONFIRM = "order", "postcode", "email", "code", "confirm"
#: The detail that holds what of the shop's goods a request is about: SKUs.
PRODUCTS = "products"
#: So many changes back can be undone by their button.
REMEMBERED_CHANGES = 5


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that is not finished.

    `text` and `entities` are the words it was made with. `number` is the order as the customer
    named it, `order` as they may know of it. `confirming` is the change that was read back with
    what to say once it is made (JSON), `confirmed` that they said yes to just that. `refused` are
    orders they said they did not mean; `trouble` is why it cannot go on; `left` is how often they
    asked for something else instead of answering.
    """

    intent: str
    text: str = ""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    number: str | None = None
    order: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    awaiting: str | None = None
    question: Mapping[str, Any] | None = None
    confirming: Mapping[str, Any] | None = None
    confirmed: bool = False
    refused: tuple[str, ...] = ()
    trouble: Literal["shop_unavailable", "unverified", "no_orders"] | None = None
    left: int = 0

    def reopened(self, **changes: Any) -> Pending:
        """With something else than was known before: what was read back is void."""
        return replace(self, confirming=None, confirmed=False, awaiting=None, **changes)

    def asking(self, awaiting: str, question: Say) -> Pending:
        """Waiting for the answer to this question."""
        return replace(self, awaiting=awaiting, question=question.as_json())


@dataclass(frozen=True, slots=True)
class Proof:
    """Who the customer has proven to be in this conversation, and by what."""

    customer: str
    how: Literal["order", "code", "agent"]


@dataclass(frozen=True, slots=True)
class SentCode:
    """A one-time code on its way; the code itself follows from `message`. `customer` is None where
    nobody has the address: then no answer is right, and nothing else is different."""

    message: str
    customer: str | None
    email: str | None
    until: str

    def is_over(self, now: datetime) -> bool:
        """Whether it no longer counts."""
        return now >= datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Proving:
    """What the conversation has tried in order to prove who writes."""

    proof: Proof | None = None
    code: SentCode | None = None
    codes: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A change made in this conversation, which its button may take back."""

    key: str
    name: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """`answered` is the id of the newest message that was acted upon; `talked_of` are the SKUs
    that the last question about the shop's goods was about: "is it waterproof, too?"."""

    current: Pending | None = None
    waiting: tuple[Pending, ...] = ()
    made: tuple[Made, ...] = ()
    answered: str | None = None
    talked_of: tuple[str, ...] = ()

    def begun(self, pending: Pending) -> Dialogue:
        """With this request at hand, and the one at hand until now first among those that wait."""
        waiting = (self.current, *self.waiting) if self.current else self.waiting
        return replace(self, current=pending, waiting=waiting)

    def next(self) -> Dialogue:
        """With the request at hand finished."""
        first = self.waiting[0] if self.waiting else None
        products = self.current.details.get(PRODUCTS) if self.current else None
        talked_of = tuple(products or self.talked_of)
        return replace(self, current=first, waiting=self.waiting[1:], talked_of=talked_of)

    def with_made(self, made: Made) -> Dialogue:
        """With one more change that could be undone."""
        return replace(self, made=(*self.made, made)[-REMEMBERED_CHANGES:])


def dialogue_in(stored: Any) -> Dialogue:
    """The slot `request` as a value."""
    if not isinstance(stored, dict):
        return Dialogue()
    current = stored["current"]
    return Dialogue(
        current=_pending(current) if current else None,
        waiting=tuple(_pending(each) for each in stored["waiting"]),
        made=tuple(Made(**each) for each in stored["made"]),
        answered=stored["answered"],
        talked_of=tuple(stored["talked_of"]),
    )


def proving_in(stored: Any) -> Proving:
    """The slot `proof` as a value."""
    if not isinstance(stored, dict):
        return Proving()
    proof, code = stored["proof"], stored["code"]
    return Proving(
        proof=Proof(**proof) if proof else None,
        code=SentCode(**code) if code else None,
        codes=stored["codes"],
        wrong=stored["wrong"],
    )


def as_slot(value: Dialogue | Proving) -> dict[str, Any]:
    """What the slot keeps (JSON)."""
    return asdict(value)


def _pending(stored: Mapping[str, Any]) -> Pending:
    entities = {name: tuple(values) for name, values in stored["entities"].items()}
    return Pending(**{**stored, "entities": entities, "refused": tuple(stored["refused"])})
