"""The rest of a shop's JSON: what it finds, what it sells, what it changes and why it does not."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from pydantic import Field, StrictBool, validator

from actions.context import changes, model
from actions.context.changes import ChangeName
from actions.context.http_fields import (
    Amount,
    Count,
    Currency,
    Day,
    Fact,
    Line,
    Name,
    Percent,
    Reference,
    WebAddress,
)
from actions.context.http_shape import Shape, check, follows
from actions.context.http_shapes import MOST

VERSION = 1
MOST_PRODUCTS = 20_000
MOST_TOLD = 100_000  # characters


class FoundCustomer(Shape):
    """Whom the address asked for belongs to; `address` is how the shop writes it."""

    reference: Reference
    address: Name


class FoundCustomers(Shape):
    """The customer whose address was asked for; nobody when there is none, or more than one."""

    items: list[FoundCustomer] = Field(..., max_items=1)

    def value(self) -> FoundCustomer | None:
        """The customer, or nobody."""
        return next(iter(self.items), None)


class Promo(Shape):
    """A code for the basket; exactly one of `percent` and `amount` is set. `used` is by the
    customer asked for."""

    value_type = model.Promo

    code: Reference
    percent: Percent | None = Field(...)
    amount: Amount | None = Field(...)
    minimum: Amount
    valid_from: Day
    valid_until: Day
    members_only: StrictBool
    used: StrictBool

    @validator("amount")
    def _one_of_both(cls, amount: Any, values: dict[str, Any]) -> Any:  # noqa: N805
        if "percent" in values and (amount is None) == (values["percent"] is None):
            raise ValueError("must be set, or the percent, and not both")
        return amount

    _follow = check("valid_until", by=follows("valid_from"))


class Product(Shape):
    """Something the shop sells: `facts` by name (material, weight, care, …), `stock` by size, under
    "" for what comes in one size."""

    value_type = model.Product

    sku: Reference
    name: Name
    price: Amount
    currency: Currency
    url: WebAddress
    facts: dict[Name, Fact]
    stock: dict[Line, Count]


class Products(Shape):
    """Everything the shop sells."""

    items: list[Product] = Field(..., max_items=MOST_PRODUCTS)

    def value(self) -> tuple[model.Product, ...]:
        """Ours, in the shop's order."""
        return tuple(product.value() for product in self.items)


class Offers(Shape):
    """Which version of the contract the shop keeps to, and which changes it can make. Names we do
    not know are left alone."""

    version: Literal[1]
    changes: list[Name] = Field(..., max_items=MOST)

    def value(self) -> frozenset[ChangeName]:
        """Those of them that can be asked for."""
        return frozenset(name for name in get_args(ChangeName) if name in self.changes)


class Change(Shape):
    """A change to be made; which arguments belong to which name stands in the contract's page."""

    value_type = changes.Change

    name: ChangeName
    arguments: dict[str, Any]


class Changed(Shape):
    """What came of a change. `refused` is null, or why it was not made: `too_late` (packed, or the
    days are over), `done_already`, `exceeds` (more than was paid), `out_of_stock`, `not_found`,
    `taken` (another account has that address), `not_offered`, `invalid` (arguments that cannot
    be). `reference` is what the customer may quote later; `before` and `after` hold what differs;
    `undoable` says whether `undo` with this change's key would take it back now."""

    value_type = changes.Changed

    reference: Reference | None = Field(...)
    before: dict[str, Any]
    after: dict[str, Any]
    undoable: StrictBool
    refused: (
        Literal[
            "too_late",
            "done_already",
            "exceeds",
            "out_of_stock",
            "not_found",
            "taken",
            "not_offered",
            "invalid",
        ]
        | None
    ) = Field(...)

    @validator("before", "after")
    def _can_be_kept(cls, told: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        written = json.dumps(told, ensure_ascii=False)
        if len(written) > MOST_TOLD:
            raise ValueError("is longer than what is worth telling")
        if any("\ud800" <= character <= "\udfff" for character in written) or "\\u0000" in written:
            raise ValueError("holds characters that are no text")
        return told

    @validator("refused")
    def _nothing_to_undo(cls, refused: str | None, values: dict[str, Any]) -> str | None:  # noqa: N805
        if refused is not None and values.get("undoable"):
            raise ValueError("is set, and yet there is something to undo")
        return refused


class Reason(Shape):
    """Why a request was not answered: `code` is for programs, `message` for people."""

    code: Name
    message: Line


class Error(Shape):
    """Every answer that is not a success."""

    error: Reason
