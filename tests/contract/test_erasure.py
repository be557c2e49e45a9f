"""Everything that is held of one person is given out, and erased without a trace, on every
database."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from bot import intake
from bot.agent_message import add_note, send_as_agent
from bot.auditing import audit
from bot.clock import new_id, now
from bot.erasure import command
from bot.erasure import eraser as erasing
from bot.erasure.eraser import Eraser
from bot.erasure.export import write_export
from bot.erasure.following import finish_left
from bot.erasure.giving_out import find_people
from bot.erasure.keys import ErasureKey
from bot.errors import Conflict, NotFound, SetupError
from bot.handoff import claim
from bot.intake import receive
from bot.jobs import Jobs
from bot.learning import gate
from bot.learning.dataset import apply, planned, read_lessons
from bot.learning.promotion import Decision, promote, roll_back
from bot.learning.pruning import prune
from bot.learning.registry import Registry
from bot.messages import CustomerClaim, InboundMessage
from bot.records import Erasure, File, Label, Model, MustPass
from bot.services import Services
from bot.settings import load_settings
from bot.store.forgetting import delete_conversation_rows
from bot.store.personal import NOBODYS, Person, is_personal
from bot.store.tables import (
    cluster_turns,
    clusters,
    conversations,
    labels,
    metadata,
    models,
    subscriptions,
    suggestions,
    turns,
)
from bot.store.tables import outbox as outbox_table
from bot.turn import take_turns
from desk.customer_data_routes import CustomerDataRoutes
from tests import traces
from tests.conftest import ROOT, over_both_databases
from tests.contract import strangers
from tests.contract.test_joins import carry
from tests.processes import (
    EchoAssistant,
    add_agent,
    message,
    processes,
    read_conversation,
    say,
    to_queue,
    turn_of,
)
from tests.redis_server import RedisServer

# What somebody else says stays.
OTHERS = "nobody else sings so orangely"
EXAMPLES = """version: "3.1"

# Where things are.
nlu:
  - intent: track_order
    examples: |
      - where is it
      - has it been sent
"""


@dataclass(frozen=True, slots=True)
class House:
    """A server's services over a project of its own, with whom to erase and what to erase with;
    `host` is in whose conversation they wrote, while they were taken for one."""

    services: Services
    eraser: Eraser
    folder: Path
    customer_id: str
    host: strangers.Host
    came: tuple[InboundMessage, ...]

    async def person(self) -> Person:
        async with self.services.database.read() as uow:
            person = await uow.personal.person(self.customer_id)
        assert person is not None
        return person

    async def model(self, model_id: str) -> Model:
        async with self.services.database.read() as uow:
            row = await uow.models.get(model_id)
        assert row is not None
        return row


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A customer of many words, who wrote on two channels, was handed off, labelled and learnt
    from, and has a row in every table that can have one; who was taken for a stranger and wrote
    into their conversation, and into whose conversation another stranger wrote."""
    project = tmp_path / "project"
    (project / "data" / "nlu").mkdir(parents=True)
    (project / "data" / "nlu" / "orders.yml").write_text(EXAMPLES)
    (project / "domain.yml").write_text("intents:\n  - track_order\n")
    shutil.copy(ROOT / "handoff.yml", project)
    (project / "models" / "candidates").mkdir(parents=True)
    async with processes(database_url, EchoAssistant()) as (started,):
        services = replace(
            started, rules_file=project / "handoff.yml", erasure_key=ErasureKey("of the test")
        )
        registry = Registry(services.database, services.bus, project / "models")
        eraser = Eraser(registry, services.erasure_key, project, tmp_path)
        yield await _lived_in(services, eraser, tmp_path)


