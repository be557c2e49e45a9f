"""Customers, and how they are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

SignalKind = Literal["checkout_error", "page_viewed", "parcel_delayed", "payment_failed"]


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who writes to us; `reference` is the shop's own id for them, `tier` the membership
    they have there, as it was read last; `first_labelled_at` is of messages whose labels are
    gone."""

    id: str
    reference: str | None
    name: str | None
    email: str | None
    created_at: datetime
    tier: str | None = None
    first_labelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a customer writes from, and how far that proves who they are. The versions are those of
    the privacy notice that was said here, and that they agreed to until they withdrew it; they were
    warned once a secret had to be removed."""

    id: str
    customer_id: str
    channel: str
    address: str
    verification: str
    how: str
    created_at: datetime
    notice_version: str | None = None
    noticed_at: datetime | None = None
    warned_at: datetime | None = None
    consent_version: str | None = None
    consented_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Two customers who proved to be one: `customer_id` goes on, with the identities of
    `joined_id`. `moved` is what the join changed, as it was before."""

    id: str
    customer_id: str
    joined_id: str
    proof: str
    moved: dict[str, Any]
    created_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code by its hash, and the identity that whoever shows it proves to have: it was given to
    this `channel` and `address`. `shown_by` is who alone may show it."""

    code_hash: str
    customer_id: str
    channel: str
    address: str
    shown_by: str | None
    created_at: datetime
    expires_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """Something a customer just did or met, as the shop reported it; `about` is an order's number,
    a SKU or a page's path."""

    id: str
    kind: SignalKind
    at: datetime
    about: str | None
