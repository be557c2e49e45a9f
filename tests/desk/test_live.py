"""The staff's live socket: who is told what, and until when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.app import SERVICES
from bot.events import Event
from bot.services import Services
from desk.routes import find_staff
from desk.standing import CHECKED_FOR_SECONDS
from desk.static_files import static_files
from tests.client import API, PATIENCE_SECONDS, Staff, Warmline

Frame = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse[bool]


@asynccontextmanager
async def watching(warmline: Warmline, staff: Staff) -> AsyncIterator[Socket]:
    jar = aiohttp.DummyCookieJar()
    async with (
        aiohttp.ClientSession(warmline.client.make_url("/"), cookie_jar=jar) as session,
        session.ws_connect(f"{API}/live") as socket,
    ):
        await socket.send_json({"type": "hello", "token": staff.token})
        ready = await socket.receive_json(timeout=PATIENCE_SECONDS)
        assert ready == {"type": "ready", "edition": static_files().version}
        yield socket


async def until(socket: Socket, **wanted: Any) -> list[Frame]:
    """The frames up to the first one that holds these values, in it or in what it carries."""
    frames: list[Frame] = []
    while True:
        frame: Frame = await socket.receive_json(timeout=PATIENCE_SECONDS)
        frames.append(frame)
        content = {**frame, **(frame.get(frame["type"]) or {})}
        if all(content.get(key) == value for key, value in wanted.items()):
            return frames


def kinds(frames: list[Frame]) -> set[str]:
    return {frame["type"] for frame in frames}


async def test_an_agent_sees_a_conversation_grow_and_change_hands(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    async with watching(warmline, agent) as socket:
        asked = await visitor.say("when are you open?")
        frames = await until(socket, author="bot", in_reply_to=asked["id"])
        said = [frame["message"] for frame in frames if frame["type"] == "message"]
        assert [line["author"] for line in said] == ["customer", "bot"]
        await visitor.answer("a person", "/contact_human_agent")
        (*_, waiting) = await until(socket, state="waiting")
        assert waiting["conversation"]["handoff"]["reason"]["code"] == "customer_asked"
        at = f"/conversations/{waiting['conversation']['id']}"
        epoch = waiting["conversation"]["owner_epoch"]
        await agent.post(f"{at}/claim")
        (*_, claimed) = await until(socket, type="conversation", state="agent")
        assert claimed["conversation"]["agent"]["name"] == "Nora Agent"
        assert claimed["conversation"]["owner_epoch"] == epoch + 1
        await agent.post(f"{at}/notes", {"text": "a note"}, status=201)
        (*_, note) = await until(socket, text="a note")
        assert note["message"]["private"]
        await visitor.call("POST", "/widget/typing", {}, status=204)
        (*_, typing) = await until(socket, type="typing")
        assert typing["author"] == "customer"
        assert typing["conversation_id"] == waiting["conversation"]["id"]


async def test_turns_are_for_leads_alone(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    visitor = await warmline.visitor()
    async with watching(warmline, agent) as agents, watching(warmline, lead) as leads:
        asked = await visitor.say("when are you open?")
        (*_, turn) = await until(leads, type="turn")
        assert turn["turn"]["message_id"] == asked["id"]
        assert turn["turn"]["intent"] == "opening_hours"
        assert turn["turn"]["outcome"] == "answered"
        await visitor.answer("thanks, that is all")
        last = (await visitor.look())["messages"][-1]
        frames = await until(agents, id=last["id"])
        # Its turn is published after the message: nothing of it may come before the next one.
        await visitor.answer("bye")
        frames += await until(agents, author="bot", seq=6)
        assert "turn" not in kinds(frames)


async def test_an_agent_is_told_how_far_a_message_has_come(warmline: Warmline) -> None:
    agent = await warmline.staff()
    async with watching(warmline, agent) as socket:
        told = {"message_id": "m1", "state": "read"}
        await warmline.app[SERVICES].bus.publish(Event("receipt", "v1", told))
        frame = await socket.receive_json(timeout=PATIENCE_SECONDS)
    assert frame == {"type": "receipt", "conversation_id": "v1", **told}


async def test_an_open_page_makes_its_user_online(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")

    async def online() -> set[str]:
        users = (await lead.get("/users"))["items"]
        return {user["name"] for user in users if user["online"]}

    assert await online() == set()
    async with watching(warmline, agent):
        assert await online() == {"Nora Agent"}


async def test_whoever_has_signed_out_is_told_nothing_more(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    async with watching(warmline, agent) as socket:
        await agent.call("POST", "/logout", {}, status=204)
        await visitor.say("my secret")
        frame = await socket.receive_json(timeout=PATIENCE_SECONDS)
        assert (frame["type"], frame["error"]["code"]) == ("error", "not_signed_in")
        assert (await socket.receive(timeout=PATIENCE_SECONDS)).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4401


async def test_a_session_that_ended_without_a_word_is_found_within_a_second_and_not_at_each_event(
    warmline: Warmline, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    async def counted(services: Services, shown: str) -> object:
        looked.append(shown)
        return await find_staff(services, shown)

    monkeypatch.setattr("desk.standing.find_staff", counted)
    agent, services = await warmline.staff(), warmline.app[SERVICES]
    told = {"message_id": "m1", "state": "read"}
    async with watching(warmline, agent) as socket:
        started = time.monotonic()
        for _ in range(100):
            await services.bus.publish(Event("receipt", "v1", told))
            assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["type"] == "receipt"
        assert len(looked) <= 2 + time.monotonic() - started
        async with services.database.write() as uow:
            await uow.staff.end_sessions(agent.user["id"])
        await asyncio.sleep(CHECKED_FOR_SECONDS)
        await services.bus.publish(Event("receipt", "v1", told))
        frame = await socket.receive_json(timeout=PATIENCE_SECONDS)
        assert (frame["type"], frame["error"]["code"]) == ("error", "not_signed_in")


async def test_a_broken_frame_is_refused_and_the_next_one_read(warmline: Warmline) -> None:
    agent, visitor = await warmline.staff(), await warmline.visitor()
    async with watching(warmline, agent) as socket:
        for broken in ("", "{", "[]", '{"type": 1}', "[" * 5_000):
            await socket.send_str(broken)
            assert (await socket.receive_json(timeout=PATIENCE_SECONDS))["error"][
                "code"
            ] == "invalid"
        await socket.send_json({"type": "pong"})
        await visitor.say("hello")
        await until(socket, author="bot")


async def test_colleagues_see_who_has_a_conversation_open_until_they_are_gone(
    warmline: Warmline,
) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    at = {"conversation_id": "c1"}
    async with watching(warmline, agent) as noras:
        await noras.send_json({"type": "looking", **at})
        async with watching(warmline, lead) as liams:
            for broken in ({"conversation_id": 1}, {**at, "writing": "yes"}):
                await liams.send_json({"type": "looking", **broken})
                *_, refused = await until(liams, type="error")
                assert refused["error"]["code"] == "invalid"
            await liams.send_json({"type": "looking", **at, "writing": True})
            *_, frame = await until(liams, type="looking")
            nora = {"id": agent.user["id"], "name": "Nora Agent", "writing": False}
            assert frame == {"type": "looking", **at, "colleagues": [nora]}
            *_, frame = await until(noras, type="looking")
            liam = {"id": lead.user["id"], "name": "Liam Lead", "writing": True}
            assert frame == {"type": "looking", **at, "colleagues": [liam]}
        *_, frame = await until(noras, type="looking")
        assert frame == {"type": "looking", **at, "colleagues": []}