async def _lived_in(services: Services, eraser: Eraser, folder: Path) -> House:
    who = CustomerClaim(traces.REFERENCE, traces.NAME, traces.EMAIL, "verified", "signed in")
    web = message(traces.SAID, traces.VISITOR, channel="web", claim=who)
    received = await receive(services, web)
    line, conversation_id = received.message, received.message.conversation_id
    sms = message("a code", traces.PHONE, channel="twilio")
    await carry(services, sms, traces.VISITOR)
    retold = message(f"again: {traces.SAID}", traces.PHONE, channel="twilio")
    await receive(services, retold)
    await take_turns(services, conversation_id)
    lena = await add_agent(services, "Lena")
    host = await strangers.host_of(services, lena)
    await strangers.take_apart(services, lena)
    second = message("a code", traces.SECOND_PHONE, channel="whatsapp")
    await carry(services, second, traces.VISITOR)
    await strangers.guest_in(services, conversation_id, traces.VISITOR)
    await to_queue(services, conversation_id)
    await claim(services, conversation_id, lena)
    await strangers.take_apart(services, lena)
    await add_note(services, conversation_id, lena, f"{traces.NOTE} @Lena", client_id=None)
    file_id = new_id()
    async with services.database.write() as uow:
        facts = (traces.FILE, "text/plain", 8, f"https://x.test/{traces.FILE}", now())
        file = File(file_id, conversation_id, line.customer_id, lena.id, *facts)
        await uow.files.add(file, f"{traces.FILE} body".encode())
    sent = await send_as_agent(
        services, conversation_id, lena, f"Dear {traces.NAME}", client_id="1", files=[file_id]
    )
    handoff = await _taught(services, eraser, line.customer_id, conversation_id, turn_of(received))
    others = await say(services, OTHERS)
    came = (web, sms, retold, host.came, second)
    house = House(services, eraser, folder, line.customer_id, host, came)
    beside = {
        "clusters": await _cluster(services, turn_of(received), turn_of(others)),
        "subscriptions": await _subscription(services, lena.id),
    }
    await traces.fill_the_rest(
        services,
        await house.person(),
        {
            "customers": line.customer_id,
            "conversations": conversation_id,
            "messages": line.id,
            "outbox": sent.id,
            "turns": turn_of(received),
            "users": lena.id,
            "handoffs": handoff,
            **beside,
        },
    )
    await traces.fill_strays(services, (await house.person()).strays, {**host.ids, **beside})
    await _copied(services, others.message.id, sent.id)
    return house


async def _taught(
    services: Services, eraser: Eraser, customer_id: str, conversation_id: str, turn_id: str
) -> str:
    """A label, what was written into the project of it, a must-pass text and three models; the
    hand-off."""
    async with services.database.write() as uow:
        (handoff,) = await uow.handoffs.all_of(conversation_id)
        lead = (await uow.staff.everybody())[0].id
        facts: tuple[Any, ...] = ("track_order", [], "b", now(), None)
        given = Label(new_id(), turn_id, conversation_id, customer_id, lead, *facts)
        await uow.models.add(Model("before", "retired", now() - timedelta(days=1)))
        await uow.labels.put([given])
        await audit(uow, "label.given", turn_id, by=lead, conversation_id=conversation_id)
        await uow.must_pass.add(MustPass(new_id(), traces.SAID, "track_order", lead, now()))
        for name, state in (("live", "live"), ("older", "retired"), ("newest", "candidate")):
            known = Model(name, state, now(), lessons={"taught": 1}, gate_passed=True)  # type: ignore[arg-type]
            await uow.models.add(replace(known, previous="older", report=_report()))
    lessons = await read_lessons(services)
    change = planned(eraser.project, lessons, everything=True)
    apply(change, eraser.project)
    folder = eraser.registry.folder
    for name in ("live", "candidates/older", "candidates/newest"):
        (folder / f"{name}.tar.gz").write_bytes(b"the vocabulary: flumberous")
    return handoff.id


def _report() -> dict[str, Any]:
    """As a comparison leaves it, with the must-pass text in the list and in the gate's words."""
    examples = [
        {"text": text, "intent": "track_order", "new_right": False}
        for text in (traces.SAID, OTHERS)
    ]
    check = gate.must_pass(examples)
    told = [{"code": check.code, "text": check.text}]
    return {"must_pass": examples, "gate": {"checks": told, "reasons": told}}


