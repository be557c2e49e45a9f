"""Promoted and gone back from while customers write: with real model files, in a running server."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot import demo
from bot.app import SERVICES
from bot.assistant.model import newest_model
from bot.cli import main
from bot.clock import new_id, now
from bot.learning.registry import SUFFIX, id_of
from bot.model_files import sha256_of
from bot.passwords import hash_password
from bot.records import Model, User
from bot.store.database import Database
from tests.bot.test_live_model import becomes, following, models_of_turns
from tests.bot.test_restart import project
from tests.client import Staff, Warmline, eventually

__all__ = ["following", "project"]

LEAD = "lead@demo.test"
CANDIDATE = "20260101-120000-abcd"
OTHER = "20260102-120000-ef01"
CUSTOMERS = 4


@pytest.fixture
async def lead(following: Warmline, project: Path, model: Path) -> Staff:
    """A lead, with a candidate that is as good as the live model and was not compared."""
    database = following.app[SERVICES].database
    await demo.add_staff(database, await hash_password(demo.PASSWORD))
    await add_candidate(database, project, model, CANDIDATE)
    return await following.staff(LEAD)


async def add_candidate(database: Database, project: Path, model: Path, model_id: str) -> None:
    path = project / "models" / "candidates" / f"{model_id}{SUFFIX}"
    path.parent.mkdir(exist_ok=True)
    shutil.copyfile(model, path)
    async with database.write() as uow:
        await uow.models.add(Model(model_id, "candidate", now(), sha256=sha256_of(path)))


async def live_model(lead: Staff) -> str | None:
    live = (await lead.get("/models"))["live"]
    return live and str(live["id"])


async def test_a_lead_promotes_and_goes_back_and_no_message_is_dropped(
    following: Warmline, lead: Staff, model: Path
) -> None:
    services, old = following.app[SERVICES], id_of(model)
    first = services.assistant
    assert await eventually(lambda: live_model(lead)) == old
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
        words = "the same model, its password: geheim"
        given = {"reason": words, "expected_live": old}
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
    kept = (await lead.get(f"/models/{CANDIDATE}"))["reason"]
    assert kept == "the same model, its password: [password removed]"
    entries = (await lead.get("/audit?action=model"))["items"]
    assert [(each["action"], each["subject"]) for each in entries] == [
        ("model.rollback", old),
        ("model.promote", CANDIDATE),
        ("model.found", old),
    ]
    assert entries[1]["details"] == {
        "before": old,
        "has_reason": True,
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


async def test_of_two_leads_who_promote_at_once_the_second_is_refused(
    following: Warmline, lead: Staff, model: Path, project: Path
) -> None:
    database = following.app[SERVICES].database
    await add_candidate(database, project, model, OTHER)
    hashed = await hash_password(demo.PASSWORD)
    async with database.write() as uow:
        await uow.staff.add(User(new_id(), "olga@demo.test", "Olga", "lead", hashed, now()))
    olga = await following.staff("olga@demo.test")
    old = await eventually(lambda: live_model(lead))
    given = {"reason": "mine is better", "expected_live": old}
    wanted = (lead, CANDIDATE), (olga, OTHER)
    answers = await asyncio.gather(
        *(
            who.call("POST", f"/models/{model_id}/promote", given, status=None)
            for who, model_id in wanted
        )
    )
    [first] = [model_id for (_, model_id), said in zip(wanted, answers, strict=True) if not said]
    [refused] = [said for said in answers if said]
    assert refused["error"]["code"] == "live_changed"
    assert refused["error"]["detail"] == {"live": first}
    assert await live_model(lead) == first
    promoted = [
        one
        for one in (await lead.get("/audit?action=model"))["items"]
        if one["action"] == "model.promote"
    ]
    assert [one["subject"] for one in promoted] == [first]


def test_a_terminal_lists_promotes_and_goes_back(
    project: Path,
    model: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def register() -> None:
        database = Database(database_url)
        await add_candidate(database, project, model, CANDIDATE)
        async with database.write() as uow:
            await uow.models.add(Model(id_of(model), "live", now(), sha256=sha256_of(model)))
        await database.aclose()

    asyncio.run(register())
    monkeypatch.chdir(project)

    def run(*words: str) -> str:
        main([*words, "--database-url", database_url])
        return capsys.readouterr().out

    with pytest.raises(SystemExit, match="needs a reason"):
        run("promote", CANDIDATE)
    assert f"{CANDIDATE} is live." in run("promote", CANDIDATE, "--reason", "the same model")
    listed = {line.split()[0]: line.split()[1] for line in run("models").splitlines()}
    assert listed == {CANDIDATE: "live", id_of(model): "retired"}
    newest = newest_model(project / "models")
    assert newest is not None
    assert newest.name == f"{CANDIDATE}{SUFFIX}"
    assert f"{id_of(model)} is live again." in run("rollback")
    newest = newest_model(project / "models")
    assert newest is not None
    assert newest.name == model.name
