"""Promoted and gone back from while customers write: with real model files, in a running server."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot import demo
from bot.app import SERVICES
from bot.clock import now
from bot.learning.registry import SUFFIX, id_of
from bot.model_files import sha256_of
from bot.passwords import hash_password
from bot.records import Model
from tests.bot.test_live_model import becomes, following, models_of_turns
from tests.bot.test_restart import project
from tests.client import Staff, Warmline, eventually

__all__ = ["following", "project"]

LEAD = "lead@demo.test"
CANDIDATE = "20260101-120000-abcd"
CUSTOMERS = 4


@pytest.fixture
async def lead(following: Warmline, project: Path, model: Path) -> Staff:
    """A lead, with a candidate that is as good as the live model and was not compared."""
    database = following.app[SERVICES].database
    await demo.add_staff(database, await hash_password(demo.PASSWORD))
    path = project / "models" / "candidates" / f"{CANDIDATE}{SUFFIX}"
    path.parent.mkdir()
    shutil.copyfile(model, path)
    async with database.write() as uow:
        await uow.models.add(Model(CANDIDATE, "candidate", now(), sha256=sha256_of(path)))
    return await following.staff(LEAD)


async def test_a_lead_promotes_and_goes_back_and_no_message_is_dropped(
    following: Warmline, lead: Staff, model: Path
) -> None:
    services, old = following.app[SERVICES], id_of(model)
    first = services.assistant

    async def registered() -> str | None:
        live = (await lead.get("/models"))["live"]
        return live and str(live["id"])

    assert await eventually(registered) == old
    over = asyncio.Event()

    async def chat(sender: str) -> int:
        said = 0
        while not over.is_set():
            (answer,) = await following.texts(sender, "when are you open?")
            assert answer.startswith("Our shop")
            said += 1
        return said

    customers = [asyncio.create_task(chat(f"customer-{number}")) for number in range(CUSTOMERS)]
    promote = f"/models/{CANDIDATE}/promote"
    try:
        refused = await lead.post(promote, status=409)
        assert refused["error"]["code"] == "gate"
        given = {"reason": "the same model", "expected_live": old}
        await lead.post(promote, given, status=204)
        await becomes(following, model=f"{CANDIDATE}{SUFFIX}", refused_model=None)
        late = await lead.post(promote, given, status=409)
        assert late["error"]["code"] == "wrong_state"
        await lead.post("/models/rollback", {"expected_live": CANDIDATE}, status=204)
        await becomes(following, model=model.name, refused_model=None)
    finally:
        over.set()
        said = sum(await asyncio.gather(*customers))
    assert services.assistant is first  # it was never loaded again
    taken = await models_of_turns(services)
    assert set(taken) <= {model.name, f"{CANDIDATE}{SUFFIX}"}
    assert sum(taken.values()) == said
    listed = await lead.get("/models")
    assert (listed["live"]["id"], listed["live"]["promoted_by"]["name"]) == (old, "Liam Lead")
    assert {row["id"]: row["state"] for row in listed["items"]} == {
        old: "live",
        CANDIDATE: "retired",
    }
    assert (await lead.get(f"/models/{CANDIDATE}"))["reason"] == "the same model"
    entries = (await lead.get("/audit"))["items"]
    assert [(each["action"], each["subject"]) for each in entries] == [
        ("model.rollback", old),
        ("model.promote", CANDIDATE),
        ("model.found", old),
    ]
    assert entries[1]["details"] == {
        "before": old,
        "reason": "the same model",
        "gate_passed": None,
    }


async def test_a_candidate_that_cannot_be_loaded_is_refused_before_it_is_placed(
    following: Warmline, lead: Staff, model: Path, project: Path
) -> None:
    path = project / "models" / "candidates" / f"broken{SUFFIX}"
    path.write_bytes(b"no archive")
    database = following.app[SERVICES].database
    async with database.write() as uow:
        row = Model("broken", "candidate", now(), sha256=sha256_of(path), gate_passed=True)
        await uow.models.add(row)
    refused = await lead.post("/models/broken/promote", status=409)
    assert refused["error"]["code"] == "unusable"
    assert "not a whole Rasa model" in (await lead.get("/models/broken"))["error"]
    await becomes(following, model=model.name, refused_model=None)
    await lead.get("/models/unknown", status=404)
    await lead.post("/models/unknown/promote", status=404)