async def _cluster(services: Services, their_turn: str, others_turn: str) -> str:
    """One that was dismissed; one that they are in with others. Both are named by what they
    said."""
    made: dict[str, Any] = {
        "run": "r",
        "place": 0,
        "nearest": None,
        "similarity": None,
        "centre": b"c",
    }
    async with services.database.writer.begin() as connection:
        for cluster_id, dismissed in (("one", now()), ("two", None)):
            row = {"id": cluster_id, "name": "zyxxkettle", "keywords": ["zyxxkettle"], **made}
            row |= {"created_at": now(), "dismissed_at": dismissed}
            await connection.execute(clusters.insert().values(row))
        for cluster_id, turn_id in (("one", their_turn), ("two", their_turn), ("two", others_turn)):
            customer = sa.select(turns.c.customer_id).where(turns.c.id == turn_id)
            await connection.execute(
                cluster_turns.insert().values(
                    cluster_id=cluster_id,
                    turn_id=turn_id,
                    customer_id=customer.scalar_subquery(),
                    place=1,
                )
            )
    return "two"


async def _subscription(services: Services, user_id: str) -> str:
    made = {"url": "https://x.test", "events": [], "active": False, "created_by": user_id}
    async with services.database.writer.begin() as connection:
        await connection.execute(
            subscriptions.insert().values(id="sub", created_at=now(), deleted_at=None, **made)
        )
    return "sub"


async def _copied(services: Services, others_message: str, sent_id: str) -> None:
    """What an agent answered them, suggested for somebody else; and a provider's name for it."""
    async with services.database.writer.begin() as connection:
        known = sa.text("SELECT conversation_id, customer_id FROM messages WHERE id = :one")
        row = (await connection.execute(known, {"one": others_message})).one()
        made = {"place": 0, "source": "answer", "title": "x", "text": traces.MARK}
        await connection.execute(
            suggestions.insert().values(
                id=new_id(), message_id=others_message, offered_at=now(), **row._mapping, **made
            )
        )
        await connection.execute(
            outbox_table.update()
            .where(outbox_table.c.message_id == sent_id)
            .values(provider_id=f"{traces.MARK}1")
        )


def test_every_table_is_known_to_the_export() -> None:
    """A new table either names whom it is about, or stands among those that are about nobody, with
    the reason."""
    personal = {name for name, table in metadata.tables.items() if is_personal(table)}
    assert personal | NOBODYS.keys() == set(metadata.tables)
    assert personal & NOBODYS.keys() == set()


@over_both_databases
async def test_everything_is_given_out(house: House, tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    counts = await write_export(house.services.database, house.customer_id, path)
    assert {name for name, rows in counts.items() if not rows} == set()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("export.json"))
        assert (manifest["format"], manifest["version"]) == ("warmline-customer-export", 1)
        for one in manifest["data"]:
            assert len(json.loads(archive.read(one["file"]))) == one["rows"]
        page = archive.read("index.html").decode()
        files = [name for name in archive.namelist() if name.startswith("files/")]
        assert f"{traces.FILE} body".encode() in [archive.read(name) for name in files]
        data = "".join(archive.read(one["file"]).decode() for one in manifest["data"])
    known = (traces.NAME, traces.EMAIL, traces.PHONE, traces.SECOND_PHONE)
    said = (traces.SAID, traces.STRAY, "Dear zyxxcaller", traces.NOTE, traces.MARK)
    for words in (*known, *said):
        assert words in page, words
        assert words in data, words
    assert "<script" not in page
    for words in (OTHERS, strangers.HOSTS, strangers.HOST, strangers.GUESTS, strangers.GUEST):
        assert words not in page + data, words
    with pytest.raises(NotFound):
        await write_export(house.services.database, "nobody", tmp_path / "none.zip")


@over_both_databases
async def test_whoever_was_taken_for_them_gets_nothing_of_theirs(
    house: House, tmp_path: Path
) -> None:
    guest_id = await strangers.guest_id(house.services)
    for customer_id, own in (
        (house.host.customer_id, strangers.HOSTS),
        (guest_id, strangers.GUESTS),
    ):
        path = tmp_path / f"{customer_id}.zip"
        await write_export(house.services.database, customer_id, path)
        with zipfile.ZipFile(path) as archive:
            everything = "".join(archive.read(name).decode() for name in archive.namelist())
        assert f"You said: {own}" in everything
        assert [word for word in (*traces.WORDS, traces.MARK) if word in everything] == []


