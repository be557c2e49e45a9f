"""What each SELECT of a mapping is given, and the columns it must return."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """One SELECT. It must use the parameters `given` and may use those in `may`; a shop can be
    without what is `optional`."""

    columns: frozenset[str]
    given: frozenset[str]
    may: frozenset[str] = frozenset()
    optional: bool = True


def _read(columns: str, given: str = "", *, may: str = "", optional: bool = True) -> Read:
    return Read(
        frozenset(columns.split()), frozenset(given.split()), frozenset(may.split()), optional
    )


READS = {
    "customer": _read(
        "reference name email phone member_since line town postcode newsletter closing_on",
        "reference",
        optional=False,
    ),
    "identities": _read("channel address", "reference"),
    "reference_of": _read("reference", "email"),
    "reference_at": _read("reference", "channel address"),
    "owner_of": _read("reference", "number", optional=False),
    "orders": _read(
        "number customer state placed_at total currency line town postcode delivery_estimate"
        " delivered_on carrier tracking_code invoice_number invoice_issued_on invoice_delivery"
        " invoice_discount invoice_total",
        "reference",
        optional=False,
    ),
    "items": _read("order_number sku name size quantity unit_price", "reference", optional=False),
    "tracking_events": _read("order_number at text place", "reference"),
    "payments": _read(
        "reference order_number amount currency method state failure at", "reference"
    ),
    "refunds": _read(
        "reference order_number amount currency state reason requested_at sent_on expected_by",
        "reference",
    ),
    "returns": _read(
        "reference order_number sku quantity new_size requested_at received_on", "reference"
    ),
    "claims": _read("reference order_number kind wish opened_at", "reference"),
    "membership": _read("plan since until points", "reference"),
    "signals": _read("kind at about", "reference"),
    "promo": _read(
        "code percent amount minimum valid_from valid_until members_only used",
        "code",
        may="reference",
    ),
    "products": _read("sku name price currency url"),
    "facts": _read("sku name text"),
    "stock": _read("sku size quantity"),
}
