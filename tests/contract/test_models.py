"""The registry of models, promotion and rollback, over every database."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.model import newest_model
from bot.clock import now
from bot.errors import Conflict, NotFound, SetupError
from bot.learning import pruning
from bot.learning.promotion import Decision, promote, roll_back
from bot.learning.registry import SUFFIX, Registry, id_of, note
from bot.learning.trainer import LAPSE, end_lapsed, stop_training
from bot.model_files import Arrival, sha256_of
from bot.records import Model, ModelState
from bot.services import Services
from bot.store.sqlite import OneTripConnection
from tests.client import PATIENCE_SECONDS
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, losing_answers

CARD = {"data": {"sha256": "d" * 64}}


@pytest.fixture
def registries(pair: tuple[Services, ...], tmp_path: Path) -> tuple[Registry, ...]:
    """Two processes' views of one folder."""
    folder = tmp_path / "models"
    (folder / "candidates").mkdir(parents=True)
    return tuple(Registry(services.database, services.bus, folder) for services in pair)


async def ready(path: Path) -> None:
    """Every file can be live."""


def write(path: Path, filling: str) -> None:
    """A model file of which nothing but the card is read."""
    with tarfile.open(path, "w:gz") as archive:
        content = json.dumps({**CARD, "filling": filling}).encode()
        member = tarfile.TarInfo("model_card.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))


async def add(
    registry: Registry, model_id: str, state: ModelState = "candidate", **facts: Any
) -> Path:
    path = registry.candidates / f"{model_id}{SUFFIX}"
    write(path, model_id)
    given = {"gate_passed": True, "sha256": sha256_of(path), **facts}
    async with registry.database.write() as uow:
        await uow.models.add(Model(model_id, state, now(), **given))
    return path


async def found(registry: Registry, model_id: str) -> Path:
    """A file that somebody put into the folder, and a process has taken."""
    path = registry.folder / f"{model_id}{SUFFIX}"
    write(path, model_id)
    await note(registry, Arrival(path, sha256_of(path)))
    return path


async def states(registry: Registry) -> dict[str, str]:
    async with registry.database.read() as uow:
        return {row.id: row.state for row in await uow.models.page(before=None, limit=50)}


async def get(registry: Registry, model_id: str) -> Model:
    async with registry.database.read() as uow:
        row = await uow.models.get(model_id)
    assert row is not None
    return row


async def audited(registry: Registry) -> list[tuple[str, str]]:
    async with registry.database.read() as uow:
        rows = await uow.audit_log.page(before=None, limit=50)
    return [(row.action, row.subject) for row in reversed(rows)]


def newest(registry: Registry) -> str:
    path = newest_model(registry.folder)
    assert path is not None
    return id_of(path)


@over_both_databases
async def test_a_file_that_was_put_there_is_registered_when_it_is_live(
    registries: tuple[Registry, ...],
) -> None:
    registry, other = registries
    first = await found(registry, "first")
    await note(other, Arrival(first, sha256_of(first)))  # each process notes what it took
    await found(other, "second")
    assert await states(registry) == {"first": "retired", "second": "live"}
    live = await get(registry, "second")
    assert (live.previous, live.card, live.data_sha256) == (
        "first",
        {**CARD, "filling": "second"},
        "d" * 64,
    )
    # Noted late, by a process that was slow to load it: it is not the newest any more.
    await note(registry, Arrival(first, sha256_of(first)))
    await note(registry, Arrival(registry.folder / f"third{SUFFIX}", None, "it is broken"))
    assert await states(registry) == {"first": "retired", "second": "live", "third": "failed"}
    assert "it is broken" in ((await get(registry, "third")).error or "")
    assert await audited(registry) == [("model.found", "first"), ("model.found", "second")]


@over_both_databases
async def test_of_two_who_promote_at_once_one_wins(registries: tuple[Registry, ...]) -> None:
    await found(registries[0], "old")
    for name in ("one", "two"):
        await add(registries[0], name)
    outcomes = await at_once(
        *(
            promote(registry, name, Decision(None, expected_live="old"), ready)
            for registry, name in zip(registries, ("one", "two"), strict=True)
        )
    )
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, Conflict)
    assert refused.code == "live_changed"
    after = await states(registries[0])
    assert sorted(after.values()) == ["candidate", "live", "retired"]
    assert after[newest(registries[0])] == "live"
    assert (await get(registries[0], newest(registries[0]))).previous == "old"


@over_both_databases
async def test_going_back_makes_the_one_before_live_again(
    registries: tuple[Registry, ...],
) -> None:
    registry, other = registries
    lena = await add_lead(registry)
    await found(registry, "old")
    await add(registry, "new")
    await promote(registry, "new", Decision(lena, "better"), ready)
    assert newest(registry) == "new"
    with pytest.raises(Conflict, match="new is live now"):
        await roll_back(other, Decision(lena, expected_live="old"), ready)
    back = await roll_back(other, Decision(lena, "worse", expected_live="new"), ready)
    assert back.id == newest(registry) == "old"
    assert await states(registry) == {"old": "live", "new": "retired"}
    assert (await get(registry, "old")).promoted_by == lena
    with pytest.raises(Conflict, match="no earlier model"):
        await roll_back(registry, Decision(lena), ready)
    assert await audited(registry) == [
        ("model.found", "old"),
        ("model.promote", "new"),
        ("model.rollback", "old"),
    ]
    # What was gone back from can be promoted again.
    await promote(registry, "new", Decision(lena), ready)
    assert await states(registry) == {"old": "retired", "new": "live"}


async def add_lead(registry: Registry) -> str:
    # Only the database of the services is looked at.
    services: Any = registry
    return (await add_agent(services, "Lena")).id