@over_both_databases
async def test_a_person_is_found_by_whatever_they_are_known_by(house: House) -> None:
    person = await house.person()
    known = (traces.REFERENCE, traces.EMAIL.upper(), f"twilio:{traces.PHONE}", house.customer_id)
    for who in (*known, *person.customer_ids):
        (found,) = await find_people(house.services.database, f" {who} ")
        assert {one.id for one in found.customers} == set(person.customer_ids)
        assert found.main.name == traces.NAME
    for who in ("", "nobody", "twilio:", traces.PHONE):
        assert await find_people(house.services.database, who) == []


@over_both_databases
async def test_nothing_of_what_was_erased_is_found_anywhere(house: House) -> None:
    services, project = house.services, house.eraser.project
    assert await traces.found_in_database(services, ["flumberous", traces.MARK])
    assert "data/nlu/provenance.jsonl" in "".join(traces.found_in_files(project, ["flumberous"]))
    (house.folder / "conflicts.json").write_text(traces.SAID)
    receipt = await house.eraser.erase(house.customer_id, by=None)
    assert receipt.state == "done"
    words = [*traces.WORDS, house.customer_id]
    assert await traces.found_in_database(services, words) == []
    live = project / "models" / "live.tar.gz"
    assert live.exists()
    live.unlink()  # answers until another is promoted
    assert traces.found_in_files(house.folder, traces.WORDS) == []
    assert await traces.found_in_database(services, [OTHERS]) != []
    _, lines = await read_conversation(services, house.host.ids["conversations"])
    said = [line.text for line in lines if line.author != "system"]
    assert said == [strangers.HOSTS, f"You said: {strangers.HOSTS}"]
    # What was said to two as one is gone with the conversation; who else wrote it is still known.
    assert await traces.found_in_database(services, ["purply"]) == []
    assert await find_people(services.database, f"twilio:{strangers.GUEST}") != []
    report = (await house.model("live")).report or {}
    assert [one["text"] for one in report["must_pass"]] == [OTHERS]
    assert OTHERS in report["gate"]["reasons"][0]["text"]
    assert (project / "data" / "nlu" / "orders.yml").read_text() == EXAMPLES
    for came in house.came:
        assert (await receive(services, came)).duplicate
    assert await traces.found_in_database(services, words) == []
    assert await find_people(services.database, traces.EMAIL) == []


@over_both_databases
async def test_the_receipt_proves_it_and_says_of_nobody(house: House) -> None:
    receipt = await house.eraser.erase(house.customer_id, by=None)
    assert receipt.counts["messages"] >= 4
    assert receipt.counts["examples"] == 1
    assert receipt.customer_ids == []
    key = house.eraser.key
    async with house.services.database.read() as uow:
        for who in (traces.EMAIL, traces.REFERENCE, f"twilio:{traces.PHONE}", house.customer_id):
            found = await uow.erasures.page(before=None, limit=9, who=key.who(who))
            assert [one.id for one in found] == [receipt.id], who
        assert await uow.erasures.page(before=None, limit=9, who=key.who("somebody")) == []
        lines = await uow.audit_log.page(before=None, limit=9)
    assert {"erasure.begun", "customer.erased", "erasure.done"} <= {one.action for one in lines}


@over_both_databases
async def test_models_that_learnt_from_it_become_live_no_more(house: House) -> None:
    receipt = await house.eraser.erase(house.customer_id, by=None)
    assert sorted(receipt.models) == ["live", "newest", "older"]
    states = {name: (await house.model(name)).state for name in (*receipt.models, "before")}
    assert states == {"live": "live", "newest": "pruned", "older": "pruned", "before": "retired"}
    registry = house.eraser.registry

    async def ready(path: Path) -> None:
        pass

    with pytest.raises(Conflict) as refused:
        await promote(registry, "newest", Decision(None, "anyway"), ready)
    assert refused.value.code == "recalled"
    with pytest.raises(Conflict) as refused:
        await roll_back(registry, Decision(None), ready)
    assert refused.value.code == "recalled"
    # Another one is live: the file that had learnt from it goes as well.
    async with house.services.database.writer.begin() as connection:
        await connection.execute(
            models.update().where(models.c.id == "live").values(state="retired")
        )
    await prune(registry)
    assert (await house.model("live")).state == "pruned"
    assert list(registry.folder.rglob("*.tar.gz")) == []


