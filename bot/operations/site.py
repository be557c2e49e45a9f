"""What there is to look at: the settings as `warmline serve` would read them here."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SetupError
from bot.operations.finding import Finding, refused
from bot.settings import Settings, load_settings

_VARIABLE = re.compile(r"WARMLINE_[A-Z_]+")
_KEY = "secret_key"


@dataclass(frozen=True, slots=True)
class Site:
    """`offline` leaves out whatever would ask the internet."""

    settings: Settings
    has_own_key: bool
    offline: bool


def is_here(url: str) -> bool:
    """Whether it leads to this machine, and nobody else can use it."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_site(
    options: Mapping[str, str | None],
    environment: Mapping[str, str],
    project: Path,
    *,
    offline: bool,
) -> tuple[Site | None, list[Finding]]:
    """The settings without those that cannot be used, and what is wrong with these.

    One broken setting must not hide the next: it is told, left out, and the rest read again. None
    where nothing can be read without it.
    """
    given = dict(options)
    variables = dict(environment)
    found: list[Finding] = []
    left_out: set[str] = set()
    while True:
        try:
            settings = load_settings(given, demo=False, project=project, environment=variables)
        except SetupError as error:
            names = _named(error)
            if not names - left_out:
                return None, [*found, refused(error)]
            found.append(refused(error))
            left_out |= names
            for name in names:
                _leave_out(name, given, variables)
        else:
            return Site(settings, _KEY not in left_out, offline), found


def _named(error: SetupError) -> set[str]:
    return {
        name.removeprefix("WARMLINE_").removesuffix("_FILE").lower()
        for name in _VARIABLE.findall(error.where)
    }


def _leave_out(name: str, options: dict[str, str | None], variables: dict[str, str]) -> None:
    options.pop(name, None)
    for variable in (f"WARMLINE_{name.upper()}", f"WARMLINE_{name.upper()}_FILE"):
        variables.pop(variable, None)
    if name == _KEY:
        options[name] = secrets.token_urlsafe(48)  # of no use to anybody: nothing is served
