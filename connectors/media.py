"""Fetching what a customer sent beside words, from the provider's own hosts and nowhere else.

The URL is in a request that the provider signed, but a customer may have had a say in it: fetched
blindly, it could be any address inside the operator's network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.errors import NotFound, NotNow, TooLarge
from bot.messages import AttachmentKind, Media
from bot.reachable import Unreachable
from connectors.http import ProviderClient

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_SECONDS = 60.0  # for all of it: bytes that drip would hold a place that others wait for
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_KINDS: Mapping[str, AttachmentKind] = {"image": "image", "audio": "audio", "video": "video"}


async def download(
    client: ProviderClient,
    url: str,
    *,
    hosts: Collection[str],
    headers: Mapping[str, str] | None = None,
) -> Media:
    """The bytes behind `url`, which must be at one of `hosts`: a full name, or ".example.org" for
    every name below it, each over HTTPS; or an origin such as "http://127.0.0.1:8090".

    `headers` go to the first host alone, and every redirect is checked anew: where it is, and that
    it leads to no address inside, except at an origin, which the operator named. Raises NotFound,
    TooLarge or NotNow.
    """
    try:
        return await asyncio.wait_for(_follow(client, url, hosts, headers), LONGEST_SECONDS)
    except Unreachable as error:
        raise NotFound("The attachment is not at a place we fetch from.") from error
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise NotNow("unreachable") from error
    except ValueError as error:
        raise NotFound("The attachment is behind a redirect to no address.") from error


async def _follow(
    client: ProviderClient,
    url: str,
    hosts: Collection[str],
    headers: Mapping[str, str] | None,
) -> Media:
    for _ in range(MOST_REDIRECTS + 1):
        if not _is_at(url, hosts):
            raise NotFound("The attachment is not at a place we fetch from.")
        session = client.session() if origin(url) in hosts else client.outside()
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in _REDIRECTS and "Location" in answer.headers:
                url, headers = urljoin(url, answer.headers["Location"]), None
                continue
            if answer.status in (404, 410):
                raise NotFound("The provider no longer has the attachment.")
            if answer.status != 200:
                raise NotNow(f"http_{answer.status}")
            return Media(answer.content_type, await _read(answer))
    raise NotFound("The attachment is behind too many redirects.")


def kind_of(content_type: str) -> AttachmentKind:
    """What a file of this content type is to whoever reads the conversation."""
    return _KINDS.get(content_type.partition("/")[0].lower(), "file")


def origin(url: str) -> str:
    """The scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_at(url: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        plain = parts.scheme == "https" and parts.port in (None, 443)
    except ValueError:
        return False
    if parts.username or parts.password:
        return False
    if origin(url) in hosts:
        return True
    listed = name in hosts or any(host.startswith(".") and name.endswith(host) for host in hosts)
    return plain and listed


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """What is unpacked counts, so that a small packed body cannot fill the memory."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge(f"The attachment has more than {LARGEST // 1024 // 1024} MB.")
    return bytes(body)
