"""The settings: environment variables, each also an option of the commands."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from bot.access.secret_files import secret_in_file
from bot.access.secret_key import SHORTEST, weakness
from bot.errors import SetupError
from bot.reachable import Reach

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8080
LONGEST_STOP_GRACE = 300
LogFormat = Literal["text", "json"]
LOG_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
DEFAULT_CREDENTIALS = "credentials.yml"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's settings. `project` is where Rasa's files are; `data_dir` where ours go."""

    project: Path
    models: Path
    data_dir: Path
    credentials: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str
    host: str
    port: int
    demo: bool
    shop_url: str | None
    shop_token: str | None = field(repr=False)
    shop_mapping: Path | None
    webhook_reach: Reach
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    metrics_port: int | None
    stop_grace: float
    log_format: LogFormat
    log_level: int | None
    metrics_token: str | None = field(repr=False)

    @property
    def shop_database_url(self) -> str:
        """The demo shop's own database, apart from Warmline's."""
        return f"sqlite+aiosqlite:///{self.data_dir / 'shop.db'}"


def load_settings(
    options: Mapping[str, str | None],
    *,
    demo: bool,
    project: Path,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Options win over the environment, and the environment over the defaults.

    `options` is keyed by the variable's name without `WARMLINE_`, in lower case. Raises SetupError
    naming the setting. Creates the data folder.
    """
    variables = os.environ if environment is None else environment

    def value(name: str) -> str | None:
        given = options.get(name) or secret_in_file(name, variables)
        return given or variables.get(f"WARMLINE_{name.upper()}") or None

    data_dir = _data_dir(project / (value("data_dir") or "var"))
    shop_url = _shop_url(value("shop_url"), variables)
    shop_mapping = value("shop_mapping")
    if shop_url and shop_mapping:
        raise SetupError(
            "a shop over HTTP has no tables that it could describe",
            where="WARMLINE_SHOP_MAPPING (--shop-mapping)",
            cure="Set one of it and WARMLINE_SHOP_URL.",
        )
    port = _port(value("port"), "PORT (--port)") or DEFAULT_PORT
    host = value("host") or LOOPBACK
    if demo and host not in {LOOPBACK, "localhost", "::1"}:
        raise SetupError(
            f"the demo has well-known passwords and listens only on this machine, not on {host}",
            where="WARMLINE_HOST (--host)",
            cure="Leave it unset for the demo, or use `warmline serve`.",
        )
    return Settings(
        project=project,
        models=project / "models",
        data_dir=data_dir,
        credentials=project / (value("credentials") or DEFAULT_CREDENTIALS),
        database_url=value("database_url") or f"sqlite:///{data_dir / 'warmline.db'}",
        redis_url=value("redis_url"),
        secret_key=_secret_key(value("secret_key"), data_dir, demo=demo),
        public_url=_public_url(value("public_url"), host, port),
        host=host,
        port=port,
        demo=demo,
        shop_url=shop_url,
        shop_token=_shop_token(value("shop_token")) if shop_url else None,
        shop_mapping=project / shop_mapping if shop_mapping else None,
        webhook_reach=_webhook_reach(value("webhook_reach"), demo=demo),
        trusted_proxies=_trusted_proxies(value("trusted_proxies")),
        metrics_port=_port(value("metrics_port"), "METRICS_PORT (--metrics-port)"),
        stop_grace=_stop_grace(value("stop_grace")),
        log_format=_log_format(value("log_format")),
        log_level=_log_level(value("log_level")),
        metrics_token=_metrics_token(value("metrics_token")),
    )


def _data_dir(path: Path) -> Path:
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)  # what customers wrote goes there
        probe = path / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise SetupError(
            f"the data folder {path} cannot be written ({error.strerror})",
            where="WARMLINE_DATA_DIR (--data-dir)",
            cure="Name a folder this user may write to, or change its permissions.",
        ) from error
    return path


def _port(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SetupError(
            f"'{text}' is not a port",
            where=f"WARMLINE_{name}",
            cure="Use a number from 1 to 65535.",
        )
    return int(text)


def _stop_grace(text: str | None) -> float:
    if text is None:
        return 0.0
    if not text.isdecimal() or int(text) > LONGEST_STOP_GRACE:
        raise SetupError(
            f"'{text}' is not a number of seconds",
            where="WARMLINE_STOP_GRACE (--stop-grace)",
            cure=f"Use 0 to {LONGEST_STOP_GRACE}: as long as your proxy may take to notice.",
        )
    return float(text)


def _public_url(text: str | None, host: str, port: int) -> str:
    if text is None:
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SetupError(
            f"'{text}' is not an address of a site",
            where="WARMLINE_PUBLIC_URL (--public-url)",
            cure="Use what customers' browsers open, such as https://chat.shop.example.",
        )
    return text.rstrip("/")


def _shop_url(text: str | None, variables: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    where = "WARMLINE_SHOP_URL (--shop-url)"
    if variables.get("WARMLINE_SHOP_DATABASE_URL"):
        raise SetupError(
            "the shop is to be read over HTTP, and WARMLINE_SHOP_DATABASE_URL from a database",
            where=where,
            cure="Set one of the two.",
        )
    try:
        parts = urlsplit(text)
        named = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise SetupError(
            "it is not an address of a shop",
            where=where,
            cure="Use what comes before /v1, such as https://api.shop.example/warmline.",
        )
    if parts.username is not None or parts.password is not None:
        raise SetupError(
            "it holds a name or a password, which would be told wherever the address is",
            where=where,
            cure="Give the shop's token as WARMLINE_SHOP_TOKEN, and no other proof.",
        )
    return text.rstrip("/")


def _shop_token(text: str | None) -> str:
    if text is None or not _TOKEN.fullmatch(text):
        problem = "it is not set" if text is None else "it has characters that no token has"
        raise SetupError(
            problem,
            where="WARMLINE_SHOP_TOKEN (--shop-token)",
            cure="Use the bearer token that the shop gave out for Warmline: letters, digits and"
            " -._~+/ only.",
        )
    return text


def _log_format(text: str | None) -> LogFormat:
    for known in get_args(LogFormat):
        if (text or "text") == known:
            found: LogFormat = known
            return found
    raise SetupError(
        f"'{text}' is not a format",
        where="WARMLINE_LOG_FORMAT (--log-format)",
        cure="Use text, or json for one object a line.",
    )


def _log_level(text: str | None) -> int | None:
    if text is None:
        return None
    if text.lower() not in LOG_LEVELS:
        raise SetupError(
            f"'{text}' is not a level",
            where="WARMLINE_LOG_LEVEL (--log-level)",
            cure=f"Use one of {', '.join(LOG_LEVELS)}.",
        )
    return LOG_LEVELS[text.lower()]


def _webhook_reach(text: str | None, *, demo: bool) -> Reach:
    if text is None:
        return "loopback" if demo else "public"
    for reach in get_args(Reach):
        if text == reach:
            known: Reach = reach
            return known
    raise SetupError(
        f"'{text}' is not a reach",
        where="WARMLINE_WEBHOOK_REACH (--webhook-reach)",
        cure="Use public; loopback, to allow this machine too; or private, for its network too.",
    )


def _trusted_proxies(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in (text or "").split(",") if one.strip())
    except ValueError as error:
        raise SetupError(
            str(error),
            where="WARMLINE_TRUSTED_PROXIES (--trusted-proxies)",
            cure="Name the addresses or networks of your own proxies, such as 10.0.0.5,10.1.0.0/16;"
            " leave it unset where customers connect to Warmline itself.",
        ) from error


def _metrics_token(text: str | None) -> str | None:
    if text is not None and not (len(text) >= SHORTEST and _TOKEN.fullmatch(text)):
        raise SetupError(
            f"it is shorter than {SHORTEST} characters, or has some that no token has",
            where="WARMLINE_METRICS_TOKEN",
            cure="Make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            " and give it to Prometheus as the credentials of its authorization.",
        )
    return text


def _secret_key(text: str | None, data_dir: Path, *, demo: bool) -> str:
    if text is None and demo:
        return _demo_key(data_dir / "secret.key")
    problem = "it is not set" if text is None else weakness(text)
    if text is not None and demo and len(text) >= SHORTEST:
        return text  # what a demo signs is good on this machine alone
    if text is None or problem is not None:
        raise SetupError(
            problem or "it is not set",
            where="WARMLINE_SECRET_KEY",
            cure="Make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            " and keep it: sessions are signed with it.",
        )
    return text


def _demo_key(path: Path) -> str:
    if path.exists():
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) >= SHORTEST:
            return kept
    key = secrets.token_urlsafe(48)
    path.touch(mode=0o600)
    path.write_text(key, encoding="ascii")
    return key
