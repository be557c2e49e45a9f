"""What a customer just did or met, and which of it leads: the newest, while it is fresh.

Both lists of signals, Warmline's own (`POST /api/v1/signals`) and the shop's (`CustomerContext`),
are ranked here and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, get_args

from actions import wording
from actions.context.model import Signal, SignalKind

#: After so long a failure is no longer what somebody writes about without saying so.
FRESH = timedelta(minutes=30)
PAGE_FRESH = timedelta(minutes=10)
MOST_ASKED = 10
_SKU = re.compile(r"[A-Za-z0-9-]{1,40}")

#: The request a signal makes likely, by its intent.
REQUESTS: Mapping[SignalKind, str] = {
    "checkout_error": "payment_issue",
    "payment_failed": "payment_issue",
    "parcel_delayed": "track_order",
    "page_viewed": "product_info",
}


def is_fresh(signal: Signal, now: datetime) -> bool:
    """Whether a customer who writes now may well write because of it."""
    lasts = PAGE_FRESH if signal.kind == "page_viewed" else FRESH
    return signal.at > now - lasts


def leading(signals: Iterable[Signal], now: datetime) -> Signal | None:
    """The signal that a customer who writes now most likely writes about, None without a fresh one.

    The newest leads. A page looked at counts for as old as one may be, so that it stands behind
    every failure of the same minutes: who has just met one looks at pages because of it.
    """

    def weight(signal: Signal) -> tuple[datetime, datetime]:
        viewed = signal.kind == "page_viewed"
        return (min(signal.at, now - PAGE_FRESH) if viewed else signal.at), signal.at

    return max((each for each in signals if is_fresh(each, now)), key=weight, default=None)


def request_about(signal: Signal) -> str | None:
    """The intent of the request it makes likely; None for a page that is no product's."""
    if signal.kind == "page_viewed" and (signal.about is None or "/" in signal.about):
        return None
    return REQUESTS[signal.kind]


def payload_about(signal: Signal) -> str | None:
    """What a button sends that takes the request up, with the order or the product it is about."""
    intent = request_about(signal)
    if intent is None:
        return None
    told: dict[str, str] = {}
    number = wording.order_number(signal.about)
    if intent == "track_order" and number is not None:
        told = {"order_number": number}
    elif intent == "product_info" and _SKU.fullmatch(signal.about or ""):
        told = {"choice": f"ask {signal.about}|"}  # as actions.families.which_product offers it
    return f"/{intent}{json.dumps(told) if told else ''}"


def not_asked(signals: Iterable[Signal], asked: Iterable[Signal]) -> tuple[Signal, ...]:
    """Those that can be asked about and were not: what happens again within minutes, as a payment
    that fails three times, is asked about once."""
    latest = {(each.kind, each.about): each.at for each in asked}

    def is_new(signal: Signal) -> bool:
        before = latest.get((signal.kind, signal.about))
        return before is None or signal.at > before + FRESH

    return tuple(each for each in signals if request_about(each) and is_new(each))


def with_asked(asked: object, signal: Signal) -> list[dict[str, Any]]:
    """What was asked about, the signal with it, as the slot keeps it."""
    return [as_json(each) for each in (*read_signals(asked), signal)][-MOST_ASKED:]


def as_json(signal: Signal) -> dict[str, Any]:
    """As messages' metadata and slots hold it."""
    return {"kind": signal.kind, "at": signal.at.isoformat(), "about": signal.about}


def read_signals(stored: object) -> tuple[Signal, ...]:
    """The signals in a list of what `as_json` gave; anything else in it is left out."""
    found = (_read(each) for each in (stored if isinstance(stored, (list, tuple)) else ()))
    return tuple(signal for signal in found if signal is not None)


def _read(stored: object) -> Signal | None:
    if not isinstance(stored, Mapping) or stored.get("kind") not in get_args(SignalKind):
        return None
    try:
        at = datetime.fromisoformat(stored["at"])
    except (KeyError, TypeError, ValueError):
        return None
    about = stored.get("about")
    return (
        Signal(stored["kind"], at, about if isinstance(about, str) else None) if at.tzinfo else None
    )
