"""One GET of an address of ours, with the certificate checked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

HEALTHZ = "/healthz"
LONGEST_SECONDS = 5.0
LARGEST = 10_000


class NoAnswer(Exception):
    """Why there was none, in a word or two."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str


async def asked(url: str) -> Answer:
    """Raises NoAnswer."""
    timeout = aiohttp.ClientTimeout(total=LONGEST_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            body = await response.content.read(LARGEST)
            return Answer(response.status, response.headers, body.decode("utf-8", "replace"))
    except aiohttp.ClientConnectorCertificateError as error:
        raise NoAnswer(f"its certificate is not valid: {error.certificate_error}") from error
    except asyncio.TimeoutError as error:
        raise NoAnswer(f"nothing came within {LONGEST_SECONDS:.0f} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
