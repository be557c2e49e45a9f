"""How long a customer waits for answers beside two hundred connections that crawl, and when those
are cut.

    uv run python -m bench.slow

`warmline demo` is started over an empty data folder. One customer talks on the widget's channel,
alone and then while others send a byte a second, half of them of a head that never ends and half of
a body; each goes on until the server hangs up (desk/edge/patience.py).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from urllib.parse import urlsplit

from rich.console import Console

from bench.customers import connect
from bench.flood import API, FIRST, customer_beside
from bench.report import percentile
from bench.servers import Server, warmline

CONNECTIONS = 200
HEAD = b"POST " + API.encode() + b"/sessions HTTP/1.1\r\nHost: localhost\r\n"
BODY = HEAD + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
LONGEST_SECONDS = 60.0


async def crawl(url: str, begins: bytes) -> float | None:
    """Send this, and then a byte a second; the seconds until the server hung up, None when it had
    not after `LONGEST_SECONDS`."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    began = time.perf_counter()
    writer.write(begins)
    hung_up = asyncio.create_task(_end_of(reader))
    try:
        while time.perf_counter() - began < LONGEST_SECONDS:
            writer.write(b"X")
            done, _ = await asyncio.wait([hung_up], timeout=1)
            if done:
                return time.perf_counter() - began
        return None
    finally:
        hung_up.cancel()
        writer.close()


async def crowd(url: str, connections: int) -> list[float]:
    """So many at once; the seconds of those that were cut."""
    crawling = (crawl(url, (HEAD, BODY)[n % 2]) for n in range(connections))
    return [seconds for seconds in await asyncio.gather(*crawling) if seconds is not None]


async def _end_of(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read()


async def measure(server: Server, connections: int, console: Console) -> bool:
    """Whether all of them were cut."""
    async with connect(server.url) as session:
        cut = await customer_beside(crowd(server.url, connections), session, console)
    late = f"{percentile(cut, 0.95):.0f} s" if cut else "never"
    console.print(f"Cut: {len(cut)} of {connections}, p95 after {late}")
    return len(cut) == connections


async def _main(connections: int) -> bool:
    console = Console(highlight=False, soft_wrap=True)
    console.print("Starting `warmline demo` …")
    async with warmline(FIRST) as server:
        return await measure(server, connections, console)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    sys.exit(0 if asyncio.run(_main(parser.parse_args().connections)) else 1)


if __name__ == "__main__":
    main()
