"""The public URL: what browsers and providers open must lead here, and encrypted."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from bot.operations.asking import HEALTHZ, NoAnswer, asked
from bot.operations.finding import Finding, ok, problem, warning
from bot.operations.site import Site, is_here

SETTING = "WARMLINE_PUBLIC_URL"
ALIVE = {"status": "ok"}


async def look(site: Site) -> list[Finding]:
    url = site.settings.public_url
    found = [_scheme(url)]
    if site.offline:
        return found
    try:
        answer = await asked(url + HEALTHZ)
    except NoAnswer as error:
        says = f"{url} does not answer ({error})."
        if is_here(url):
            return [*found, warning(says, cure="Start `warmline serve`, and look again.")]
        cure = f"Start `warmline serve`, let the proxy pass everything on, or correct {SETTING}."
        return [*found, problem(says, cure=cure)]
    if answer.status == 200 and _json(answer.body) == ALIVE:
        return [*found, ok(f"{url}{HEALTHZ} is a Warmline's.")]
    says = f"{url}{HEALTHZ} answers {answer.status}, and not as Warmline does."
    cure = f"Let the proxy pass every path on to WARMLINE_HOST:WARMLINE_PORT, or correct {SETTING}."
    return [*found, problem(says, cure=cure)]


def _scheme(url: str) -> Finding:
    if urlsplit(url).scheme == "https":
        return ok(f"{url} is encrypted.")
    if is_here(url):
        cure = f"Set {SETTING} to what customers open, such as https://chat.shop.example."
        return warning(f"{url} is for this machine alone.", cure=cure)
    cure = f"Put a proxy with TLS in front (docs/operations.md), and set {SETTING} to https://…."
    return problem(
        f"{url} is not encrypted: passwords and chats can be read on the way.", cure=cure
    )


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
