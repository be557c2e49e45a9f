"""What nobody should send, at every door: refused in words that name the field, never a crash, and
the conversation goes on."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.access.tokens import digest
from bot.app import SERVICES
from bot.clock import now
from bot.store.tables import sessions
from tests.client import API, PATIENCE_SECONDS, Staff, Visitor, Warmline, again, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

HARMLESS = {
    "20,000 characters": "x" * 20_000,
    "emoji": "👩‍👩‍👧‍👦 🇬🇧 where is my 📦?",
    "a script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "SQL": "'; DROP TABLE messages; -- \" OR 1=1",
    "an override of direction": "hello \u202eolleh\u202c",
    "half an emoji": "hello \ud83d",
    "a NUL inside": "hel\x00lo",
    "a template": "{{ 7 * 7 }} ${jndi:ldap://x} %s %n {sender}",
}
REFUSED = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u3000",
    "zero-width": "\u200b\u200c\u200d\u2060\ufeff",
    "control characters": "\x00\x01\x07\x1b\x7f\x9f",
    "half an emoji alone": "\ud83d",
    "20,001 characters": "x" * 20_001,
}
WRONG_TYPES: dict[str, Any] = {
    "a number": 7,
    "true": True,
    "null": None,
    "a list": ["hello"],
    "an object": {"text": "hello"},
}
BROKEN_BODIES = {
    "broken JSON": b'{"text": "hello',
    "an array": b'["hello"]',
    "a bare text": b'"hello"',
    "null": b"null",
    "NaN": b"NaN",
    "deep nesting": b'{"text": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "nesting just below Python's limit": b'{"a": ' + b"[" * 700 + b"]" * 700 + b"}",
    "invalid UTF-8": b'{"text": "caf\xe9"}',
    "a long number": b'{"text": ' + b"9" * 10_000 + b"}",
    "form data": b"text=hello&id=1",
}


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: the URL and credentials, the field that holds the text, and what else it needs."""

    path: str
    text_field: str
    rest: Callable[[], dict[str, Any]]
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Guests:
    """One customer a door, an agent with a claimed conversation, and the doors themselves."""

    house: Warmline
    visitor: Visitor
    agent: Staff
    customer: str
    conversation: str
    times: Iterator[int] = field(default_factory=count)

    @property
    def doors(self) -> dict[str, Door]:
        mine = f"{API}/conversations/{self.conversation}"
        return {
            "rest webhook": Door(
                "/webhooks/rest/webhook", "message", lambda: {"sender": "mallory"}
            ),
            "widget": Door(
                f"{API}/widget/messages",
                "text",
                lambda: {"id": str(uuid.uuid4())},
                self.visitor.token,
            ),
            "agent's reply": Door(f"{mine}/messages", "text", dict, self.agent.token),
            "agent's note": Door(f"{mine}/notes", "text", dict, self.agent.token),
        }

    async def send(self, door: Door, raw: bytes) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {door.token}"} if door.token else {}
        async with self.house.client.post(
            door.path, data=io.BytesIO(raw), headers=headers
        ) as response:
            text = await response.text()
            assert "Traceback" not in text
            return response.status, json.loads(text)

    async def be_understood(self) -> None:
        """Two texts in a row that nobody understands would bring a person, and silence the bot."""
        hello = again("hello there", next(self.times))
        await self.house.texts("mallory", hello)
        await self.visitor.answer(hello)

    async def goes_on(self) -> None:
        """Every one of them is still answered."""
        question = again("when are you open?", next(self.times))
        assert (await self.house.texts("mallory", question))[0].startswith("Our shop")
        assert (await self.visitor.answer(question))[0].startswith("Our shop")
        mine = f"/conversations/{self.conversation}"
        word = f"still here {uuid.uuid4().hex[:8]}"  # a whole one may hold a card number
        await self.agent.post(f"{mine}/messages", {"text": word}, status=201)
        assert (await self.house.texts(self.customer, "hello?"))[-1] == word


