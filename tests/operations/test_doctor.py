"""`warmline doctor` over installations that are broken in one place each."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from rich.console import Console

from bot import demo
from bot.accounts import add_user
from bot.assistant.model import CARD
from bot.operations import doctor
from bot.operations.checks import (
    CHECKS,
    channels,
    clock,
    data_folder,
    database,
    disk,
    model,
    people,
    port,
    public_url,
    redis,
    rules,
    secret_key,
    time_zones,
)
from bot.operations.finding import Finding, ok, problem, warning
from bot.operations.site import Site, read_site
from bot.settings import load_settings
from bot.store.database import Database
from tests.conftest import ROOT, over_both_databases
from tests.connectors.simulated import serving
from tests.redis_server import RedisServer

KEY = "q8Vb2sWc5Yt1mXoZr7KdLp3NfHjUe6Ga9i0RwTQxEyBvCkMl"
PASSWORD = "a password of her own"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's files, to be broken, without a model."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "handoff.yml"):
        shutil.copy(ROOT / name, root / name)
    for folder in ("data", "actions"):
        (root / folder).symlink_to(ROOT / folder)
    return root


@pytest.fixture
def site(project: Path, database_url: str) -> Site:
    options = {"database_url": database_url, "secret_key": KEY}
    settings = load_settings(options, demo=False, project=project, environment={})
    return Site(settings, has_own_key=True, offline=False)


def levels(found: list[Finding]) -> list[str]:
    return [finding.level for finding in found]


def bad(found: list[Finding]) -> list[str]:
    return [finding.says for finding in found if finding.level != "ok"]


# --- settings ---------------------------------------------------------------------------------


def test_every_broken_setting_is_told_and_the_rest_is_read(project: Path) -> None:
    variables = {"WARMLINE_PORT": "http", "WARMLINE_PUBLIC_URL": "shop", "WARMLINE_HOST": "::1"}
    site, wrong = read_site({}, variables, project, offline=True)
    told = " ".join(finding.says for finding in wrong)
    for name in ("WARMLINE_PORT", "WARMLINE_PUBLIC_URL", "WARMLINE_SECRET_KEY"):
        assert name in told
    assert levels(wrong) == ["problem"] * 3
    assert site is not None
    assert (site.settings.host, site.settings.port) == ("::1", 8080)
    assert not site.has_own_key


def test_without_a_data_folder_there_is_nothing_to_read(project: Path) -> None:
    (project / "var").write_text("a file is in its place")
    site, wrong = read_site({"secret_key": KEY}, {}, project, offline=True)
    assert site is None
    assert "data folder" in wrong[-1].says


# --- one check each ---------------------------------------------------------------------------


async def test_a_key_that_could_be_guessed(site: Site) -> None:
    assert levels(await secret_key.look(site)) == ["ok"]
    weak = replace(site, settings=replace(site.settings, secret_key="abcabcabc" * 5))
    assert levels(await secret_key.look(weak)) == ["problem"]
    assert "abcabc" not in str(await secret_key.look(weak))


async def test_the_data_folder_is_for_one_user(site: Site) -> None:
    folder = site.settings.data_dir
    folder.chmod(0o750)
    assert bad(await data_folder.look(site)) == []
    folder.chmod(0o755)
    (folder / "secret.key").write_text(KEY)
    (folder / "secret.key").chmod(0o644)
    found = await data_folder.look(site)
    assert levels(found) == ["warning", "problem"]
    assert KEY not in str(found)


async def test_a_disk_that_fills(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(site.settings.data_dir)
    for free, level in ((10, "problem"), (1_000, "warning"), (100_000, "ok")):
        left = usage._replace(free=free * disk.MIB)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, left=left: left)
        assert set(levels(await disk.look(site))) == {level}


@over_both_databases
async def test_a_database_of_each_age(site: Site, database_url: str) -> None:
    assert bad(await database.look(site)) == []
    there = Database(database_url)
    for version, told in (("0001", "this Warmline's is"), ("9999", "newer than this")):
        async with there.writer.begin() as connection:
            await connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version}
            )
        (says,) = bad(await database.look(site))
        assert told in says
        assert await people.look(site) == []
    async with there.writer.begin() as connection:
        await connection.execute(sa.text("DROP TABLE alembic_version"))
    (says,) = bad(await database.look(site))
    assert "empty" in says
    await there.aclose()


async def test_a_database_that_is_not_there(site: Site, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "warmline.db"
    gone = replace(site, settings=replace(site.settings, database_url=f"sqlite:///{missing}"))
    assert levels(await database.look(gone)) == ["warning"]
    assert not missing.parent.exists()
    away = "postgresql://ada:geheim@127.0.0.1:1/warmline"
    found = await database.look(replace(site, settings=replace(site.settings, database_url=away)))
    assert levels(found) == ["problem"]
    assert "geheim" not in str(found)
    wrong = replace(site, settings=replace(site.settings, database_url="oracle://x"))
    assert levels(await database.look(wrong)) == ["problem"]
    assert await people.look(wrong) == []


async def test_who_can_sign_in(site: Site, database_url: str) -> None:
    assert bad(await people.look(site)) == ["Nobody who leads can sign in."]
    there = Database(database_url)
    await add_user(there, email="l@shop.test", name="L", role="lead", password=PASSWORD)
    assert bad(await people.look(site)) == []
    await demo.add_staff(there, "a hash")
    (says,) = bad(await people.look(site))
    assert "everybody knows" in says
    await demo.remove_staff(there)
    assert bad(await people.look(site)) == []
    await there.aclose()


async def test_redis_that_forgets(site: Site, redis: RedisServer) -> None:
    assert bad(await redis_found(site, redis.url)) == []
    with redis.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        (says,) = bad(await redis_found(site, redis.url))
    finally:
        with redis.client() as client:
            client.config_set("maxmemory-policy", "noeviction")
    assert "allkeys-lru" in says
    found = await redis_found(site, "redis://:geheim@127.0.0.1:1/0")
    assert levels(found) == ["problem"]
    assert "geheim" not in str(found)


async def redis_found(site: Site, url: str) -> list[Finding]:
    return await redis.look(replace(site, settings=replace(site.settings, redis_url=url)))


async def test_several_processes_need_redis(site: Site) -> None:
    assert levels(await redis.look(site)) == ["ok"]
    settings = replace(site.settings, database_url="postgresql://x/y")
    assert levels(await redis.look(replace(site, settings=settings))) == ["warning"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_clocks_that_agree(site: Site, redis: RedisServer) -> None:
    settings = replace(site.settings, redis_url=redis.url)
    found = await clock.look(replace(site, settings=settings))
    assert len(found) == 2  # the public URL is nobody's here
    assert bad(found) == []


@pytest.mark.parametrize(
    ("ahead", "level"), [(0, "ok"), (-10, "warning"), (10, "warning"), (3600, "problem")]
)
async def test_a_clock_that_is_wrong(site: Site, ahead: int, level: str) -> None:
    async def healthz(request: web.Request) -> web.StreamResponse:
        there = datetime.now(timezone.utc) + timedelta(seconds=ahead)
        return web.Response(headers={"Date": format_datetime(there, usegmt=True)})

    async with serving([web.get("/healthz", healthz)]) as url:
        here = replace(site, settings=replace(site.settings, public_url=url))
        assert levels(await clock.look(here)) == [level]
        assert levels(await clock.look(replace(here, offline=True))) == ["ok"]


async def test_a_model_that_is_not_there_or_not_whole(site: Site) -> None:
    assert levels(await model.look(site)) == ["problem"]
    site.settings.models.mkdir()
    (site.settings.models / "half.tar.gz").write_bytes(b"half")
    (says,) = bad(await model.look(site))
    assert "half.tar.gz" in says
    (site.settings.project / "domain.yml").unlink()
    (says,) = bad(await model.look(site))
    assert "domain.yml" in says


async def test_data_that_is_newer_than_the_model(site: Site) -> None:
    site.settings.models.mkdir()
    placed = site.settings.models / "model.tar.gz"
    write_model(placed, "metadata.json")
    assert bad(await model.look(site)) == [
        "It has no card: nothing says from which confidence on it may answer."
    ]
    write_model(placed, "metadata.json", CARD)
    assert bad(await model.look(site)) == []
    os.utime(placed, (0, 0))
    (says,) = bad(await model.look(site))
    assert "changed after it was trained" in says


def write_model(path: Path, *files: str) -> None:
    """As far as it is looked at without loading it."""
    with tarfile.open(path, "w:gz") as archive:
        for name in files:
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"{}"))


async def test_rules_and_time_zones(site: Site) -> None:
    assert bad(await rules.look(site)) == []
    assert "Europe/London" in (await time_zones.look(site))[0].says
    privacy = site.settings.project / "privacy.yml"
    shutil.copy(ROOT / "privacy.yml", privacy)
    assert levels(await rules.look(site)) == ["ok", "ok"]
    for wrong in ("a: [", "keep_days: {conversations: soon}"):
        privacy.write_text(wrong)
        assert levels(await rules.look(site)) == ["ok", "problem"]
    handoff = site.settings.project / "handoff.yml"
    handoff.write_text(handoff.read_text().replace("Europe/London", "Europe/Atlantis"))
    assert "Atlantis" in bad(await rules.look(site))[0]
    assert await time_zones.look(site) == []


async def test_a_port_that_is_taken(site: Site) -> None:
    async def healthz(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken = replace(site.settings, port=listening.getsockname()[1])
    assert levels(await port.look(replace(site, settings=taken))) == ["ok"]
    async with serving([web.get("/healthz", healthz)]) as url:
        ours = replace(site.settings, port=int(url.rpartition(":")[2]))
        assert "answers" in (await port.look(replace(site, settings=ours)))[0].says
    async with serving([]) as url:
        another = replace(site.settings, port=int(url.rpartition(":")[2]))
        assert levels(await port.look(replace(site, settings=another))) == ["problem"]
    elsewhere = replace(site.settings, host="192.0.2.1")
    assert levels(await port.look(replace(site, settings=elsewhere))) == ["problem"]


async def test_a_public_url_that_leads_elsewhere(site: Site) -> None:
    async def healthz(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    async def found(url: str, *, offline: bool = False) -> list[str]:
        settings = replace(site.settings, public_url=url)
        return levels(await public_url.look(replace(site, settings=settings, offline=offline)))

    async with serving([web.get("/healthz", healthz)]) as url:
        assert await found(url) == ["warning", "ok"]
    async with serving([]) as url:
        assert await found(url) == ["warning", "problem"]
        assert await found(url.replace("http:", "https:")) == ["ok", "warning"]
    assert await found("http://chat.shop.example", offline=True) == ["problem"]


async def test_channels_and_where_their_messages_go(site: Site) -> None:
    settings = replace(site.settings, public_url="https://chat.shop.example")
    assert bad(await channels.look(site)) == []  # of this machine alone
    site = replace(site, settings=settings)
    (open_to_all,) = bad(await channels.look(site))
    assert open_to_all.startswith("rest: whoever reaches it speaks for any sender")
    told: dict[str, Any] = {"url": "https://chat.shop.example/webhooks/telegram/webhook"}

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.match_info["bot"] != "bot1:right":
            return web.json_response({"ok": False}, status=401)
        return web.json_response({"ok": True, "result": told})

    async with serving([web.get("/{bot}/getWebhookInfo", answer)]) as url:

        async def found(token: str, *, offline: bool = False) -> list[str]:
            site.settings.credentials.write_text(
                f"telegram.eu: {{access_token: '1:{token}', secret_token: s, api_url: '{url}'}}"
            )
            told = await channels.look(replace(site, offline=offline))
            assert token not in str(told)
            return levels(told)

        assert await found("right") == ["ok", "ok"]
        assert await found("mistaken") == ["problem"]
        assert await found("mistaken", offline=True) == ["ok"]
        told.update(url="https://old.shop.example", last_error_message="502")
        assert await found("right") == ["ok", "problem", "warning"]
    assert await found("right") == ["warning"]


async def test_credentials_that_cannot_be_used(site: Site) -> None:
    file = site.settings.credentials
    for content in ("{}", "fax: {}", "telegram: {}", "web: {sites: ['*']}"):
        file.write_text(content)
        assert levels(await channels.look(site)) == ["problem"]


# --- all of it --------------------------------------------------------------------------------


async def test_a_check_that_fails_hides_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(site: Site) -> list[Finding]:
        raise RuntimeError(KEY)

    monkeypatch.setattr(doctor, "CHECKS", {"broken": fails, "rules": rules.look})
    found = await doctor.examine(site)
    assert levels(found["broken"]) == ["problem"]
    assert levels(found["rules"]) == ["ok"]
    assert KEY not in str(found)


def test_the_command(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything is broken, and each thing is told."""
    (project / "handoff.yml").write_text("nonsense: 1")
    (project / "credentials.yml").write_text("telegram: {}")
    for name in [name for name in os.environ if name.startswith("WARMLINE_")]:
        monkeypatch.delenv(name)
    given: Mapping[str, str] = {"database_url": "oracle://x", "port": "http", "redis_url": "no"}
    assert doctor.run(given, project, offline=True, as_json=True) == 1
    lines = json.loads(capsys.readouterr().out)
    assert {line["check"] for line in lines if line["level"] == "problem"} == {
        *("settings", "database", "Redis", "model", "rules", "channels"),
    }
    assert all(line["cure"] for line in lines if line["level"] != "ok")
    assert {line["check"] for line in lines} <= {"settings", *CHECKS}


def test_findings_are_lined_up_and_wrapped() -> None:
    shown = io.StringIO()
    findings = {
        "one": [ok("All right."), warning("So so.", cure="Do " + "this " * 30)],
        "two": [problem("Bad.", cure="Mend it.")],
    }
    doctor.show(findings, Console(file=shown, width=60))
    lines = shown.getvalue().splitlines()
    assert lines[0] == "one          ok       All right."
    assert lines[1] == "             warning  So so."
    assert all(line.startswith(" " * 22) for line in lines[2:6])
    assert max(map(len, lines)) <= 60
    assert lines[-1] == "Problems: 1, warnings: 1."
