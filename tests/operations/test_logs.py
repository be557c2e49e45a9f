"""The log as JSON: every field where a program looks for it, and nobody's words."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import NotFound, SetupError
from bot.operations.log_context import about
from bot.operations.logs import JsonLines
from bot.settings import load_settings
from bot.turn import take_turns
from desk.request_ids import HEADER, identified, tell
from desk.web import errors, log_requests
from tests.processes import EchoAssistant, processes, say, turn_of

SECRET = "where is order 10432, I am Ada Lovelace"


@dataclass
class Log:
    """What was written as JSON while the test ran."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    written = Log()
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def formatted(message: str, *values: object) -> dict[str, Any]:
    record = logging.LogRecord("bot.it", logging.WARNING, "it.py", 1, message, values, None)
    line: dict[str, Any] = json.loads(JsonLines().format(record))
    return line


def test_a_line_of_ours_comes_apart() -> None:
    line = formatted("request method=%s route=%s status=%d ms=%.1f", "GET", "/a", 200, 1.25)
    at = datetime.fromisoformat(line.pop("time").replace("Z", "+00:00"))
    assert at.tzinfo == timezone.utc
    assert line == {
        "level": "warning",
        "logger": "bot.it",
        "event": "request",
        "method": "GET",
        "route": "/a",
        "status": 200,
        "ms": 1.2,
    }
    assert list(formatted("bus_back"))[:4] == ["time", "level", "logger", "event"]


def test_values_keep_their_spaces_and_ids_their_zeros() -> None:
    said = "model_refused where=%s problem=%s message_id=%s code=%s error="
    line = formatted(said, "my models/a.tar.gz", "it is half\nof a model, a=1", "12345", "0012")
    assert line["where"] == "my models/a.tar.gz"
    assert line["problem"] == "it is half\nof a model,"  # what looks like a pair is one
    assert line["a"] == 1
    assert line["message_id"] == "12345"
    assert line["code"] == "0012"
    assert line["error"] == ""


def test_no_field_can_pose_as_another() -> None:
    line = formatted("request level=%s event=%s time=%s logger=%s", "x", "x", "x", "x")
    assert line["level"] == "warning"
    assert line["event"] == "request"
    assert line["logger"] == "bot.it"
    assert line["time"] != "x"


def test_a_librarys_line_is_a_message() -> None:
    line = formatted("Unclosed connection: %r", "it")
    assert (line["event"], line["message"]) == ("message", "Unclosed connection: 'it'")


def test_an_error_says_where_and_not_what(log: Log) -> None:
    def fails() -> None:
        raise ValueError(SECRET)

    try:
        fails()
    except ValueError:
        logging.getLogger("bot.it").exception("it_failed")
    (line,) = log.lines()
    assert line["error"] == "ValueError"
    assert line["stack"][-1].endswith(" fails")
    assert SECRET not in log.stream.getvalue()


async def test_what_a_line_is_about_follows_the_work_and_no_other(log: Log) -> None:
    said = logging.getLogger("bot.it")

    async def work(name: str) -> None:
        with about(turn_id=name):
            await asyncio.sleep(0)
            said.info("working name=%s", name)
            await asyncio.create_task(started(name))
        said.info("over")

    async def started(name: str) -> None:
        with about(request_id="r"):
            said.info("working name=%s", name)

    with about(conversation_id="c"):
        await asyncio.gather(work("a"), work("b"))
    lines = log.lines()
    working = [line for line in lines if line["event"] == "working"]
    assert len(working) == 4
    assert all(line["turn_id"] == line["name"] for line in working)
    assert all(line["conversation_id"] == "c" for line in lines)
    assert sum("request_id" in line for line in lines) == 2
    assert not any("turn_id" in line for line in lines if line["event"] == "over")


class Broken(EchoAssistant):
    """Fails each time, and logs meanwhile."""

    async def reply(self, *_: Any, **__: Any) -> Any:
        logging.getLogger("actions.it").warning("shop_unavailable error=%s", "Timeout")
        raise RuntimeError(SECRET)


async def test_every_line_of_a_turn_says_which(database_url: str, log: Log) -> None:
    async with processes(database_url, Broken()) as (services,):
        received = await say(services, SECRET)
        await take_turns(services, received.message.conversation_id)
    lines = log.lines()
    assert {"shop_unavailable", "turn_failed", "turn_postponed"} <= {
        line["event"] for line in lines
    }
    for line in lines:
        assert line["turn_id"] == turn_of(received)
        assert line["conversation_id"] == received.message.conversation_id
    assert SECRET not in log.stream.getvalue()


async def test_every_line_of_a_request_says_which_and_the_answer_too(log: Log) -> None:
    async def works(request: web.Request) -> web.Response:
        logging.getLogger("desk.it").info("did_it")
        return web.json_response({})

    async def refuses(request: web.Request) -> web.Response:
        raise NotFound("There is no such thing.")

    async def socket(request: web.Request) -> web.StreamResponse:
        opened = web.WebSocketResponse()
        await opened.prepare(request)
        await opened.close()
        return opened

    app = web.Application(middlewares=[identified, log_requests, errors])
    app.on_response_prepare.append(tell)
    app.router.add_get("/works", works)
    app.router.add_get("/refuses", refuses)
    app.router.add_get("/socket", socket)
    async with TestClient(TestServer(app)) as client:
        given = []
        for path in ("/works", "/refuses", "/nowhere", "/works"):
            async with client.get(path, headers={HEADER: "mine"}) as response:
                given.append(response.headers[HEADER])
        async with client.ws_connect("/socket") as opened:
            given.append(opened._response.headers[HEADER])
    assert len(set(given)) == 5
    assert "mine" not in given
    lines = [line for line in log.lines() if line["logger"].startswith(("desk.it", "warmline"))]
    assert [line["request_id"] for line in lines if line["event"] == "request"] == given
    (did,) = (line for line in lines if line["event"] == "did_it" if line["request_id"] == given[0])
    assert did["level"] == "info"


def test_settings_of_the_log(tmp_path: Path) -> None:
    def read(**options: str) -> tuple[str, int | None]:
        options |= {"data_dir": str(tmp_path)}
        settings = load_settings(options, demo=True, project=tmp_path, environment={})
        return settings.log_format, settings.log_level

    assert read() == ("text", None)
    assert read(log_format="json", log_level="INFO") == ("json", logging.INFO)
    for wrong in ({"log_format": "xml"}, {"log_level": "loud"}):
        with pytest.raises(SetupError, match=r"WARMLINE_LOG_.*"):
            read(**wrong)


PROGRAM = """
import logging
from bot.operations.logs import configure
configure("json", logging.INFO)
logging.getLogger("bot.it").info("worker_started model=%s", "a")
logging.getLogger("rasa.it").info("Received user message 'hello'")
logging.getLogger("rasa.it").warning("Take care")
"""


def test_a_process_writes_our_lines_and_libraries_warnings() -> None:
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    )
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["worker_started", "message"]