async def claimed(house: Warmline, agent: Staff, customer: str) -> str:
    """This customer's conversation, in the agent's hands."""
    await house.texts(customer, "please get me a human")

    async def found() -> str | None:
        for item in (await agent.get("/handoffs"))["items"]:
            detail = await agent.get(f"/conversations/{item['conversation_id']}")
            if any(one["address"] == customer for one in detail["customer"]["identities"]):
                return str(item["conversation_id"])
        return None

    conversation_id = await eventually(found)
    await agent.post(f"/conversations/{conversation_id}/claim")
    await house.texts(customer, "thanks")  # fetches what the claim announced
    return conversation_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def guests(house: Warmline) -> Guests:
    agent = await house.staff()
    conversation = await claimed(house, agent, "ada")
    return Guests(house, await house.visitor(), agent, "ada", conversation)


def assert_refused(answer: tuple[int, Any], *fields: str) -> None:
    """A 4xx in the one shape; with `fields`, it names one of them in words and in the detail."""
    status, content = answer
    assert 400 <= status < 500, content
    error = content["error"]
    assert set(error) == {"code", "message", "detail"}
    assert error["code"]
    assert error["message"][0].isupper() or error["message"].startswith("'")
    if fields:
        assert error["code"] == "invalid"
        assert error["detail"]["field"] in fields, error
        assert error["detail"]["field"] in error["message"]


DOORS = ("rest webhook", "widget", "agent's reply", "agent's note")


@pytest.mark.parametrize("name", DOORS)
async def test_texts_that_cannot_be_read_are_refused_and_odd_ones_are_not(
    guests: Guests, name: str
) -> None:
    door = guests.doors[name]
    for odd in REFUSED.values():
        body = json.dumps({**door.rest(), door.text_field: odd}).encode()
        assert_refused(await guests.send(door, body), door.text_field)
    for odd in WRONG_TYPES.values():
        body = json.dumps({**door.rest(), door.text_field: odd}).encode()
        assert_refused(await guests.send(door, body), door.text_field)
    assert_refused(await guests.send(door, json.dumps(door.rest()).encode()), door.text_field)
    for odd in HARMLESS.values():
        body = json.dumps({**door.rest(), door.text_field: odd}).encode()
        status, answer = await guests.send(door, body)
        await guests.be_understood()
        assert status < 300, answer
        assert "\u202e" not in json.dumps(answer, ensure_ascii=False)
        if isinstance(answer, dict):
            kept = answer.get("message", answer)["text"]
            assert kept == odd or not odd.isprintable(), "what can be read is kept as it was"
    await guests.goes_on()


@pytest.mark.parametrize(
    "name", [*DOORS, "return", "transfer", "claim", "login", "session", "seen"]
)
async def test_bodies_that_are_no_json_object_are_refused(guests: Guests, name: str) -> None:
    mine = f"{API}/conversations/{guests.conversation}"
    others = {
        "return": Door(f"{mine}/return", "slots", dict, guests.agent.token),
        "transfer": Door(f"{mine}/transfer", "note", dict, guests.agent.token),
        "claim": Door(f"{mine}/claim", "", dict, guests.agent.token),
        "login": Door(f"{API}/login", "email", dict),
        "session": Door(f"{API}/widget/sessions", "token", dict),
        "seen": Door(f"{API}/widget/seen", "seq", dict, guests.visitor.token),
    }
    door = {**guests.doors, **others}[name]
    for body in BROKEN_BODIES.values():
        assert_refused(await guests.send(door, body))
    huge = json.dumps({**door.rest(), door.text_field or "text": "x" * 5_000_000}).encode()
    status, answer = await guests.send(door, huge)
    assert (status, answer["error"]["code"]) == (413, "too_large")
    await guests.goes_on()


async def test_a_sender_or_id_that_cannot_be_one_is_refused(guests: Guests) -> None:
    rest = guests.doors["rest webhook"]
    for odd in ("", " ", "a" * 201, "a\x00b", "\u202e", "\ud83d", *WRONG_TYPES.values()):
        body = json.dumps({"sender": odd, "message": "hi"}).encode()
        assert_refused(await guests.send(rest, body), "sender")
        if odd is not None:
            content = {"sender": "mallory", "message": "hi", "metadata": {"message_id": odd}}
            answer = await guests.send(rest, json.dumps(content).encode())
            assert_refused(answer, "metadata.message_id")
    widget = guests.doors["widget"]
    for odd in ("", " ", "a" * 101, "a:b", "a\x00b", "\ud83d", *WRONG_TYPES.values()):
        body = json.dumps({"id": odd, "text": "hi"}).encode()
        assert_refused(await guests.send(widget, body), "id")
    reply = guests.doors["agent's reply"]
    assert_refused(
        await guests.send(reply, json.dumps({"id": "a" * 101, "text": "a"}).encode()), "id"
    )
    await guests.goes_on()


