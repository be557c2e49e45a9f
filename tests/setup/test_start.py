"""Everything that can be wrong at a start: told in words that name the place and the cure."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app import running
from bot.assistant.training import Project, check_content, check_files, train
from bot.cli import main
from bot.errors import SetupError
from bot.live_model import Assistant
from bot.rules_file import current_rules, load_rules
from bot.settings import load_settings
from tests.conftest import ROOT

WARMLINE = Path(sys.executable).with_name("warmline")
SECRET = "a secret that is long enough to sign with"
LONGEST_START_SECONDS = 90
FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "handoff.yml")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("WARMLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's files to break, with no model."""
    root = tmp_path / "project"
    (root / "models").mkdir(parents=True)
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    for folder in ("data", "actions"):
        (root / folder).symlink_to(ROOT / folder)
    return root


@pytest.fixture
def inside(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the folder the command is started in."""
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port: int = listening.getsockname()[1]
        return port


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says when it will not start."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code not in (0, None)
    said = str(ended.value.code) + "".join(capsys.readouterr())
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) >= 2, "the place and the problem, then the cure"
    return said


# --- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("serve",), "WARMLINE_SECRET_KEY"),
        (("serve", "--secret-key", "short"), "32 characters"),
        (("serve", "--port", "http"), "'http' is not a port"),
        (
            ("serve", "--secret-key", SECRET, "--webhook-reach", "everywhere"),
            "'everywhere' is not a reach",
        ),
        (("serve", "--port", "0"), "'0' is not a port"),
        (("serve", "--port", "65536"), "--port"),
        (("serve", "--secret-key", SECRET, "--public-url", "shop.example"), "--public-url"),
        (("serve", "--secret-key", SECRET, "--public-url", "ftp://shop"), "'ftp://shop'"),
        (("serve", "--secret-key", SECRET, "--public-url", "http://x/?a=1"), "--public-url"),
        (("worker",), "WARMLINE_SECRET_KEY"),
        (("worker", "--secret-key", SECRET), "WARMLINE_REDIS_URL (--redis-url)"),
        (
            ("worker", "--secret-key", SECRET, "--redis-url", "redis://127.0.0.1:1"),
            "one process is all SQLite allows",
        ),
        (("demo", "--host", "0.0.0.0"), "not on 0.0.0.0"),  # noqa: S104
        (("demo", "--host", "shop.example"), "--host"),
        (("db", "upgrade", "--database-url", "oracle://x"), "WARMLINE_DATABASE_URL"),
        (("db", "upgrade", "--database-url", "nonsense"), "sqlite:///PATH"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    inside: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], named: str
) -> None:
    assert named in told(capsys, *arguments)


@pytest.mark.parametrize(
    "command", [("demo",), ("serve", "--secret-key", SECRET), ("db", "upgrade")]
)
def test_a_data_folder_that_cannot_be_written_is_named(
    inside: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    (inside / "a-file").write_text("")
    said = told(capsys, *command, "--data-dir", "a-file/var")
    assert "a-file/var" in said
    assert "--data-dir" in said


def test_a_database_below_a_file_is_named(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (inside / "a-file").write_text("")
    said = told(capsys, "db", "upgrade", "--database-url", "sqlite:///a-file/warmline.db")
    assert "a-file/warmline.db" in said
    assert "WARMLINE_DATABASE_URL" in said


def test_a_file_that_is_no_database_is_named(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (inside / "notes.db").write_text("these are my notes, and no database at all\n" * 100)
    said = told(capsys, "db", "upgrade", "--database-url", "sqlite:///notes.db")
    assert "notes.db" in said
    assert (inside / "notes.db").read_text().startswith("these are my notes")


def test_a_database_newer_than_the_code_is_named_and_left_alone(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(("db", "upgrade"))
    engine = sa.create_engine("sqlite:///var/warmline.db")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    said = told(capsys, "db", "upgrade")
    assert "'9999'" in said
    assert "newer" in said
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        assert found.scalar_one() == "9999"
    engine.dispose()


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_broken_yaml_is_named_with_its_line(inside: Path, name: str, assistant: Assistant) -> None:
    with (inside / name).open("a", encoding="utf-8") as file:
        file.write('\nbroken: [1, 2\nafter: "x"\n')
    line = len((inside / name).read_text(encoding="utf-8").splitlines())
    said = _start(inside, assistant)
    assert name in said
    assert f"line {line}" in said or f"line {line - 1}" in said or f"line {line + 1}" in said


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "endpoints.yml", "credentials.yml"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"- a\n- list\n"])
def test_a_file_that_is_missing_or_no_mapping_is_named(
    inside: Path,
    assistant: Assistant,
    name: str,
    content: bytes | None,
) -> None:
    (inside / name).unlink()
    if content is not None:
        (inside / name).write_bytes(content)
    assert name in _start(inside, assistant)


def _start(project: Path, assistant: Assistant) -> str:
    """Start as far as needed without loading a model, and return what was said."""

    async def start() -> None:
        check_files(Project(project, project / "models"))
        settings = load_settings({}, demo=True, project=project, environment={})
        async with running(settings, assistant=assistant):
            pass

    with pytest.raises(SetupError) as refused:
        asyncio.run(start())
    assert refused.value.cure
    assert "Traceback" not in refused.value.message
    return f"{refused.value.where}: {refused.value.problem}"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("rset: {}\n", "key 'rset'"),
        ("rest: yes please\n", "key 'rest'"),
        ("rest:\n  tokn: x\n", "key 'rest.tokn'"),
        ("web:\n  sites: https://shop.example\n", "key 'web.sites'"),
        ("web:\n  sites: [shop.example]\n", "'shop.example' is not a site"),
        ("web:\n  sites: [7]\n", "'7' is not a site"),
        ("web:\n  customer_secret: short\n", "key 'web.customer_secret'"),
        ("web:\n  customer_public_key: a secret\n", "key 'web.customer_public_key'"),
        (
            f"web:\n  customer_secret: {'x' * 32}\n  customer_public_key: y\n",
            "there is 'web.customer_secret' too",
        ),
        ("web:\n  customer_secret: ${SHOP_KEY_NOBODY_SET}\n", "SHOP_KEY_NOBODY_SET"),
        ("socketio:\n  session_persistence: 'yes'\n", "key 'socketio.session_persistence'"),
        ("7: {}\n", "key '7'"),
    ],
)
def test_a_typo_in_the_credentials_is_named(
    project: Path,
    assistant: Assistant,
    wrong: str,
    named: str,
) -> None:
    (project / "credentials.yml").write_text(wrong, encoding="utf-8")
    said = _start(project, assistant)
    assert "credentials.yml" in said
    assert named in said


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("queus: {}\n", "key 'queus'"),
        ("triggers:\n  misunderstod: 2\n", "key 'triggers.misunderstod'"),
        ("triggers:\n  misunderstood_in_a_row: often\n", "misunderstood_in_a_row"),
        ("triggers:\n  misunderstood_in_a_row: 0\n", "misunderstood_in_a_row"),
        ("queues:\n  support: Support\n", "queues"),
        ("default_queue: nobody\n", "no queue 'nobody'"),
        ("queues: [support]\n", "key 'queues'"),
        ("risk_classes:\n  talk:\n    intents: [greeet]\n", "no intent 'greeet'"),
        ("risk_classes:\n  a: {intents: [greet]}\n  b: {intents: [greet]}\n", "two risk"),
        ("risk_classes:\n  talk:\n    accepted_wrong_rate: 2\n", "accepted_wrong_rate"),
        ("triggers:\n  sensitive:\n    fire: {words: ['🔥']}\n", "letters or digits"),
        ("triggers:\n  languages: [english]\n", "ISO 639-1"),
        ("rules:\n  - name: Everybody\n", "a condition"),
        ("rules:\n  - name: Gold\n    slots: {membersip: gold}\n", "no slot 'membersip'"),
        ("rules:\n  - name: Phone\n    channels: [whatsap]\n", "no channel 'whatsap'"),
    ],
)
def test_a_typo_in_the_hand_off_rules_is_named(
    project: Path,
    assistant: Assistant,
    wrong: str,
    named: str,
) -> None:
    (project / "handoff.yml").write_text(wrong, encoding="utf-8")
    said = _start(project, assistant)
    assert "handoff.yml" in said
    assert named in said


def test_while_serving_a_slip_in_the_rules_changes_nothing(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = project / "handoff.yml"
    rules = load_rules(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("frustration:", "frustation:"), encoding="utf-8")
    assert current_rules(path) is current_rules(path) is rules
    assert caplog.text.count("rules_refused") == 1
    assert "frustation" in caplog.text
    path.unlink()
    assert current_rules(path) is rules
    path.write_text(text.replace("frustration: 0.7", "frustration: 0.9"), encoding="utf-8")
    assert current_rules(path).triggers.frustration == 0.9


def test_without_rules_the_defaults_hold(project: Path) -> None:
    (project / "handoff.yml").unlink()
    assert load_rules(project / "handoff.yml").default_queue == "support"


def test_a_typo_in_the_domain_is_named_before_anything_is_trained(project: Path) -> None:
    domain = project / "domain.yml"
    text = domain.read_text(encoding="utf-8")
    for right, wrong in (("intents:", "intnts:"), ("type: text", "type: txt")):
        domain.write_text(text.replace(right, wrong, 1), encoding="utf-8")
        with pytest.raises(SetupError) as refused:
            check_content(Project(project, project / "models"))
        assert "domain.yml" in refused.value.where
        assert wrong.split()[-1].rstrip(":") in refused.value.message


def test_a_component_that_is_not_there_is_named(project: Path) -> None:
    config = project / "config.yml"
    text = config.read_text(encoding="utf-8")
    assert "RulePolicy" in text
    config.write_text(text.replace("RulePolicy", "RulPolicy"), encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        train(Project(project, project / "models"), lambda component: None)
    assert "config.yml" in refused.value.where
    assert "RulPolicy" in refused.value.problem


# --- models -----------------------------------------------------------------------------------


def _start_with_model(project: Path) -> SetupError:
    settings = load_settings({"secret_key": SECRET}, demo=False, project=project, environment={})

    async def start() -> None:
        async with running(settings):
            pass

    with pytest.raises(SetupError) as refused:
        asyncio.run(start())
    assert "warmline train" in refused.value.cure
    return refused.value


def test_without_a_model_it_says_how_to_train_one(project: Path) -> None:
    refused = _start_with_model(project)
    assert str(project / "models") in refused.where


@pytest.mark.parametrize("broken", ["empty", "random", "half", "no model", "hollow"])
def test_a_corrupt_model_is_named(project: Path, model: Path, broken: str) -> None:
    path = project / "models" / "broken.tar.gz"
    whole = model.read_bytes()
    if broken == "no model":
        with tarfile.open(path, "w:gz") as archive:
            archive.add(ROOT / "config.yml", "config.yml")
    elif broken == "hollow":
        with tarfile.open(model) as source, tarfile.open(path, "w:gz") as archive:
            member = source.getmember("metadata.json")
            archive.addfile(member, source.extractfile(member))
    else:
        path.write_bytes({"empty": b"", "random": os.urandom(5_000), "half": whole[:9_000]}[broken])
    refused = _start_with_model(project)
    assert "broken.tar.gz" in refused.where


def test_a_model_cut_near_its_end_is_named(project: Path, model: Path) -> None:
    path = project / "models" / "cut.tar.gz"
    path.write_bytes(model.read_bytes()[:-2_000])
    refused = _start_with_model(project)
    assert "cut.tar.gz" in refused.where


def test_a_missing_model_is_told_by_the_command(
    inside: Path, capsys: pytest.CaptureFixture[str], free_port: int
) -> None:
    said = told(capsys, "serve", "--secret-key", SECRET, "--port", str(free_port))
    assert "no trained model" in said
    assert "warmline train" in said


def test_a_folder_that_is_no_project_is_told_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = told(capsys, "demo")
    assert "config.yml" in said
    assert "project's root" in said


# --- the command itself, as a process -----------------------------------------------------------


def _process(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
    return subprocess.run(  # noqa: S603
        [WARMLINE, *arguments],
        cwd=project,
        env=kept,
        capture_output=True,
        text=True,
        timeout=LONGEST_START_SECONDS,
        check=False,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


def test_a_taken_port_is_told_at_once_by_the_command(project: Path, taken_port: int) -> None:
    done = _process(project, "demo", "--port", str(taken_port))
    assert done.returncode == 1
    assert f"port {taken_port} is taken" in done.stderr
    assert f"--port {taken_port + 1}" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
