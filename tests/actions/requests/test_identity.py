"""One-time codes: mailed by the turn whose they are, and by no other."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pytest

from actions.context import shop
from actions.context.changes import Change, Changed
from actions.effects import Intent, TurnEffects, effects
from actions.policy import ProofLimits
from actions.requests.dialogue import Proving
from actions.requests.identity import send_code


class Lost(Exception):
    """Somebody else has the conversation by now."""


@dataclass(frozen=True, slots=True)
class Record:
    """A turn that is `ours`, or no longer; whoever changes something asks first."""

    ours: bool

    async def set_out(self) -> None:
        if not self.ours:
            raise Lost

    async def may_guess(self, secret: str, *, right: bool) -> bool:
        return True

    async def intend(
        self, key: str, action: str, ordinal: int, arguments: Mapping[str, Any]
    ) -> Intent:
        raise AssertionError(action)

    async def finish(self, key: str, result: Any) -> None:
        raise AssertionError(key)


@pytest.mark.parametrize("ours", [True, False])
async def test_no_code_is_mailed_for_a_turn_that_is_somebody_elses(
    shop_url: str, ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed: list[str] = []

    async def apply(_shop: object, key: str, change: Change) -> Changed:
        mailed.append(change.name)
        return Changed()

    monkeypatch.setattr(type(shop()), "apply", apply)
    effects.set(TurnEffects(Record(ours), "m1"))
    with nullcontext() if ours else pytest.raises(Lost):
        await send_code(
            shop(),
            "m1",
            email=None,
            customer="C-1007",
            proving=Proving(),
            limits=ProofLimits(most_wrong=3, code_minutes=15, most_codes=3),
            now=datetime.now(timezone.utc),
        )
    assert mailed == ["mail_code"] * ours