@over_both_databases
@pytest.mark.parametrize("gone", ["taken back", "too old", "by an earlier version"])
async def test_models_are_recalled_also_where_the_label_is_gone(house: House, gone: str) -> None:
    services, (web, *_), person = house.services, house.came, await house.person()
    async with services.database.writer.begin() as connection:
        # What others are in with them is called by words that several of them say.
        shared = clusters.update().where(clusters.c.id == "two")
        await connection.execute(shared.values(name="x", keywords=["x"]))
    if gone == "taken back":
        back = replace(message("", web.address, channel="web"), kind="deletion")
        await receive(services, replace(back, about=web.external_id))
    async with services.database.writer.begin() as connection:
        if gone == "too old":
            ids = (await connection.execute(sa.select(conversations.c.id))).scalars()
            await delete_conversation_rows(connection, list(ids))
        elif gone == "by an earlier version":
            await connection.execute(labels.delete())
        theirs = labels.c.customer_id.in_(person.customer_ids)
        assert (await connection.execute(labels.select().where(theirs))).all() == []
    receipt = await house.eraser.erase(house.customer_id, by=None)
    assert sorted(receipt.models) == ["live", "newest", "older"]
    if gone == "too old":
        return  # nobody knows any more which examples were theirs
    assert receipt.counts["must_pass"] == 1
    (house.eraser.project / "models" / "live.tar.gz").unlink()
    assert await traces.found_in_database(services, traces.WORDS) == []
    assert traces.found_in_files(house.folder, traces.WORDS) == []


@over_both_databases
@pytest.mark.parametrize("step", ["take_out", "prune", "scrub"])
async def test_one_that_was_killed_half_way_is_finished(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, step, killed)
        with pytest.raises(KeyboardInterrupt):
            await house.eraser.erase(house.customer_id, by=None)
    assert await finish_left(house.eraser, older=timedelta(hours=1)) == 0
    assert await finish_left(house.eraser, older=timedelta(0)) == 1
    assert await finish_left(house.eraser, older=timedelta(0)) == 0
    (done,) = await _receipts(house.services)
    assert (done.state, done.counts["examples"], len(done.models)) == ("done", 1, 3)
    (house.eraser.project / "models" / "live.tar.gz").unlink()
    assert await traces.found_in_database(house.services, traces.WORDS) == []
    assert traces.found_in_files(house.folder, traces.WORDS) == []


async def _receipts(services: Services) -> list[Erasure]:
    async with services.database.read() as uow:
        return await uow.erasures.page(before=None, limit=9, who=None)