async def test_what_cannot_be_promoted_is_refused_and_changes_nothing(
    registries: tuple[Registry, ...],
) -> None:
    registry, _ = registries
    await found(registry, "old")
    await add(registry, "worse", gate_passed=False)
    (await add(registry, "gone")).unlink()
    write(await add(registry, "changed"), "something else")
    await add(registry, "broken")
    await add(registry, "failed", "failed")

    async def broken(path: Path) -> None:
        raise SetupError("an intent is missing", where="handoff.yml", cure="Name another.")

    before = await states(registry)
    for name, code, make_ready in (
        ("worse", "gate", ready),
        ("gone", "file", ready),
        ("changed", "file", ready),
        ("broken", "unusable", broken),
        ("failed", "wrong_state", ready),
        ("old", "wrong_state", ready),
    ):
        with pytest.raises(Conflict) as refused:
            await promote(registry, name, Decision(None), make_ready)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        await promote(registry, "unknown", Decision(None), ready)
    assert await states(registry) == before
    assert newest(registry) == "old"
    assert "an intent is missing" in ((await get(registry, "broken")).error or "")
    await promote(registry, "worse", Decision(None, "it knows the new intent"), ready)
    assert (await get(registry, "worse")).reason == "it knows the new intent"


async def test_a_file_that_cannot_be_placed_leaves_the_registry_as_it_was(
    registries: tuple[Registry, ...],
) -> None:
    registry, _ = registries
    await found(registry, "old")
    path = await add(registry, "new")
    (registry.folder / path.name / "in-the-way").mkdir(parents=True)
    with pytest.raises(Conflict) as refused:
        await promote(registry, "new", Decision(None), ready)
    assert refused.value.code == "file"
    assert await states(registry) == {"old": "live", "new": "candidate"}
    assert path.is_file()


@over_both_databases
@pytest.mark.parametrize("became", ["live", "unknown", "candidate"])
async def test_a_file_stays_where_its_promotion_may_have_been_committed(
    registries: tuple[Registry, ...], became: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, _ = registries
    await found(registry, "old")
    await add(registry, "new")
    database = registry.database
    unanswered = losing_answers(database, commits=became != "candidate")
    with monkeypatch.context() as patched:
        patched.setattr(database, "_write", unanswered)
        if became == "unknown":
            patched.setattr(database, "_write_alone", unanswered)
        with pytest.raises(ConnectionError):
            await promote(registry, "new", Decision(None), ready)
    assert newest(registry) == ("old" if became == "candidate" else "new")
    assert (await states(registry))["new"] == ("candidate" if became == "candidate" else "live")
    if became == "candidate":
        await promote(registry, "new", Decision(None), ready)
        assert newest(registry) == "new"


async def test_a_promotion_that_was_called_off_during_its_commit_keeps_its_file(
    registries: tuple[Registry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, _ = registries
    await found(registry, "old")
    await add(registry, "new")
    began, goes_on = threading.Event(), threading.Event()

    async def slowly(connection: OneTripConnection) -> None:
        def commit() -> None:
            began.set()
            goes_on.wait(PATIENCE_SECONDS)
            connection._conn.commit()

        await connection.in_thread(commit)

    with monkeypatch.context() as patched:
        patched.setattr(OneTripConnection, "commit", slowly)
        promoting = asyncio.create_task(promote(registry, "new", Decision(None), ready))
        await asyncio.to_thread(began.wait)
        promoting.cancel()
        await asyncio.wait([promoting], timeout=0.1)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await promoting
    assert await states(registry) == {"old": "retired", "new": "live"}
    assert newest(registry) == "new"


@over_both_databases
async def test_old_files_are_deleted_and_their_rows_stay(
    registries: tuple[Registry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "KEPT", 1)
    registry, _ = registries
    await found(registry, "a")
    for name in ("b", "c", "d"):
        await add(registry, name)
        await promote(registry, name, Decision(None), ready)
    await add(registry, "e")
    await pruning.prune(registry)
    wanted = {"a": "pruned", "b": "pruned", "c": "retired", "d": "live", "e": "candidate"}
    assert await states(registry) == wanted
    assert {name for name in wanted if registry.file_of(name)} == {"c", "d", "e"}
    assert ("model.prune", "a") in await audited(registry)


@over_both_databases
async def test_a_training_whose_process_died_is_over_after_a_while(
    registries: tuple[Registry, ...],
) -> None:
    registry, other = registries
    at = now()
    async with registry.database.write() as uow:
        await uow.models.add(Model("alive", "training", at, alive_at=at))
    await end_lapsed(other)
    assert await states(registry) == {"alive": "training"}
    async with registry.database.write() as uow:
        late = at - LAPSE - timedelta(seconds=1)
        await uow.models.change("alive", ["training"], alive_at=late)
    half = registry.candidates / ".alive" / "half"
    half.mkdir(parents=True)
    await end_lapsed(other)
    assert await states(registry) == {"alive": "failed"}
    assert not half.exists()


@over_both_databases
async def test_a_training_is_stopped_once(registries: tuple[Registry, ...]) -> None:
    registry, _ = registries
    services: Any = registry
    lena = await add_agent(services, "Lena")
    async with registry.database.write() as uow:
        await uow.models.add(Model("new", "training", now(), alive_at=now()))
    await stop_training(registry, "new", lena)
    assert (await get(registry, "new")).error == "Lena stopped it."
    with pytest.raises(Conflict):
        await stop_training(registry, "new", lena)
    with pytest.raises(NotFound):
        await stop_training(registry, "unknown", lena)
