"""The demo's past, as it is planned."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone

from bot.demo_log import MESSAGES
from bot.demo_plan import DAYS, RISING_DAYS, plan
from bot.yaml_file import read_mapping
from tests.conftest import ROOT

UNTIL = datetime(2026, 3, 20, 12, 0, tzinfo=timezone.utc)
CONTENT = read_mapping(ROOT / MESSAGES, missing="")
VISITS = plan(CONTENT, visits=1_000, until=UNTIL)


def test_it_is_the_same_every_time_and_in_order() -> None:
    assert plan(CONTENT, visits=1_000, until=UNTIL) == VISITS
    moments = [one.at for one in VISITS]
    assert moments == sorted(moments)
    assert UNTIL - timedelta(days=DAYS + 1) < moments[0] < moments[-1] < UNTIL


def test_what_rises_came_up_lately_and_often() -> None:
    recent = [one for one in VISITS if UNTIL - one.at < timedelta(days=RISING_DAYS)]
    assert not [one for one in VISITS if one.intent == "product_recall" and one not in recent]
    often = Counter(one.intent for one in recent)
    assert often["product_recall"] > often["cancel_order"] > 0


def test_customers_come_back_on_their_own_channel_and_no_place_is_left_open() -> None:
    channels: dict[int, str] = {}
    for one in VISITS:
        assert channels.setdefault(one.customer, one.channel) == one.channel
        assert "{" not in one.text + one.again + (one.thanks or "")
    assert len(channels) < len(VISITS)
