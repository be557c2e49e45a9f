"""What a request of the customer's is: what it needs to know, and what comes of it.

A family of requests (actions/order_requests.py, …) is a list of `Request`s; the engine asks for
what one needs, in the same way for all, then lets it plan, and does what was planned.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from actions.context.changes import Change
from actions.context.model import CustomerContext, Order, Product
from actions.context.source import DocumentKind, Shop
from actions.policy import Policy
from actions.requests.dialogue import Made
from actions.requests.heard import Heard
from actions.say import Say


class Level(IntEnum):
    """How surely we know who is asking."""

    ANYONE = 0
    KNOWN = 1  # an address on file, or a name a site vouches for
    VERIFIED = 2  # an order's number with its postcode: both are on every parcel's label
    ASSURED = 3  # a signed token or a one-time code: what the account itself needs


@dataclass(frozen=True, slots=True)
class Case:
    """One request as far as it is known: all that a question or a plan may look at.

    `context` is None for somebody unknown, `order` None as long as none is chosen; `details` are
    the answers so far, by their names; `made` is what was changed in this conversation, `products`
    what the shop sells, for requests that ask about it, and `talked_of` the SKUs of what was talked
    about last.
    """

    intent: str
    level: Level
    context: CustomerContext | None
    order: Order | None
    details: Mapping[str, Any]
    policy: Policy
    now: datetime
    shop: Shop
    made: tuple[Made, ...] = ()
    products: tuple[Product, ...] = ()
    talked_of: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The day it is where the shop is."""
        return self.policy.day_of(self.now)

    def known(self) -> CustomerContext:
        """The context of a request that only somebody known may make."""
        if self.context is None:
            raise LookupError(f"{self.intent} planned for somebody unknown")
        return self.context

    def chosen(self) -> Order:
        """The order of a request that is about one."""
        if self.order is None:
            raise LookupError(f"{self.intent} planned without its order")
        return self.order


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that cannot be taken, with what to say before the question is asked again."""

    say: Say


@dataclass(frozen=True, slots=True)
class Detail:
    """Something a request has to know besides the order.

    `read` gives the value (JSON) in a message, Wrong for one that cannot be taken, None where there
    is none; its last argument says whether this detail is what was asked for, since then any words
    may be the answer. It also reads the request's own first words, and later ones that correct it.
    `needed` is asked once all that comes before is known. What is `optional` is read where the
    words name it, and asked for only when what they name cannot be taken. What `lasts` is not asked
    for again when an answer before it is corrected.
    """

    name: str
    ask: Callable[[Case], Say]
    read: Callable[[Case, Heard, bool], Any]
    needed: Callable[[Case], bool] = lambda case: True
    optional: bool = False
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The request is answered: nothing is changed."""

    say: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, read back as a question, and what to say once it is made.

    `done` gets the change's `reference` and what it holds `after` as further values. What was
    read back is kept as it is: a yes is to just that, and the shop checks again when it is made.
    `without_asking` is for what the customer has just asked for by a button that says it all, and
    for what harms nobody. `document` is the paper that comes of it: `done` gets its `link` too.
    `also` are agreed to by the same yes, and made after it, each for itself.
    """

    change: Change
    ask: Say
    done: Say
    without_asking: bool = False
    document: DocumentKind | None = None
    also: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change beyond what the bot may do, ready for an agent's approval."""

    title: str
    why: str
    change: Change


@dataclass(frozen=True, slots=True)
class Referral:
    """A person is needed: what the customer is told, and what the agent finds prepared."""

    reason: str
    evidence: str
    say: tuple[Say, ...] = ()
    prepared: tuple[Prepared, ...] = ()


@dataclass(frozen=True, slots=True)
class Unproven:
    """Whoever asks must be known better first: after these words they are asked for proof, and it
    is planned anew."""

    level: Level
    say: tuple[Say, ...] = ()


Outcome = Answer | Proposal | Referral | Unproven
Plan = Callable[[Case], Awaitable[Outcome]]


def any_order(order: Order) -> bool:
    """For requests that make sense for every order."""
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """One kind of request, by its intent.

    `title` names it in a sentence ("cancelling an order"). `level` is what it takes, or tells it
    by what is known so far: a general question takes none. `suits`, where it is about an order,
    tells which of the customer's orders are worth offering; None where it is about none. Where
    `needs_order` is false it may be about one: the order that is named or was talked about is
    taken, and otherwise none is asked for. `facts` is what holds for everybody, said before the
    first question about an order or about who asks: some only want to know that. `sells`: its
    questions look at what the shop sells.
    """

    intent: str
    title: str
    level: Level | Callable[[Case], Level]
    plan: Plan
    suits: Callable[[Order], bool] | None = None
    details: tuple[Detail, ...] = ()
    needs_order: bool = True
    facts: Say | None = None
    sells: bool = False

    def needs(self, case: Case) -> Level:
        """How surely we have to know who asks, as far as the request is known."""
        return self.level if isinstance(self.level, Level) else self.level(case)
