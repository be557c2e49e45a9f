"""The widget's side: catching up, live frames, long polling, and who a visitor is."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest

from bot.app import SERVICES
from bot.clock import now
from desk.visitors import CUSTOMER_AUDIENCE, VISITOR_AUDIENCE, customer_token
from desk.widget_thread import Snapshot, snapshot
from tests.client import API, PATIENCE_SECONDS, Staff, Visitor, Warmline

SOCKET = f"{API}/widget/socket"
LONGEST_POLL_SECONDS = 25
SHOP_SECRET = "the shop's own secret, long enough to sign with"
Frame = dict[str, Any]


class Widget:
    """A widget's open socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, type_: str, **content: Any) -> None:
        await self._socket.send_json({"type": type_, **content})

    async def next(self, type_: str, **wanted: Any) -> Frame:
        """The next frame of this type whose content has these values; others are passed over."""
        while True:
            frame: Frame = await self._socket.receive_json(timeout=PATIENCE_SECONDS)
            content = frame.get(type_, frame) or {}
            if frame["type"] == type_ and all(content[key] == wanted[key] for key in wanted):
                return frame

    async def frames(self) -> list[Frame]:
        """Everything sent before the answer to a ping."""
        await self.send("ping")
        found = []
        while (frame := await self._socket.receive_json(timeout=PATIENCE_SECONDS))[
            "type"
        ] != "pong":
            found.append(frame)
        return found


@asynccontextmanager
async def connected(
    warmline: Warmline, visitor: Visitor, *, after: int = 0
) -> AsyncIterator[tuple[Widget, Frame]]:
    async with warmline.client.ws_connect(SOCKET) as socket:
        widget = Widget(socket)
        await widget.send("hello", token=visitor.token, after=after)
        yield widget, await widget.next("ready")


async def claimed(agent: Staff, visitor: Visitor) -> str:
    """The visitor's conversation, in the agent's hands."""
    await visitor.answer("a person", "/contact_human_agent")
    state = await visitor.look()
    await agent.post(f"/conversations/{state['conversation']['id']}/claim")
    return f"/conversations/{state['conversation']['id']}"


def texts(frames: list[Frame]) -> list[str]:
    return [frame["message"]["text"] for frame in frames if frame["type"] == "message"]


