"""Conflicts over HTTP: leads have them found, of the project's own examples."""

from __future__ import annotations

from typing import Any

from tests.client import Warmline, eventually

COMPARED_SECONDS = 120  # a process that stands back, on a machine that has no core for it


async def test_leads_have_conflicts_found(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    await agent.post("/conflicts", status=403)
    assert (await lead.get("/conflicts"))["state"] == "none"
    assert (await lead.post("/conflicts", status=202))["state"] == "running"

    async def ended() -> dict[str, Any] | None:
        current: dict[str, Any] = await lead.get("/conflicts")
        return current if current["state"] != "running" else None

    done = await eventually(ended, patience=COMPARED_SECONDS)
    assert (done["state"], done["problem"]) == ("done", "")
    assert done["examples"] > done["intents"] > 0
    assert len(done["nearer"]) <= done["nearer_count"]
    leads = [one["other"] - one["own"] for one in done["nearer"]]
    assert leads == sorted(leads, reverse=True)
    assert sum(leak["of_one"] + leak["of_other"] for leak in done["leaks"]) == done["nearer_count"]
    fewest = [one["examples"] for one in done["starving"]]
    assert fewest == sorted(fewest)
    assert (await lead.post("/conflicts", status=202)) == done
