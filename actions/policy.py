"""`data/shop/policy.yml`: what the bot may do by itself, and from where on a person decides."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Extra, Field, ValidationError, validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from actions.context.model import OrderState

DEFAULT = Path(__file__).parents[1] / "data" / "shop" / "policy.yml"


class InvalidPolicy(Exception):
    """The file cannot be used; the message names the key and what to do."""


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Cancellation(Strict):
    """Cancelling an order: until which states, for which fee, up to which total."""

    until: tuple[OrderState, ...]
    fee: Decimal = Field(ge=0)
    most: Decimal = Field(ge=0)


class OrderChange(Strict):
    """Changing what an order holds or where it goes."""

    until: tuple[OrderState, ...]
    most_extra: Decimal = Field(ge=0)


class RefundLimits(Strict):
    """Sending money back without anything being sent back."""

    most: Decimal = Field(ge=0)
    most_a_month: int = Field(ge=0)
    days: int = Field(ge=0)
    working_days: int = Field(ge=0)


class ReturnLimits(Strict):
    """Sending something back, or exchanging it."""

    days: int = Field(ge=0)
    most_a_month: int = Field(ge=0)


class ClaimLimits(Strict):
    """What never came or came broken."""

    missing_after_working_days: int = Field(ge=0)
    days: int = Field(ge=0)
    guarantee_days: int = Field(ge=0)
    most: Decimal = Field(ge=0)
    most_a_month: int = Field(ge=0)


class PriceMatch(Strict):
    """Matching a lower price."""

    days: int = Field(ge=0)


class AccountLimits(Strict):
    """Closing an account."""

    closes_after_days: int = Field(ge=0)


class MembershipFee(Strict):
    """What a year in the club costs."""

    fee: Decimal = Field(ge=0)


class ProofLimits(Strict):
    """Proving who one is."""

    most_wrong: int = Field(ge=1, le=10)
    code_minutes: int = Field(ge=1, le=60)
    most_codes: int = Field(ge=1, le=10)


class Policy(Strict):
    """The whole file, checked."""

    time_zone: str
    currency: str = Field(regex=r"^[A-Z]{3}$")
    country: str = Field(regex=r"^[A-Z]{2}$")
    cancellation: Cancellation
    order_change: OrderChange
    refund: RefundLimits
    returns: ReturnLimits = Field(alias="return")
    claim: ClaimLimits
    price_match: PriceMatch
    account: AccountLimits
    membership: MembershipFee
    proof: ProofLimits

    @validator("time_zone")
    def _is_a_zone(cls, name: str) -> str:  # noqa: N805 - pydantic's convention
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("a name such as Europe/London is expected") from error
        return name

    def working_day(self, day: date, later: int) -> date:
        """The working day, Monday to Friday, that comes so many after that day."""
        while later:
            day += timedelta(days=1)
            later -= day.weekday() < 5
        return day

    def day_of(self, moment: datetime) -> date:
        """The day it is at that moment where the shop is."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


def current_policy() -> Policy:
    """The file as it is now; a broken edit raises InvalidPolicy at the next request."""
    path = os.environ.get("WARMLINE_POLICY_FILE") or DEFAULT
    try:
        stamp = os.stat(path).st_mtime_ns
    except OSError as error:
        raise InvalidPolicy(f"{path} cannot be read; add it, as in the demo shop") from error
    return _read(path, stamp)


@lru_cache(maxsize=2)
def _read(path: str | Path, stamp: int) -> Policy:
    try:
        content: Any = YAML(typ="safe").load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InvalidPolicy(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidPolicy(f"{path} has to hold keys and values, as in the demo shop")
    try:
        return Policy.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidPolicy(f"{path}, key '{where}': {first['msg']}") from error