async def test_a_conversation_over_the_socket(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    async with connected(warmline, visitor) as (widget, ready):
        assert ready["conversation"] is None
        client_id = str(uuid.uuid4())
        await widget.send("message", id=client_id, text="when are you open?")
        own = (await widget.next("message"))["message"]
        assert (own["author"], own["client_id"], own["seq"]) == ("customer", client_id, 1)
        answer = (await widget.next("message"))["message"]
        assert (answer["author"], answer["client_id"]) == ("bot", None)
        assert answer["in_reply_to"] == own["id"]


async def test_resuming_brings_exactly_what_was_missed_in_order(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    for text in ("hello", "when are you open?", "thanks"):
        await visitor.answer(text)
    whole = (await visitor.look())["messages"]
    assert [line["seq"] for line in whole] == list(range(1, len(whole) + 1))
    for after in range(len(whole) + 1):
        async with connected(warmline, visitor, after=after) as (widget, ready):
            assert ready["conversation"]["last_seq"] == len(whole)
            missed = [frame["message"] for frame in await widget.frames()]
            assert missed == whole[after:]
            assert (await visitor.look(after=after))["messages"] == missed


async def test_one_client_id_is_one_message_however_it_comes(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    body = {"id": "one", "text": "hello"}
    async with connected(warmline, visitor) as (widget, _):
        for _ in range(3):
            await widget.send("message", **body)
        posted = await asyncio.gather(
            *(visitor.post("/widget/messages", body, status=202) for _ in range(5))
        )
        assert len({answer["message"]["id"] for answer in posted}) == 1
        await visitor.until(lambda state: len(state["messages"]) >= 2)
        await widget.frames()
    lines = (await visitor.look())["messages"]
    assert [line["author"] for line in lines] == ["customer", "bot"]


async def test_the_same_client_id_of_another_visitor_is_another_message(
    warmline: Warmline,
) -> None:
    body = {"id": "one", "text": "hello"}
    ids = set()
    for _ in range(2):
        visitor = await warmline.visitor()
        answer = await visitor.post("/widget/messages", body, status=202)
        ids.add(answer["message"]["id"])
    assert len(ids) == 2


async def test_two_pages_of_one_visitor_show_the_same(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    async with connected(warmline, visitor) as (one, _), connected(warmline, visitor) as (two, _):
        await one.send("message", id="one", text="hello")
        for widget in (one, two):
            assert (await widget.next("message", author="customer"))["message"]["text"] == "hello"
            await widget.next("message", author="bot")


async def test_a_page_misses_nothing_of_a_conversation_that_begins_while_it_looks(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await warmline.visitor()
    services, looked = warmline.app[SERVICES], asyncio.Event()

    async def slow(*given: Any, after: int) -> Snapshot:
        """Brings the question, once its answer has been told of."""
        with services.bus.subscribe(lambda event: event.type == "turn") as ended:
            seen = await snapshot(*given, after=after)
            if [line.author for line in seen.messages] == ["customer"] and not looked.is_set():
                looked.set()
                await ended.next()
        return seen

    async with connected(warmline, visitor) as (widget, _):
        monkeypatch.setattr("desk.widget_socket.snapshot", slow)
        async with services.slots.taken(), services.slots.taken():
            await visitor.say("hello")
            await asyncio.wait_for(looked.wait(), PATIENCE_SECONDS)
        await widget.next("message", author="bot")


async def test_the_place_in_the_queue_moves_when_somebody_ahead_is_claimed(
    warmline: Warmline,
) -> None:
    agent = await warmline.staff()
    first, second = await warmline.visitor(), await warmline.visitor()
    await first.answer("a person", "/contact_human_agent")
    await second.answer("a person", "/contact_human_agent")
    async with connected(warmline, second) as (widget, ready):
        assert ready["conversation"]["state"] == "waiting"
        assert ready["conversation"]["queue_position"] == 2
        ahead = (await first.look())["conversation"]["id"]
        await agent.post(f"/conversations/{ahead}/claim")
        await widget.next("conversation", queue_position=1)
        await agent.post(f"/conversations/{ready['conversation']['id']}/claim")
        moved = await widget.next("conversation", state="agent")
        assert moved["conversation"]["queue_position"] is None
        assert moved["conversation"]["agent"] == {"name": "Nora Agent"}


async def test_an_agent_joins_types_and_answers_and_notes_stay_private(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    at = await claimed(agent, visitor)
    seen = (await visitor.look())["conversation"]["last_seq"]
    async with connected(warmline, visitor, after=seen) as (widget, ready):
        assert ready["conversation"]["agent"] == {"name": "Nora Agent"}
        await agent.post(f"{at}/typing", status=204)
        assert (await widget.next("typing"))["name"] == "Nora Agent"
        await agent.post(f"{at}/notes", {"text": "a difficult one"}, status=201)
        await agent.post(f"{at}/messages", {"text": "Hi, Nora here"}, status=201)
        frames = [await widget.next("message"), *await widget.frames()]
        assert texts(frames) == ["Hi, Nora here"]
        assert frames[0]["message"]["author_name"] == "Nora Agent"
        assert "a difficult one" not in str(frames)
    polled = await visitor.look()
    assert "a difficult one" not in str(polled)
    assert not any(line["private"] for line in polled["messages"])


async def test_a_visitors_typing_reaches_the_agent_and_only_then(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    at = await claimed(agent, visitor)
    conversation_id = at.rpartition("/")[2]
    with warmline.app[SERVICES].bus.subscribe(lambda event: event.type == "typing") as events:
        await visitor.call("POST", "/widget/typing", {}, status=204)
        event = await asyncio.wait_for(events.next(), PATIENCE_SECONDS)
        assert (event.conversation_id, event.data["author"]) == (conversation_id, "customer")
        await agent.post(f"{at}/resolve")
        await visitor.call("POST", "/widget/typing", {}, status=204)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(events.next(), 0.2)


async def test_a_return_to_the_bot_and_an_end_are_seen_live(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    at = await claimed(agent, visitor)
    async with connected(warmline, visitor) as (widget, _):
        await agent.post(f"{at}/return", {"resume": "drop"})
        assert (await widget.next("conversation", state="bot"))["conversation"]["agent"] is None
        await widget.send("message", id="one", text="when are you open?")
        answer = await widget.next("message", author="bot")
        while not answer["message"]["text"].startswith("Our shop"):
            answer = await widget.next("message", author="bot")


async def test_long_polling_returns_as_soon_as_something_comes(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    at = await claimed(agent, visitor)
    state = await visitor.look()
    last, version = state["conversation"]["last_seq"], state["version"]
    assert (await visitor.look(after=last, version=version))["messages"] == []
    for change, body in (("messages", {"text": "Hi"}), ("transfer", {"queue": "support"})):
        poll = asyncio.create_task(
            visitor.look(after=last, wait=LONGEST_POLL_SECONDS, version=version)
        )
        await asyncio.sleep(0.1)
        assert not poll.done()
        await agent.call("POST", f"{at}/{change}", body, status=None)
        # Far less than a poll may wait, and so not its end.
        state = await asyncio.wait_for(poll, LONGEST_POLL_SECONDS / 2)
        last, version = state["conversation"]["last_seq"], state["version"]
    assert state["conversation"]["state"] == "waiting"


async def test_long_polling_ends_when_its_time_is_over(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    started = time.monotonic()
    assert (await visitor.look(wait=0.3))["messages"] == []
    assert time.monotonic() - started > 0.25
    refused = await visitor.get("/widget/conversation?wait=26", status=422)
    assert refused["error"]["detail"] == {"field": "wait"}


async def test_what_was_seen_is_marked_and_never_moves_back(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("hello")
    conversation_id = (await visitor.look())["conversation"]["id"]
    for sent, kept in ((2, 2), (1, 2), (900, 2)):
        await visitor.call("POST", "/widget/seen", {"seq": sent}, status=204)
        async with warmline.app[SERVICES].database.read() as uow:
            row = await uow.conversations.get(conversation_id)
        assert row is not None
        assert row.seen_seq == kept


async def test_a_returning_visitor_keeps_the_conversation(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("hello")
    again = await visitor.post("/widget/sessions", {"token": visitor.token})
    assert await Visitor(warmline.client, again["token"]).look() == await visitor.look()
    for unusable in ("", "x", visitor.token + "x"):
        other = await visitor.post("/widget/sessions", {"token": unusable})
        seen = await Visitor(warmline.client, other["token"]).look()
        assert seen["conversation"] is None


def _tampered(token: str) -> list[str]:
    content = jwt.decode(token, options={"verify_signature": False})
    ended = {**content, "exp": now() - timedelta(hours=1)}
    return [
        "",
        "x",
        token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        jwt.encode(content, "another secret, as long as one has to be", "HS256"),
        jwt.encode(content, "", "none"),
        jwt.encode(ended, "another secret, as long as one has to be", "HS256"),
        jwt.encode({**content, "aud": CUSTOMER_AUDIENCE}, SHOP_SECRET, "HS256"),
    ]


async def test_a_token_that_is_not_ours_is_refused(warmline: Warmline) -> None:
    visitor = await warmline.visitor()
    await visitor.answer("hello")
    for token in _tampered(visitor.token):
        refused = await Visitor(warmline.client, token).get("/widget/conversation", status=401)
        assert refused["error"]["code"] == "session_expired"
        async with warmline.client.ws_connect(SOCKET) as socket:
            await socket.send_json({"type": "hello", "token": token, "after": 0})
            assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["error"][
                "code"
            ] == "session_expired"
            await socket.receive(timeout=PATIENCE_SECONDS)
            assert socket.close_code == 4401


async def _demo_token(warmline: Warmline, reference: str) -> str:
    async with warmline.client.get("/") as response:
        page = await response.text()
    for part in page.replace("'", '"').split('"'):
        if part.count(".") == 2 and part.startswith("ey"):
            content = jwt.decode(part, options={"verify_signature": False})
            if content["sub"] == reference:
                return part
    raise LookupError(f"the demo's page offers no {reference}")


async def test_a_customer_the_shop_vouches_for_is_not_asked_which_order(
    warmline: Warmline,
) -> None:
    visitor = await warmline.visitor(await _demo_token(warmline, "C-1012"))
    (answer,) = await visitor.answer("where is my order?")
    assert "two-person tent" in answer
    assert "order number" not in answer
    agent = await warmline.staff()
    (conversation,) = (await agent.get("/conversations"))["items"]
    assert conversation["customer"]["name"] == "Ben Okafor"
    detail = await agent.get(f"/conversations/{conversation['id']}")
    assert detail["customer"]["verification"]["level"] == "verified"
    panel = await agent.get(f"/conversations/{conversation['id']}/customer")
    assert {order["number"] for order in panel["orders"]} == {"10861", "10274"}


async def test_a_customer_keeps_the_conversation_on_every_device(warmline: Warmline) -> None:
    token = await _demo_token(warmline, "C-1007")
    laptop, phone = await warmline.visitor(token), await warmline.visitor(token)
    await laptop.answer("hello")
    assert (await phone.look())["messages"] == (await laptop.look())["messages"]
    # Signing out of the shop ends it: the widget's token alone does not keep a customer.
    after = await laptop.post("/widget/sessions", {"token": laptop.token})
    assert after["customer"] is None
    assert (await Visitor(warmline.client, after["token"]).look())["conversation"] is None


async def test_a_customers_token_that_cannot_be_trusted_is_refused(warmline: Warmline) -> None:
    good = jwt.decode(await _demo_token(warmline, "C-1012"), options={"verify_signature": False})
    visitor = await warmline.visitor()
    forged = customer_token(
        SHOP_SECRET, reference="C-1012", name="Ben", email="b@x.test", lasts=timedelta(hours=1)
    )
    for token in (
        "x",
        forged,
        jwt.encode({**good, "aud": VISITOR_AUDIENCE}, SHOP_SECRET, "HS256"),
        jwt.encode(good, "", "none"),
        visitor.token,
    ):
        refused = await visitor.post("/widget/sessions", {"customer_token": token}, status=401)
        assert refused["error"]["code"] == "customer_token"
