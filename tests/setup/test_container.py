"""Dockerfile and compose.yaml, held against the product: no engine is needed for what they name."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import PurePosixPath
from typing import Any

from bot.command_line import parser
from bot.operations.backup.making import FILES, FOLDERS
from bot.operations.health import Health
from bot.options import OPTIONS, WORKER_PORT_OPTIONS
from bot.settings import load_settings
from bot.yaml_file import read_mapping
from tests.conftest import ROOT

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
# Not by YAML itself: where Rasa was imported before, that fills in `${NAME}`.
COMPOSE: dict[str, Any] = read_mapping(ROOT / "compose.yaml", missing="")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("gateway", "worker")
SETTINGS = {
    f"WARMLINE_{name.upper().replace('-', '_')}"
    # The last is no option: others on the machine could read it.
    for name in (*OPTIONS, *WORKER_PORT_OPTIONS, "metrics-token")
}
URL = re.compile(r"http://127\.0\.0\.1:(\d+)(/\w+)")
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?([.-][a-z0-9.-]+)?")
SECRET = re.compile(r"KEY|TOKEN|PASSWORD|SECRET|DATABASE_URL")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name}\s+(.+)$", DOCKERFILE, re.MULTILINE)


def environment() -> dict[str, str]:
    """What the image sets."""
    return dict(pair.split("=", 1) for line in instructions("ENV") for pair in line.split())


def copied() -> set[str]:
    """What of the project is copied into the image."""
    lines = [line for line in instructions("COPY") if not line.startswith("--from")]
    return {source for line in lines for source in line.split()[:-1]}


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert "*" in ignore
    assert {line[1:] for line in ignore if line.startswith("!")} == copied()
    assert all((ROOT / name).exists() for name in copied())
    packages = re.search(r"^packages = (\[.*\])$", (ROOT / "pyproject.toml").read_text(), re.M)
    assert packages is not None
    assert set(json.loads(packages[1])) <= copied()
    # Without one of these the server starts all the same, and keeps everything for ever.
    assert {*FILES, *FOLDERS, "endpoints.yml"} <= copied()
    assert not {"credentials.yml", "secrets", ".env", ".git", "var", "models"} & copied()


def test_images_are_pinned() -> None:
    text = " ".join(line.split()[0] for line in instructions("FROM"))
    for argument in instructions("ARG"):
        name, version = argument.split("=")
        text = text.replace(f"${{{name}}}", version)
    images = text.split()
    images += [service["image"] for service in SERVICES.values()]
    assert len(images) == 7
    for image in images:
        assert PINNED.fullmatch(image), image


def test_python_is_the_projects() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    (python,) = (line for line in instructions("ARG") if line.startswith("PYTHON="))
    assert python.startswith(f"PYTHON={version}.")


def test_it_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    assert instructions("USER") == ["10001:10001"]
    assert not [name for name in environment() if SECRET.search(name)]
    assert not [line for line in instructions("ARG") if SECRET.search(line)]
    assert {name for name in environment() if name.startswith("WARMLINE_")} <= SETTINGS


def test_commands_are_ours() -> None:
    (entry,), (default,) = instructions("ENTRYPOINT"), instructions("CMD")
    assert json.loads(entry) == ["warmline"]
    commands = [json.loads(default), *(SERVICES[name]["command"] for name in OURS)]
    # What the first lines tell a person to type.
    commands += [line.split() for line in re.findall(r"run --rm gateway (.+)$", COMPOSE_TEXT, re.M)]
    assert len(commands) == 4
    for command in commands:
        parser().parse_args(command)


def test_health_is_asked_where_it_is_told() -> None:
    port = environment()["WARMLINE_PORT"]
    assert instructions("EXPOSE") == [port]
    (check,) = re.findall(r"HEALTHCHECK .*", DOCKERFILE)
    paths = {"/healthz", "/readyz", "/metrics"}
    assert {path.removeprefix("/") for path in paths} <= set(dir(Health))
    told = {"gateway": (check, port)}
    worker = SERVICES["worker"]
    told["worker"] = (str(worker["healthcheck"]), worker["environment"]["WARMLINE_METRICS_PORT"])
    for said, expected in told.values():
        (found,) = URL.findall(said)
        assert found[0] == expected
        assert found[1] in paths
    assert SERVICES["gateway"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_settings_exist_and_can_be_used() -> None:
    for name in OURS:
        given = {**environment(), **SERVICES[name]["environment"]}
        ours = {key: value for key, value in given.items() if key.startswith("WARMLINE_")}
        assert {key.removesuffix("_FILE") for key in ours} <= SETTINGS
        plain = {key: _filled(value) for key, value in ours.items() if not key.endswith("_FILE")}
        plain["WARMLINE_SECRET_KEY"] = secrets.token_urlsafe(48)
        settings = load_settings({}, demo=False, project=ROOT, environment=plain)
        assert settings.host == "0.0.0.0"  # noqa: S104 - within a container
        assert settings.log_format == "json"
        assert settings.redis_url == "redis://redis:6379/0"


def _filled(value: str) -> str:
    """As compose fills in what is not set."""
    value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{\w+:\?[^}]*\}", "https://chat.shop.example", value)


def test_secrets_are_files_that_are_never_copied() -> None:
    for name, service in SERVICES.items():
        granted = set(service.get("secrets", ()))
        assert granted <= set(COMPOSE["secrets"])
        named = {
            PurePosixPath(value).name
            for key, value in service.get("environment", {}).items()
            if key.endswith("_FILE")
        }
        assert named <= granted, name
        literal = [key for key in service.get("environment", {}) if SECRET.search(key)]
        assert all(key.endswith("_FILE") for key in literal)
    assert environment()["WARMLINE_CREDENTIALS"] == "/run/secrets/credentials.yml"
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_every_service_is_bounded_restarted_and_looked_after() -> None:
    for name, service in SERVICES.items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory"}, name
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or name == "gateway"  # the image's own
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["gateway"]


def test_what_is_written_goes_into_volumes() -> None:
    (volumes,) = instructions("VOLUME")
    for name in OURS:
        mounted = [volume.partition(":")[2] for volume in SERVICES[name]["volumes"]]
        assert sorted(mounted) == sorted(json.loads(volumes))
        assert SERVICES[name]["read_only"]
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    for variable in ("XDG_CACHE_HOME", "RASA_CACHE_DIRECTORY", "MPLCONFIGDIR"):
        assert environment()[variable].startswith("/app/var/")
