"""Where customer data comes from and changes go to: the one interface of every kind of shop."""

from __future__ import annotations

from typing import Literal, Protocol

from actions.context.changes import Change, Changed, ChangeName
from actions.context.model import CustomerContext, Order, Product, Promo

DocumentKind = Literal["invoice", "label"]


class Shop(Protocol):
    """A shop's systems. Every method raises ShopUnavailable when they do not answer in time, or
    answer what cannot be true: nothing is ever made up."""

    @property
    def offers(self) -> frozenset[ChangeName]:
        """The changes that can be made through it; others are prepared for a person."""

    async def context(self, reference: str) -> CustomerContext | None:
        """All about the customer with this reference."""

    async def order(self, number: str) -> Order | None:
        """The order with this number, whoever placed it."""

    async def reference_of(self, email: str) -> str | None:
        """The reference of the customer with this e-mail address, in any spelling of case."""

    async def reference_at(self, channel: str, address: str) -> str | None:
        """The reference of the customer who has this address on file: `sms` and `whatsapp` with a
        phone number (E.164), `telegram`, `facebook`, … with the user's id there."""

    async def promo(self, code: str, reference: str | None) -> Promo | None:
        """The promo code, in any spelling of case; `used`: by the customer with this reference."""

    async def products(self) -> tuple[Product, ...]:
        """Everything the shop sells; may be some minutes old."""

    async def document(self, kind: DocumentKind, reference: str) -> bytes | None:
        """The PDF of an invoice (by its number) or of a return's label (by its reference)."""

    async def apply(self, key: str, change: Change) -> Changed:
        """Make the change once under this key: the same key again returns what came of it then.

        The shop checks again whatever may have changed since it was read, so of two refunds of one
        payment made at the same moment one is refused.
        """

    async def aclose(self) -> None:
        """Close the connections."""