@pytest.mark.parametrize("payload", ["/nonsense", "/restart", "/ \ud83d", "\x00", "/" * 2000])
async def test_a_payload_nobody_offered_is_only_text(guests: Guests, payload: str) -> None:
    for door, content in (
        ("widget", {"id": str(uuid.uuid4()), "text": "hello", "payload": payload}),
        ("rest webhook", {"sender": "mallory", "message": f"/{payload}"}),
    ):
        status, answer = await guests.send(guests.doors[door], json.dumps(content).encode())
        assert status < 300, answer
    await guests.goes_on()


async def test_the_widgets_socket_refuses_in_a_frame_and_stays_open(guests: Guests) -> None:
    visitor = await guests.house.visitor()
    client = guests.house.client
    async with client.ws_connect(f"{API}/widget/socket") as socket:
        await socket.send_json({"type": "hello", "token": visitor.token, "after": 0})
        assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "ready"

        async def refused(frame: str, *fields: str) -> None:
            await socket.send_str(frame)
            answer = await _next(socket, "error")
            assert_refused((422, {"error": answer["error"]}), *fields)

        for odd in [*REFUSED.values(), *WRONG_TYPES.values()]:
            frame = {"type": "message", "id": str(uuid.uuid4()), "text": odd}
            await refused(json.dumps(frame), "text")
        for odd in ("", "a:b", "a" * 101, *WRONG_TYPES.values()):
            await refused(json.dumps({"type": "message", "id": odd, "text": "hi"}), "id")
        for odd in (-1, 2**31, 1.5, "1", None, True):
            await refused(json.dumps({"type": "seen", "seq": odd}), "seq")
        for broken in ("", "{", "[]", "7", '{"type": 7}', '{"type": "nonsense"}', "[" * 5_000):
            await refused(broken)
        await refused(json.dumps({"type": "message", "id": "a", "text": "hi", "payload": 1}))
        for odd in HARMLESS.values():
            client_id = str(uuid.uuid4())
            await socket.send_json({"type": "message", "id": client_id, "text": odd})
            while (await _next(socket, "message"))["message"]["client_id"] != client_id:
                pass
            await visitor.answer("hello")  # two odd ones in a row would bring a person
        await socket.send_json({"type": "ping"})
        await _next(socket, "pong")
    assert (await visitor.answer("when are you open?"))[0].startswith("Our shop")


async def _next(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await socket.receive_json(timeout=PATIENCE_SECONDS)
        if frame["type"] == kind:
            return frame


async def test_a_frame_too_large_closes_the_socket_and_a_new_one_goes_on(guests: Guests) -> None:
    visitor = await guests.house.visitor()
    async with guests.house.client.ws_connect(f"{API}/widget/socket") as socket:
        await socket.send_json({"type": "hello", "token": visitor.token, "after": 0})
        await socket.receive_json(timeout=PATIENCE_SECONDS)
        await socket.send_json({"type": "message", "id": "a", "text": "x" * 2_000_000})
        while not socket.closed:
            await socket.receive(timeout=PATIENCE_SECONDS)
        assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    assert (await visitor.answer("when are you open?"))[0].startswith("Our shop")


async def test_slots_an_agent_sets_are_checked_and_never_break_the_bot(guests: Guests) -> None:
    house, agent, sam = guests.house, guests.agent, f"sam-{uuid.uuid4()}"
    values: list[Any] = [*REFUSED.values(), *HARMLESS.values(), *WRONG_TYPES.values()]
    conversation = await claimed(house, agent, sam)
    for value in values:
        at = f"/conversations/{conversation}"
        body = {"slots": {"order_number": value}, "resume": "done"}
        answer = await agent.call("POST", f"{at}/return", body, status=None)
        if "error" in answer:
            assert_refused((422, answer), "slots.order_number")
            assert (await agent.get(at))["state"] == "agent"
        else:
            assert answer["state"] == "bot"
            assert (await house.texts(sam, "when are you open?"))[-1].startswith("Our shop")
            assert await claimed(house, agent, sam) == conversation
    wrongs: list[dict[str, Any]] = [
        {"slots": "x"},
        {"slots": {"no": 1}},
        {"resume": "x"},
    ]
    for wrong in wrongs:
        refused = await agent.post(f"/conversations/{conversation}/return", wrong, status=422)
        assert_refused((422, refused))


@pytest.mark.parametrize(
    "conversation_id", ["unknown", "0" * 40, "a" * 2_000, "%00", "..%2f..", "💥", "%ff", "1;--"]
)
async def test_an_unknown_conversation_is_not_found_whatever_is_done_to_it(
    guests: Guests, conversation_id: str
) -> None:
    at = f"/conversations/{conversation_id}"
    answers = [await guests.agent.get(at, status=404)]
    for action, body in (
        ("claim", {}),
        ("messages", {"text": "hi"}),
        ("notes", {"text": "hi"}),
        ("typing", {}),
        ("transfer", {"queue": "support"}),
        ("return", {}),
        ("resolve", {}),
    ):
        answers.append(await guests.agent.post(f"{at}/{action}", body, status=404))
    assert {answer["error"]["code"] for answer in answers} == {"not_found"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=201",
        "limit=x",
        "limit=",
        "cursor=x",
        "cursor=%ff",
        "cursor=💥",
        "cursor=MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMApx",  # a moment before the year 1, in UTC
        "nonsense=1",
    ],
)
async def test_a_query_that_cannot_be_is_refused_by_name(guests: Guests, query: str) -> None:
    lead = await guests.house.staff("lead@demo.test")
    for path in ("/conversations", "/handoffs", "/turns", "/users", "/dead-letters"):
        answer = await lead.call("GET", f"{path}?{query}", status=None)
        if path == "/users" and query.startswith("cursor") and "error" not in answer:
            continue  # one page, whatever the cursor
        assert_refused((422, answer), query.partition("=")[0])


