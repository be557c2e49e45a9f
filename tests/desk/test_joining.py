"""One customer on several channels, over HTTP and with the real assistant."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import SERVICES
from bot.carry_over import GOES_ON, TOO_OFTEN, WRONG
from bot.clock import now
from bot.live_model import Assistant
from bot.one_time_code import HIDDEN
from tests.client import API, Visitor, eventually
from tests.desk.acme import ADDRESS, House, opened
from tests.desk.test_widget import connected

JOINED = "one-time code from web"


@pytest.fixture
async def house(
    assistant: Assistant, shop_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with opened(assistant, tmp_path, monkeypatch) as running:
        yield running


async def code_for(visitor: Visitor) -> str:
    made: dict[str, Any] = await visitor.call("POST", "/widget/codes", status=201)
    code: str = made["code"]
    return code


async def carried_over(house: House, visitor: Visitor, address: str = ADDRESS) -> None:
    await house.write(await code_for(visitor), address)
    await house.hear(GOES_ON, address)


async def post(house: House, visitor: Visitor, path: str, body: object) -> aiohttp.ClientResponse:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    return await house.warmline.client.post(f"{API}{path}", json=body, headers=headers)


async def test_an_open_form_goes_on_on_another_channel(house: House) -> None:
    visitor = await house.warmline.visitor()
    (question,) = await visitor.answer("where is my order?")
    assert "order number" in question
    await carried_over(house, visitor)
    await house.write("10432")
    await house.hear("postcode")
    await house.write("BS1 4DJ")
    assert "hiking boots" in await house.hear("hiking boots")
    lines = (await visitor.look())["messages"]
    shown = [(line["author"], line["channel"], line["text"]) for line in lines]
    assert ("customer", "acme", HIDDEN) in shown
    assert ("system", "acme", GOES_ON) in shown
    assert shown[-2] == ("customer", "acme", "BS1 4DJ")
    assert "WL-" not in str(lines)


async def test_a_code_says_where_it_can_be_sent(house: House) -> None:
    visitor = await house.warmline.visitor()
    refused = await visitor.call("POST", "/widget/codes", status=409)
    assert refused["error"]["code"] == "conflict"
    await visitor.answer("hello")
    made = await visitor.call("POST", "/widget/codes", status=201)
    assert re.fullmatch(r"WL-[2-9A-Z]{4}-[2-9A-Z]{4}", made["code"])
    assert made["expires_at"] > now().isoformat()
    assert made["channels"] == [
        {
            "channel": "acme",
            "name": "Acme",
            "address": "+15550001111",
            "url": f"acme:+15550001111?body={made['code']}",
        }
    ]


async def test_wrong_codes_are_told_so_and_after_five_to_wait(house: House) -> None:
    visitor = await house.warmline.visitor()
    await visitor.answer("hello")
    for _ in range(5):
        await house.write("WL-2222-2222")
    await house.write(await code_for(visitor))
    await house.hear(TOO_OFTEN)
    assert house.provider.texts(ADDRESS) == [WRONG] * 5 + [TOO_OFTEN]
    lead = await house.warmline.staff("lead@demo.test")
    assert len((await lead.get("/turns"))["items"]) == 1, "no turn for a code"


async def test_another_channels_message_reaches_the_agent_and_answers_go_where_it_came_from(
    house: House,
) -> None:
    agent, visitor = await house.warmline.staff(), await house.warmline.visitor()
    await house.write("hello")
    await house.hear("Hello")
    at = await house.claimed(agent, visitor)
    await carried_over(house, visitor)
    await house.write("I am on the train now")
    detail = await agent.get(at)
    assert (detail["state"], detail["channel"]) == ("agent", "acme")
    assert detail["messages"][-1]["text"] == "I am on the train now"
    await agent.post(f"{at}/messages", {"text": "Then I write there"}, status=201)
    await house.hear("Then I write there")
    await visitor.say("home again")
    sent = await agent.post(f"{at}/messages", {"text": "Welcome home"}, status=201)
    assert sent["channel"] == "web"
    assert "Welcome home" in str((await visitor.look())["messages"])
    await house.write("and back")
    await agent.post(f"{at}/messages", {"text": "The last one"}, status=201)
    await house.hear("The last one")
    assert "Welcome home" not in house.provider.texts(ADDRESS)


async def test_the_agent_sees_joins_and_earlier_conversations_and_can_undo(house: House) -> None:
    agent, visitor = await house.warmline.staff(), await house.warmline.visitor()
    await house.write("when are you open?")
    await house.hear("Our shop")
    await visitor.answer("hello")
    await carried_over(house, visitor)
    at = f"/conversations/{(await visitor.look())['conversation']['id']}"
    customer = (await agent.get(at))["customer"]
    (join,) = customer["joins"]
    assert (join["channel"], join["proof"], join["undone_at"]) == ("acme", JOINED, None)
    assert {each["channel"] for each in customer["identities"]} == {"web", "acme"}
    (earlier,) = customer["earlier"]
    assert earlier["last_message"]["author"] == "bot"
    other = await agent.get(f"/conversations/{earlier['id']}")
    assert [each["id"] for each in other["customer"]["joins"]] == [join["id"]]
    await agent.call("POST", f"/joins/{join['id']}/undo", status=204)
    refused = await agent.call("POST", f"/joins/{join['id']}/undo", status=409)
    assert refused["error"]["code"] == "undone"
    customer = (await agent.get(at))["customer"]
    (undone,) = customer["joins"]
    assert (undone["undone_by"], undone["undone_at"] is not None) == ("Nora Agent", True)
    assert customer["earlier"] == []
    await house.write("and on Sunday?")

    async def has_arrived() -> bool | None:
        lines = (await agent.get(f"/conversations/{earlier['id']}"))["messages"]
        return any(line["text"] == "and on Sunday?" for line in lines) or None

    await eventually(has_arrived)
    events = [line["event"] for line in (await agent.get(at))["messages"] if line["private"]]
    assert events == ["joined", "unjoined"]


async def test_a_guest_who_signs_in_goes_on_where_they_were(house: House) -> None:
    agent, guest = await house.warmline.staff(), await house.warmline.visitor()
    (question,) = await guest.answer("where is my order?")
    assert "order number" in question
    before = (await guest.look())["conversation"]["id"]
    customer = await house.signed_in(guest, "C-1012")
    state = await customer.look()
    assert state["conversation"]["id"] == before
    assert [line["author"] for line in state["messages"]] == ["customer", "bot"]
    # The form goes on, and now it knows which of their own orders can be meant.
    (answer,) = await customer.answer("where is my order?")
    assert "order 10861 (two-person tent)" in answer
    shown = (await agent.get(f"/conversations/{before}"))["customer"]
    assert (shown["name"], shown["verification"]["level"]) == ("Ben Okafor", "verified")
    # Whoever has the guest's token still, has nothing.
    assert (await guest.look())["conversation"] is None
    again = await house.signed_in(guest, "C-1012")
    assert (await again.look())["conversation"]["id"] == before


async def test_what_a_visitor_proves_they_write_from_becomes_theirs(house: House) -> None:
    await house.write("when are you open?")
    await house.hear("Our shop")
    visitor = await house.warmline.visitor()
    async with connected(house.warmline, visitor) as (widget, _):
        await widget.send("message", id="one", text="hello")
        await widget.next("message", author="bot")
        body = {"channel": "acme", "address": "+1 (555) 123-0000"}
        assert await visitor.post("/widget/proofs", body, status=202) == {}
        text = await house.hear("is your code")
        code = text.partition(" ")[0]
        assert re.fullmatch(r"\d{6}", code)
        answer = await visitor.post("/widget/proofs/confirm", {"code": f" {code[:3]} {code[3:]}"})
        assert answer == {"joined": True}
        await house.write("thanks")
        await widget.next("message", author="customer", channel="acme", text="thanks")
    agent = await house.warmline.staff()
    for item in (await agent.get("/conversations"))["items"]:
        assert code not in str(await agent.get(f"/conversations/{item['id']}"))
    refused = await visitor.post("/widget/proofs/confirm", {"code": code}, status=422)
    assert refused["error"]["detail"] == {"field": "code"}


async def test_a_widget_that_goes_on_in_another_conversation_shows_it_from_its_start(
    house: House,
) -> None:
    agent = await house.warmline.staff()
    await house.write("a person please")
    (item,) = await house.warmline.waiting(agent)
    visitor = await house.warmline.visitor()
    await visitor.answer("hello")
    own = (await visitor.look())["conversation"]
    async with connected(house.warmline, visitor, after=own["last_seq"]) as (widget, _):
        await house.write(await code_for(visitor))
        changed = await widget.next("conversation", state="waiting")
        assert changed["conversation"]["id"] == item["conversation_id"] != own["id"]
        first = (await widget.next("message"))["message"]
        assert (first["seq"], first["text"]) == (1, "a person please")
    state = await visitor.look()
    assert state["conversation"]["id"] == item["conversation_id"]


async def test_nobody_learns_which_addresses_there_are(house: House) -> None:
    await house.write("hello")
    await house.hear("Hello")
    stranger = await house.warmline.visitor()
    for channel, address in (
        ("acme", "+15559999999"),
        ("nonsense", ADDRESS),
        ("web", "guest:x"),
    ):
        body = {"channel": channel, "address": address}
        assert await stranger.post("/widget/proofs", body, status=202) == {}
    answer = await post(house, stranger, "/widget/proofs", {"channel": "acme", "address": ADDRESS})
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 200
    assert (await answer.json())["error"]["code"] == "too_many"
    # An address gets no more than three either, and that is not told.
    for _ in range(4):
        other = await house.warmline.visitor()
        body = {"channel": "acme", "address": ADDRESS}
        assert await other.post("/widget/proofs", body, status=202) == {}
    await house.write("bye")
    await eventually(lambda: _codes(house, 3))
    assert house.provider.texts("+15559999999") == []


async def _codes(house: House, count: int) -> bool | None:
    return sum("is your code" in text for text in house.provider.texts(ADDRESS)) == count or None


async def test_five_wrong_tries_end_a_code(house: House) -> None:
    await house.write("hello")
    visitor = await house.warmline.visitor()
    await visitor.post("/widget/proofs", {"channel": "acme", "address": ADDRESS}, status=202)
    code = (await house.hear("is your code")).partition(" ")[0]
    stranger = await house.warmline.visitor()
    await stranger.post("/widget/proofs/confirm", {"code": code}, status=422)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for shown in (*[wrong] * 5, code):
        refused = await visitor.post("/widget/proofs/confirm", {"code": shown}, status=422)
        assert refused["error"]["code"] == "invalid"
    assert (await visitor.look())["conversation"] is None


async def test_no_code_goes_to_whom_it_would_tell_nothing_or_who_opted_out(house: House) -> None:
    await house.write("hello")
    await house.hear("Hello")
    visitor = await house.warmline.visitor()
    await visitor.answer("hello")
    await carried_over(house, visitor)
    body = {"channel": "acme", "address": ADDRESS}
    await visitor.post("/widget/proofs", body, status=202)
    async with house.warmline.app[SERVICES].database.write() as uow:
        await uow.opt_outs.add("acme", "+2", at=now())
    await house.write("hello", "+2")
    stranger = await house.warmline.visitor()
    await stranger.post("/widget/proofs", {**body, "address": "+2"}, status=202)
    await house.write("hello", "+3")
    await stranger.post("/widget/proofs", {**body, "address": "+3"}, status=202)
    await house.hear("is your code", "+3")
    for address in (ADDRESS, "+2"):
        assert "is your code" not in str(house.provider.texts(address))
