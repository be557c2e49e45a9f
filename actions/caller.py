"""Who is asking, as the server vouches for it in the newest message's metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from rasa_sdk.interfaces import Tracker

from actions.context.model import Signal
from actions.signals import read_signals

Verification = Literal["anyone", "known", "verified"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The shop's reference for the person asking and how far that can be trusted; `signals` are
    what they just did or met, newest first."""

    reference: str | None
    verification: Verification
    name: str | None = None
    signals: tuple[Signal, ...] = ()

    @property
    def owner(self) -> str | None:
        """The reference whose orders may be shown without further proof, or None for a guest."""
        return None if self.verification == "anyone" else self.reference


GUEST = Caller(None, "anyone")


def caller_of(tracker: Tracker) -> Caller:
    """Reads the caller; anything missing or odd, as in `rasa shell`, is a guest."""
    metadata: Any = tracker.latest_message.get("metadata")
    customer = metadata.get("customer") if isinstance(metadata, dict) else None
    if not isinstance(customer, dict):
        return GUEST
    signals = read_signals(customer.get("signals"))
    reference, verification = customer.get("reference"), customer.get("verification")
    if not isinstance(reference, str) or verification not in ("known", "verified"):
        return Caller(None, "anyone", signals=signals)
    name = customer.get("name")
    return Caller(
        reference,
        cast(Verification, verification),
        name if isinstance(name, str) and name.strip() else None,
        signals,
    )
