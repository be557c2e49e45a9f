"""What can be changed in the shop: each change by its name and its arguments (JSON).

The same values go through every source, into the record of effects, onto a hand-off's card and
back: an agent's click makes exactly the change that the bot prepared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: Every change there is, with its arguments. Amounts are texts such as "59.90", days ISO 8601.
ChangeName = Literal[
    "cancel_order",  # order, fee: kept back from what is refunded
    "change_items",  # order, items: [{sku, size, quantity}], all that is to be in it afterwards
    "change_order_address",  # order, line, town, postcode
    "change_account_address",  # customer, line, town, postcode
    "return_item",  # order, sku, quantity
    "exchange_item",  # order, sku, quantity, new_size
    "refund",  # order, amount, reason, payment (the reference of one paid twice, or null)
    "open_claim",  # order, kind, sku (or null), wish, words (the customer's, or null)
    "mail_invoice",  # order
    "mail_password_link",  # email
    "mail_code",  # email, code
    "mail_account_data",  # customer
    "set_newsletter",  # customer, on
    "join_membership",  # customer
    "leave_membership",  # customer
    "change_email",  # customer, email
    "change_phone",  # customer, phone
    "change_name",  # customer, name
    "close_account",  # customer
    "watch_stock",  # customer, sku, size
    "undo",  # change: the key of the change to take back
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change to be made."""

    name: ChangeName
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change. `refused` is None, or why the shop did not make it, in code:

    `too_late` (packed, the days are over, changed again since, or the account is about to close),
    `done_already`, `exceeds` (more than was paid, or than is left to send back), `out_of_stock`,
    `not_found`, `taken` (another account has that address or number), `not_offered`, `invalid`
    (no amount, quantity, address, name or number that the shop could use).
    `reference` is what the customer may quote later; `before` and `after` hold what differs;
    `undoable` says whether `undo` with this change's key would take it back now.
    """

    reference: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    undoable: bool = False
    refused: str | None = None