@pytest.mark.parametrize(
    "query",
    [
        "min_confidence=nan",
        "max_confidence=2",
        "since=yesterday",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "q=" + "x" * 201,
    ],
)
async def test_a_filter_that_cannot_be_is_refused_by_name(guests: Guests, query: str) -> None:
    lead = await guests.house.staff("lead@demo.test")
    answer = await lead.call("GET", f"/turns?{query}", status=None)
    assert_refused((422, answer), query.partition("=")[0])


@pytest.mark.parametrize("kind", ["", "turns", "dead", "null"])
async def test_a_kind_of_letter_that_there_is_not_is_refused_by_name(
    guests: Guests, kind: str
) -> None:
    lead = await guests.house.staff("lead@demo.test")
    answer = await lead.call("GET", f"/dead-letters?kind={kind}", status=None)
    assert_refused((422, answer), "kind")


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(guests: Guests) -> None:
    door = Door(f"{API}/login", "email", dict)
    answers = []
    for email, password in (
        ("agent@demo.test", "wrong"),
        ("nobody@demo.test", "demo"),
        ("agent@demo.test", ""),
        ("", ""),
        ("' OR 1=1 --", "demo"),
        ("\ud83d", "\ud83d"),
        ("x" * 20_000, "x" * 20_000),
        ("agent@demo.test\x00", "demo"),
    ):
        body = json.dumps({"email": email, "password": password}).encode()
        answers.append(await guests.send(door, body))
    assert {(status, json.dumps(answer)) for status, answer in answers} == {
        (401, json.dumps(answers[0][1]))
    }
    assert answers[0][1]["error"]["code"] == "wrong_credentials"
    for odd in WRONG_TYPES.values():
        assert_refused(
            await guests.send(door, json.dumps({"email": odd, "password": "x"}).encode()), "email"
        )


async def test_a_session_that_ended_or_was_revoked_is_refused_at_once(guests: Guests) -> None:
    house = guests.house
    agent, other = await house.staff(), await house.staff()
    await agent.call("POST", "/logout", {}, status=204)
    refused = await agent.get("/me", status=401)
    assert refused["error"]["code"] == "not_signed_in"
    await other.get("/me")
    async with house.app[SERVICES].database.writer.begin() as connection:
        await connection.execute(
            sessions.update()
            .where(sessions.c.token_hash == digest(other.token))
            .values(expires_at=now() - timedelta(seconds=1))
        )
    refused = await other.get("/me", status=401)
    assert refused["error"]["code"] == "session_expired"
    assert "sign in" in refused["error"]["message"]