@over_both_databases
async def test_a_file_that_is_being_edited_holds_up_nothing_but_the_end(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    orders = house.eraser.project / "data" / "nlu" / "orders.yml"
    written = orders.read_text()
    orders.write_text(f"{written}  - intent: [half\n")
    routes = CustomerDataRoutes(house.eraser, Jobs())
    request = SimpleNamespace(match_info={"id": house.customer_id})
    call: Any = SimpleNamespace(request=request, staff=SimpleNamespace(id=None))
    with pytest.raises(Conflict, match=r"orders\.yml, line \d+: not valid YAML") as told:
        await routes.erase(call)
    assert told.value.code == "broken_project"
    (begun,) = await _receipts(house.services)
    assert (begun.state, begun.counts["examples"], begun.customer_ids) == ("deleted", 1, [])
    assert await traces.found_in_database(house.services, traces.WORDS) == []
    assert await finish_left(house.eraser, older=timedelta(0)) == 0
    assert f"erasure_waits erasure_id={begun.id} where={orders}, line" in caplog.text
    assert orders.read_text() == f"{written}  - intent: [half\n"
    orders.write_text(written)
    assert await finish_left(house.eraser, older=timedelta(0)) == 1
    (done,) = await _receipts(house.services)
    assert (done.state, done.counts["examples"]) == ("done", 1)
    assert orders.read_text() == EXAMPLES
    (house.eraser.project / "models" / "live.tar.gz").unlink()
    assert traces.found_in_files(house.folder, traces.WORDS) == []
    assert traces.found_in_files(house.eraser.project, [done.id]) == []


async def test_a_broken_file_without_their_words_holds_up_nothing(house: House) -> None:
    (house.eraser.project / "data" / "nlu" / "half.yml").write_text("nlu: [half\n  - x")
    (house.eraser.project / "domain.yml").write_bytes(b"intents: [\xe9")
    assert (await house.eraser.erase(house.customer_id, by=None)).state == "done"


async def test_a_broken_file_of_provenance_stops_it_before_anything_is_gone(house: House) -> None:
    """Without the rows nobody would know which examples were theirs."""
    provenance = house.eraser.project / "data" / "nlu" / "provenance.jsonl"
    written = provenance.read_text()
    provenance.write_text(f"<<<<<<< HEAD\n{written}")
    with pytest.raises(SetupError, match=r"provenance\.jsonl, line 1"):
        await house.eraser.erase(house.customer_id, by=None)
    assert (await house.person()).conversation_ids
    provenance.write_text(written)
    assert await finish_left(house.eraser, older=timedelta(0)) == 1


@over_both_databases
async def test_what_arrives_during_an_erasure_brings_nothing_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, (web, sms, *_) = house.services, house.came
    looked_up = intake._who_writes

    async def erased_after(*arguments: Any) -> Any:
        sender = await looked_up(*arguments)
        await house.eraser.erase(house.customer_id, by=None)
        return sender

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_who_writes", erased_after)
        assert (await receive(services, web)).duplicate
    taken_back = replace(
        message("", web.address, channel="web"), kind="deletion", about=web.external_id
    )
    for late in (sms, taken_back):
        await receive(services, late)
    assert await traces.found_in_database(services, [traces.SAID, traces.NAME]) == []
    await receive(services, message("hello again", traces.PHONE, channel="twilio"))
    (anew,) = await find_people(services.database, f"twilio:{traces.PHONE}")
    assert anew.id != house.customer_id
    assert (await receive(services, sms)).duplicate  # also of an address that is known again


async def test_the_commands_find_give_out_and_erase_and_leave_no_word(
    house: House, redis: RedisServer, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Beside a server: over its Redis, with its key, and with the mails of the demo's shop."""
    caplog.set_level("DEBUG", logger="bot")
    database = house.services.database
    settings = replace(
        load_settings({"data_dir": str(tmp_path)}, demo=True, project=house.eraser.project),
        secret_key=house.eraser.key.secret,
        redis_url=redis.url,
    )
    mailed = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    mailed.execute("CREATE TABLE mails (customer, to_address, body)")
    mails = ((traces.REFERENCE, "x"), (None, traces.EMAIL), (None, "other@customer.test"))
    mailed.executemany("INSERT INTO mails VALUES (?, ?, 'flumberous')", mails)
    async with database.write() as uow:
        await uow.erasures.serve_under(house.eraser.key.itself())
    await command.export(settings, traces.EMAIL, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert traces.SAID in archive.read("index.html").decode()
    (tmp_path / "out.zip").unlink()
    with pytest.raises(SetupError) as refused:
        await command.erase(replace(settings, secret_key="stale"), traces.EMAIL, sure=True)
    assert refused.value.where == "WARMLINE_SECRET_KEY"
    with pytest.raises(SetupError):
        await command.erase(settings, "nobody@customer.test", sure=True)
    assert len(await find_people(database, traces.EMAIL)) == 1
    await command.erase(settings, f"twilio:{traces.PHONE}", sure=True)
    assert await traces.found_in_database(house.services, traces.WORDS) == []
    assert mailed.execute("SELECT to_address FROM mails").fetchall() == [("other@customer.test",)]
    mailed.close()
    with redis.client() as client:
        held = " ".join(str(key) for key in client.keys("*"))
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "customer_erased" in logged
    for words in (traces.NAME, traces.EMAIL, traces.PHONE, traces.SAID, traces.NOTE):
        assert words not in f"{held} {logged}"
