"""Back-ups made while messages come in, and put back where nothing was, over both databases."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import SetupError
from bot.operations.backup import sqlite_copy
from bot.operations.backup.archive import unpack
from bot.operations.backup.making import back_up
from bot.operations.backup.manifest import NAME
from bot.operations.backup.restoring import restore
from bot.services import Services
from bot.settings import Settings, load_settings
from bot.store.database import Database
from bot.store.schema import newest_revision, revision_of
from bot.store.tables import audit_log
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.contract.test_migrations import migrate
from tests.postgresql import PostgresqlServer
from tests.processes import EchoAssistant, processes, read_conversation, say

SECRET = "a key of the provider's"


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Settings:
    """A small project with a model, served from its database."""
    root = tmp_path / "site"
    (root / "models").mkdir(parents=True)
    (root / "models" / "first.tar.gz").write_bytes(b"a model")
    os.utime(root / "models" / "first.tar.gz", (1_000_000, 1_000_000))
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "data" / "nlu" / "orders.yml").write_text("nlu: []")
    (root / "handoff.yml").write_text("queues: {}")
    (root / "credentials.yml").write_text(SECRET)
    (root / "endpoints.yml").write_text(SECRET)
    return settings_of(root, database_url)


def settings_of(root: Path, database_url: str) -> Settings:
    return load_settings({"database_url": database_url}, demo=True, project=root, environment={})


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Of the same kind, with nothing in it."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.new_database() as url:
        yield url


@pytest.fixture
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own, of the server's version, where they are looked for."""
    if "postgresql" in request.node.name:
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        monkeypatch.setenv("PATH", f"{server.programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def target(tmp_path: Path, empty_url: str) -> Settings:
    """Where nothing is yet."""
    root = tmp_path / "target"
    root.mkdir()
    return settings_of(root, empty_url)


def has_file(settings: Settings) -> bool:
    return Path(settings.database_url.removeprefix("sqlite:///")).exists()


async def answered(services: Services, conversation_id: str) -> list[str]:
    await take_turns(services, conversation_id)
    _, lines = await read_conversation(services, conversation_id)
    return [line.text for line in lines if line.author == "bot"]


async def actions(services: Services) -> list[str]:
    async with services.database.reader.connect() as connection:
        rows = await connection.execute(sa.select(audit_log.c.action).order_by(audit_log.c.id))
        return [row.action for row in rows if row.action.startswith("backup.")]


@over_both_databases
@pytest.mark.usefixtures("_programs")
async def test_made_while_serving_and_restored_into_nothing(
    site: Settings, target: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar.gz"
    before: list[str] = []
    enough = asyncio.Event()

    async with processes(site.database_url, EchoAssistant()) as (services,):
        done = await say(services, "the first")
        await take_turns(services, done.message.conversation_id)

        async def write() -> None:
            while True:
                said = await say(services, "and another")
                before.append(said.message.conversation_id)
                if len(before) == 5:
                    enough.set()

        writing = asyncio.create_task(write())
        await enough.wait()
        committed = set(before)
        manifest = await back_up(site, archive)
        during = len(before)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    assert archive.stat().st_mode & 0o777 == 0o600
    assert during > 5, "nothing was written while the back-up was made"
    assert not [name for name in os.listdir(tmp_path) if "warmline-backup" in name]

    assert await restore(target, archive, replace=False) == manifest
    async with processes(target.database_url, EchoAssistant()) as (services,):
        first = done.message.conversation_id
        assert "You said: the first" in await answered(services, first)
        for conversation_id in committed:
            assert "You said: and another" in await answered(services, conversation_id)
        more = await say(services, "after the restore")
        said = await answered(services, more.message.conversation_id)
        assert said[-1] == "You said: after the restore"
        assert await actions(services) == ["backup.made", "backup.restored"]
    model = target.models / "first.tar.gz"
    assert (model.read_bytes(), model.stat().st_mtime) == (b"a model", 1_000_000)
    assert (target.project / "data" / "nlu" / "orders.yml").read_text() == "nlu: []"
    assert (target.project / "handoff.yml").read_text() == "queues: {}"
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert names[0] == NAME
    assert not [name for name in names if "credentials" in name or "endpoints" in name]
    assert not [name for name in names if "secret" in name]


@over_both_databases
@pytest.mark.usefixtures("_programs")
async def test_what_is_there_is_replaced_only_when_told(site: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    async with processes(site.database_url, EchoAssistant()) as (services,):
        await say(services, "kept")
    await back_up(site, archive)
    async with processes(site.database_url, EchoAssistant()) as (services,):
        later = await say(services, "written later")
    with pytest.raises(SetupError, match="there is data in it already"):
        await restore(site, archive, replace=False)
    (site.models / "newer.tar.gz").write_bytes(b"another model")
    (site.project / "handoff.yml").write_text("changed: 1")
    with pytest.raises(SetupError):
        await back_up(site, archive)  # nor is a back-up written over

    await restore(site, archive, replace=True)
    async with processes(site.database_url, EchoAssistant()) as (services,):
        _, lines = await read_conversation(services, later.message.conversation_id)
    assert [line.text for line in lines] == ["kept"]
    assert [path.name for path in site.models.glob("*.tar.gz")] == ["first.tar.gz"]
    assert (site.models / "newer.tar.gz.replaced").read_bytes() == b"another model"
    assert (site.project / "handoff.yml").read_text() == "queues: {}"


async def test_other_files_are_named(site: Settings, target: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    await back_up(site, archive)
    (target.project / "handoff.yml").write_text("another")
    with pytest.raises(SetupError, match=r"project/handoff\.yml"):
        await restore(target, archive, replace=False)
    assert not has_file(target)
    (target.project / "handoff.yml").write_text("queues: {}")  # the same as the back-up's
    await restore(target, archive, replace=False)


async def test_an_older_schema_is_kept_and_brought_up(
    site: Settings, target: Settings, tmp_path: Path
) -> None:
    """A back-up before an upgrade is made by whichever version is at hand."""
    archive = tmp_path / "backup.tar.gz"
    earlier = replace(site, database_url=f"sqlite:///{tmp_path / 'earlier.db'}")
    older = Database(earlier.database_url)
    await migrate(older, "0023")
    await older.aclose()
    manifest = await back_up(earlier, archive)
    assert manifest.schema == "0023"
    await restore(target, archive, replace=False)
    database = Database(target.database_url)
    assert await revision_of(database) == newest_revision()
    await database.aclose()


@contextmanager
def changed(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Iterator[Path]:
    """The same archive with other content."""
    with tarfile.open(archive) as opened:
        files = {one.name: opened.extractfile(one) for one in opened if one.isreg()}
        content = {name: file.read() for name, file in files.items() if file}
    change(content)
    other = archive.with_name("changed.tar.gz")
    with tarfile.open(other, "w:gz") as written:
        for name, body in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            written.addfile(member, io.BytesIO(body))
    yield other
    other.unlink()


async def test_a_damaged_or_foreign_archive_changes_nothing(
    site: Settings, target: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar.gz"
    await back_up(site, archive)

    def damage(files: dict[str, bytes]) -> None:
        files["models/first.tar.gz"] = b"a nodel"

    def lose(files: dict[str, bytes]) -> None:
        del files["database.sqlite"]

    def bare(files: dict[str, bytes]) -> None:
        del files[NAME]

    def manifest(**changes: Any) -> Callable[[dict[str, bytes]], None]:
        def change(files: dict[str, bytes]) -> None:
            files[NAME] = json.dumps({**json.loads(files[NAME]), **changes}).encode()

        return change

    def escape(files: dict[str, bytes]) -> None:
        told = json.loads(files[NAME])
        told["files"]["../outside"] = next(iter(told["files"].values()))
        files[NAME] = json.dumps(told).encode()
        files["../outside"] = b"x"

    for change, said in (
        (damage, "'models/first.tar.gz' is damaged"),
        (lose, "'database.sqlite' is damaged"),
        (bare, "it has no manifest"),
        (manifest(format=2), "no known kind"),
        (manifest(more=1), "cannot be read"),
        (manifest(schema="9999"), "a newer Warmline"),
        (manifest(engine="postgresql"), "the back-up is of postgresql"),
        (escape, "no known kind"),
    ):
        with changed(archive, change) as other, pytest.raises(SetupError, match=said):
            await restore(target, other, replace=True)
    half = tmp_path / "half.tar.gz"
    half.write_bytes(archive.read_bytes()[:200])
    for path in (half, tmp_path / "nowhere"):
        with pytest.raises(SetupError, match="cannot be read"):
            await restore(target, path, replace=True)
    assert sorted(path.name for path in target.project.iterdir()) == ["var"]
    assert not (tmp_path / "outside").exists()
    assert not has_file(target)


async def test_a_served_database_is_not_replaced(site: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    await back_up(site, archive)
    served = Database(site.database_url)
    with served.served_alone(), pytest.raises(SetupError, match="serves this database"):
        await restore(site, archive, replace=True)
    await served.aclose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("_programs")
async def test_a_connected_database_is_not_replaced(site: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "postgresql.tar.gz"
    await back_up(site, archive)
    async with processes(site.database_url, EchoAssistant()) as (services,):
        await say(services, "hello")
        with pytest.raises(SetupError, match="a Warmline is connected"):
            await restore(site, archive, replace=True)


async def test_nothing_is_backed_up_where_nothing_is(target: Settings, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no data in it"):
        await back_up(target, tmp_path / "backup.tar.gz")
    with pytest.raises(SetupError, match="no folder"):
        await back_up(target, tmp_path / "nowhere" / "backup.tar.gz")
    assert not has_file(target)


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    file, copied = tmp_path / "it.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("CREATE TABLE words (word TEXT)")
        opened.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 100)
    content = bytearray(file.read_bytes())
    content[8192:12288] = bytes(4096)
    file.write_bytes(content)
    with pytest.raises(SetupError, match="the database is damaged"):
        sqlite_copy.copy(file, copied)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_programs_are_looked_for_and_told_no_password_to_be_seen(
    site: Settings, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    archive = tmp_path / "backup.tar.gz"
    with pytest.raises(SetupError, match="there is no `pg_dump`"):
        await back_up(site, archive)
    told = tmp_path / "told"
    program = programs / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "$PGPASSWORD" >> {told}\nexit 1\n')
    program.chmod(0o755)
    url = database_url.replace("postgres@", "postgres:geheim@")
    with pytest.raises(SetupError, match="`pg_dump` failed") as failed:
        await back_up(replace(site, database_url=url), archive)
    arguments, password = told.read_text().splitlines()
    assert "geheim" not in arguments
    assert password == "geheim"
    assert "geheim" not in str(failed.value)
    assert not archive.exists()


def test_only_files_are_unpacked(tmp_path: Path) -> None:
    """A link in an archive could lead anywhere."""
    archive = tmp_path / "links.tar.gz"
    about = {
        "id": "1",
        "format": 1,
        "warmline": "1",
        "schema": "0001",
        "made_at": "",
        "engine": "sqlite",
        "database": "database.sqlite",
        "files": {"database.sqlite": "0" * 64},
    }
    content = json.dumps(about).encode()
    with tarfile.open(archive, "w:gz") as written:
        first = tarfile.TarInfo(NAME)
        first.size = len(content)
        written.addfile(first, io.BytesIO(content))
        link = tarfile.TarInfo("database.sqlite")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        written.addfile(link)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with pytest.raises(SetupError, match="is damaged"):
        unpack(archive, folder)
    assert list(folder.iterdir()) == []
