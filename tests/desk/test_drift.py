"""Drift over the API: what changed, for leads alone."""

from __future__ import annotations

from bot.services import Services
from tests.client import Warmline
from tests.drift_weeks import put_weeks

LEAD = "lead@demo.test"


async def test_what_changed_is_told_with_what_it_was_before(
    warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff(LEAD)
    nothing = await lead.get("/drift")
    assert (nothing["since"], nothing["is_alarm"], nothing["days"]) == (None, False, [])

    await put_weeks(services)
    found = await lead.get("/drift?days=14")
    assert found["is_alarm"]
    assert found["weeks"] == 4
    assert len(found["days"]) == 14
    assert found["days"][-1]["day"] == found["today"]
    assert found["days"][-2]["refused"] > found["days"][-2]["expected"]["refused"]["high"]
    alarms = {(one["measure"], one["days"]) for one in found["changes"] if one["is_alarm"]}
    assert alarms == {(measure, days) for measure in ("refused", "confidence") for days in (1, 7)}
    first, second = found["movers"]
    assert (first["intent"], set(first["alarms"])) == ("track_order", {"refused", "confidence"})
    assert first["messages_now"] > 7 * 119
    assert (second["intent"], second["alarms"]) == ("return_item", [])
    assert found["movers_since"] == found["days"][-8]["day"]
