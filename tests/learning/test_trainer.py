"""Training in a child process: what stops it, and what remains then."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import Conflict
from bot.learning.candidate import RESULT, Order
from bot.learning.registry import SUFFIX, Registry
from bot.learning.trainer import Trainer, stop_training
from bot.learning.training_child import Progress, follow, started
from bot.records import Model, User
from bot.services import Services
from tests.bot.test_live_model import SMALL_CONFIG, SMALL_DATA, SMALL_DOMAIN
from tests.client import eventually
from tests.contract.test_labels import label as label_of
from tests.contract.test_labels import logged_turn
from tests.processes import EchoAssistant, add_agent, losing_answers, processes


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    async with processes(database_url, EchoAssistant()) as (started,):
        yield started


@pytest.fixture
async def trainer(services: Services, tmp_path: Path) -> AsyncIterator[Trainer]:
    """Over a project of almost nothing."""
    root = tmp_path / "project"
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "config.yml").write_text(SMALL_CONFIG)
    (root / "domain.yml").write_text(SMALL_DOMAIN)
    (root / "endpoints.yml").write_text("{}")
    (root / "handoff.yml").write_text("{}")
    (root / "data" / "nlu" / "all.yml").write_text(SMALL_DATA)
    registry = Registry(services.database, services.bus, root / "models")
    made = Trainer(services, registry, root)
    yield made
    await made.aclose()


async def label(services: Services) -> User:
    """A lead, who has labelled a message that teaches."""
    lena = await add_agent(services, "Lena")
    turn = await logged_turn(services)
    async with services.database.write() as uow:
        await uow.labels.put([label_of(turn, lena.id, "greet")])
    return lena


async def row_of(trainer: Trainer, model: Model) -> Model:
    async with trainer.registry.database.read() as uow:
        row = await uow.models.get(model.id)
    assert row is not None
    return row


async def under_way(trainer: Trainer, begun: Model) -> None:
    async def started() -> bool | None:
        return (await row_of(trainer, begun)).step != "Starting" or None

    await eventually(started)


def left_behind(trainer: Trainer) -> list[str]:
    return [path.name for path in trainer.registry.folder.glob("**/*") if path.is_file()]


async def test_without_labels_nothing_is_trained(trainer: Trainer) -> None:
    with pytest.raises(Conflict) as refused:
        await trainer.start(None)
    assert refused.value.code == "no_labels"


async def test_broken_data_is_named_and_leaves_nothing_behind(trainer: Trainer) -> None:
    await label(trainer.services)
    (trainer.root / "domain.yml").write_text("intens: [greet]\n")
    begun = await trainer.start(None)
    await trainer.wait()
    row = await row_of(trainer, begun)
    assert row.state == "failed"
    assert "key 'intens'" in (row.error or "")
    assert (row.step, row.share, row.alive_at) == (None, None, None)
    assert str(trainer.root) not in (row.error or "")
    assert left_behind(trainer) == []


async def test_one_at_a_time_and_whoever_stops_it_ends_the_process(trainer: Trainer) -> None:
    lena = await label(trainer.services)
    begun = await trainer.start(lena.id)
    with pytest.raises(Conflict) as refused:
        await trainer.start(lena.id)
    assert (refused.value.code, refused.value.detail) == ("training", {"model_id": begun.id})

    await under_way(trainer, begun)
    await stop_training(trainer.registry, begun.id, lena)
    await trainer.wait()
    assert (await row_of(trainer, begun)).error == "Lena stopped it."
    assert left_behind(trainer) == []


async def test_a_server_that_is_stopped_says_so(trainer: Trainer) -> None:
    await label(trainer.services)
    begun = await trainer.start(None)
    await under_way(trainer, begun)
    await trainer.aclose()
    assert "server was stopped" in ((await row_of(trainer, begun)).error or "")
    assert left_behind(trainer) == []


@pytest.mark.parametrize("commits", [True, False])
async def test_a_candidate_whose_registering_was_not_answered_keeps_its_file_if_it_is_one(
    trainer: Trainer, commits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await label(trainer.services)
    database = trainer.registry.database

    async def made(trainer: Trainer, order: Order) -> None:
        order.file.write_bytes(b"a model")
        found = {"report": {"gate": {"passed": True}}, "size": 7}
        (order.work / RESULT).write_text(json.dumps(found))
        monkeypatch.setattr(database, "_write", losing_answers(database, commits=commits))

    async def failed(trainer: Trainer, model_id: str, error: str) -> None:
        """It could write nothing either."""

    monkeypatch.setattr(Trainer, "_in_child", made)
    monkeypatch.setattr(Trainer, "_fail", failed)
    begun = await trainer.start(None)
    await trainer.wait()
    assert (await row_of(trainer, begun)).state == ("candidate" if commits else "training")
    assert left_behind(trainer) == [f"{begun.id}{SUFFIX}"] * commits


async def test_a_beat_that_fails_does_not_end_the_training(
    trainer: Trainer, caplog: pytest.LogCaptureFixture
) -> None:
    lena = await label(trainer.services)
    begun = await trainer.start(lena.id)
    await under_way(trainer, begun)
    with caplog.at_level(logging.WARNING, logger="bot.learning.trainer"):
        await rename(trainer, "models", "away")
        await eventually(lambda: missed(caplog))
        await rename(trainer, "away", "models")
    assert (await row_of(trainer, begun)).state == "training"
    await stop_training(trainer.registry, begun.id, lena)
    await trainer.wait()
    assert (await row_of(trainer, begun)).error == "Lena stopped it."


async def rename(trainer: Trainer, table: str, to: str) -> None:
    async with trainer.registry.database.writer.begin() as connection:
        await connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {to}"))


async def missed(caplog: pytest.LogCaptureFixture) -> bool | None:
    return any(one.message.startswith("training_beat_failed") for one in caplog.records) or None


def test_a_process_that_dies_over_its_order_is_known_by_its_return_code(tmp_path: Path) -> None:
    child = started("no_such_program", tmp_path)
    follow(child, b"x" * 1_000_000, Progress())  # more than a pipe holds
    assert child.returncode == 1
