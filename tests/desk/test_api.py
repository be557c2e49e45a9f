"""The API against its own OpenAPI document, over a conversation from hello to the end."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import jsonschema
import jwt
import pytest

from bot import demo
from bot.app import ROUTES, SERVICES
from bot.clock import now
from bot.handoff_request import UNDECIDED
from bot.one_time_code import LASTS, hash_of
from bot.records import OneTimeCode
from tests.client import API, Caller, Staff, Visitor, Warmline, eventually
from tests.dead_letters import give_up_delivery
from tests.desk.access_walk import walk_access
from tests.desk.audited import newest_line_of, should_leave_a_line
from tests.desk.customer_data_walk import walk_customer_data
from tests.desk.learning_walk import walk_learning
from tests.receiver import receiving

MESSAGE_KEYS = {  # design.md, and what the pages need besides
    *("id", "seq", "turn_id", "author", "text", "buttons", "channel", "created_at", "in_reply_to"),
    *("author_name", "private", "client_id"),
    *("event", "about", "image", "attachments", "delivery"),
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def strict(schema: Any) -> Any:
    """OpenAPI 3.0's schema as JSON Schema, with no property that it does not name."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        changed.setdefault("additionalProperties", False)
    return {"anyOf": [changed, {"type": "null"}]} if schema.get("nullable") is True else changed


@dataclass(frozen=True, slots=True)
class Api:
    """Calls by the path of the document, and holds every answer to it."""

    warmline: Warmline
    document: dict[str, Any]
    called: set[tuple[str, str]] = field(default_factory=set)
    audited: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)

    async def __call__(
        self,
        who: Caller,
        method: str,
        path: str,
        body: object = None,
        *,
        status: int | None = None,
        query: str = "",
        **parameters: str,
    ) -> Any:
        responses = self.document["paths"][API + path][method.lower()]["responses"]
        # Of 200 and 202 it is the second: what was asked before is answered with the first.
        success = max(int(code) for code in responses if code < "400")
        wanted = success if status is None else status
        address = path.format(**parameters) + (f"?{query}" if query else "")
        before = await self._newest_line(who)
        answer = await who.call(method, address, body, status=wanted)
        if await self._newest_line(who) != before:
            self.audited.add((method, path))
        described = responses["default" if wanted >= 400 else str(wanted)]
        if "content" not in described:
            assert answer is None
        else:
            schema = described["content"]["application/json"]["schema"]
            whole = {**strict(schema), "components": strict(self.document["components"])}
            jsonschema.validate(answer, whole)
        (self.called if wanted < 400 else self.refused).add((method, path))
        return answer

    async def _newest_line(self, who: Caller) -> str | None:
        if not isinstance(who, Staff):
            return None
        return await newest_line_of(self.warmline.app[SERVICES], who.user["id"])


@pytest.fixture
async def api(warmline: Warmline) -> Api:
    async with warmline.client.get(f"{API}/openapi.json") as response:
        return Api(warmline, await response.json())


async def test_every_answer_of_a_whole_conversation_is_as_documented(
    warmline: Warmline, api: Api
) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    visitor = await warmline.visitor()
    nobody = Caller(warmline.client, "nobody's")
    await api(visitor, "POST", "/widget/sessions", {"token": visitor.token})
    failed = {"customer": "C-1007", "kind": "payment_failed", "about": "10432"}
    await api(agent, "POST", "/signals", failed)
    await api(visitor, "POST", "/signals", failed, status=401)
    assert (await api(visitor, "GET", "/widget/conversation"))["conversation"] is None
    said = {"id": "one", "text": "where is my order 10432?"}
    asked = (await api(visitor, "POST", "/widget/messages", said))["message"]
    await visitor.until(lambda state: len(state["messages"]) > 1)
    await visitor.answer("a person", "/contact_human_agent")
    await api(visitor, "POST", "/widget/typing", {})
    await api(visitor, "POST", "/widget/seen", {"seq": 2})
    await api(visitor, "POST", "/widget/consent", {"version": "of another notice"}, status=409)
    await api(visitor, "POST", "/widget/consent", {"version": None})
    seen = await api(visitor, "GET", "/widget/conversation")
    assert [line["in_reply_to"] for line in seen["messages"]][1] == asked["id"]

    signed_in = {"email": "agent@demo.test", "password": demo.PASSWORD}
    await api(nobody, "POST", "/login", signed_in)
    await api(nobody, "POST", "/login", {**signed_in, "password": "x"}, status=401)
    await api(agent, "GET", "/me")
    await api(agent, "GET", "/users")
    (handoff,) = (await api(agent, "GET", "/handoffs"))["items"]
    await api(agent, "GET", "/conversations")
    one = {"id": handoff["conversation_id"]}
    await api(agent, "GET", "/conversations/{id}", id="unknown", status=404)
    await api(agent, "GET", "/conversations/{id}/summary", **one)
    await api(agent, "POST", "/conversations/{id}/messages", {"text": "Hi"}, **one, status=409)
    await api(agent, "POST", "/conversations/{id}/claim", {}, **one)
    await api(lead, "POST", "/conversations/{id}/claim", {}, **one, status=409)
    await api(agent, "POST", "/conversations/{id}/typing", {}, **one)
    (first, *_) = (await api(agent, "GET", "/conversations/{id}/suggestions", **one))["items"]
    taken = {"suggestion_id": first["id"], **one}
    await api(agent, "POST", "/conversations/{id}/suggestions/{suggestion_id}/insert", {}, **taken)
    body = {"id": "r", "text": "Hi", "suggestion_id": first["id"]}
    reply = await api(agent, "POST", "/conversations/{id}/messages", body, **one)
    await api(agent, "GET", "/suggestions/figures", status=403)
    await api(lead, "GET", "/suggestions/figures")
    await api(agent, "POST", "/conversations/{id}/messages", {"text": " "}, **one, status=422)
    note = await api(agent, "POST", "/conversations/{id}/notes", {"text": "a note"}, **one)
    assert (note["private"], reply["private"]) == (True, False)
    await prepare(warmline, one["id"])
    decide = "/conversations/{id}/prepared/{prepared_id}"
    decided = await api(agent, "POST", f"{decide}/approve", {}, prepared_id="p1", **one)
    assert [change["state"] for change in decided["changes"]] == ["made"]
    await api(agent, "POST", f"{decide}/decline", {}, prepared_id="p2", **one)
    await api(agent, "POST", f"{decide}/approve", {}, prepared_id="p2", status=409, **one)
    await api(lead, "POST", f"{decide}/approve", {}, prepared_id="p1", status=409, **one)
    await api(agent, "POST", f"{decide}/decline", {}, prepared_id="p3", status=404, **one)
    await api(agent, "GET", "/conversations/{id}/customer", **one)
    await api(agent, "POST", "/conversations/{id}/transfer", {"queue": "support"}, **one)
    await api(agent, "POST", "/conversations/{id}/priority", {"priority": "urgent"}, **one)
    await api(agent, "PUT", "/me/presence", {"presence": "away"})
    await api(agent, "POST", "/handoffs/next", {}, status=409)
    await api(agent, "PUT", "/me/presence", {"presence": "online"})
    await api(agent, "POST", "/handoffs/next", {})
    await api(agent, "POST", "/handoffs/next", {}, status=404)
    await api(
        agent, "POST", "/conversations/{id}/priority", {"priority": "high"}, status=409, **one
    )
    serving = {"queues": ["support"], "skills": ["refunds"], "capacity": 3}
    await api(lead, "PUT", "/users/{id}/serving", serving, id=agent.user["id"])
    await api(lead, "PUT", "/users/{id}/serving", serving, id="unknown", status=404)
    nowhere = {**serving, "queues": ["nowhere"]}
    await api(lead, "PUT", "/users/{id}/serving", nowhere, id=agent.user["id"], status=422)
    await api(agent, "POST", "/conversations/{id}/return", {"resume": "done"}, **one)
    await visitor.answer("a person", "/contact_human_agent")
    await api(agent, "POST", "/conversations/{id}/claim", {}, **one)
    await walk_the_desk(api, agent, lead, one)
    await api(agent, "POST", "/conversations/{id}/messages", {"id": "d", "text": "Done."}, **one)
    detail = await api(agent, "POST", "/conversations/{id}/resolve", {}, **one)
    await walk_blocks(api, agent, lead, one)
    survey = (await api(visitor, "GET", "/widget/conversation"))["conversation"]["survey"]["id"]
    await api(visitor, "POST", "/widget/survey", {"survey": survey, "csat": 5})
    await api(visitor, "POST", "/widget/survey", {"survey": "unknown", "csat": 5}, status=404)
    for state in ("waiting", "accepted", "closed"):
        await api(agent, "GET", "/handoffs", query=f"state={state}")
    await api(agent, "GET", "/knowledge", query="q=boots")
    await api(lead, "GET", "/turns")
    await api(agent, "GET", "/turns", status=403)
    await api(lead, "GET", "/turns/facets")
    await api(nobody, "GET", "/turns", status=401)

    services = warmline.app[SERVICES]
    for decision in ("resend", "drop"):
        letter_id = await give_up_delivery(services, reply["id"])
        (listed,) = (await api(lead, "GET", "/dead-letters"))["items"]
        assert listed["id"] == letter_id
        path = f"/dead-letters/{{id}}/{decision}"
        await api(agent, "POST", path, {}, id=letter_id, status=403)
        await api(lead, "POST", path, {}, id=letter_id)
        await api(lead, "POST", path, {}, id=letter_id, status=409)
        await api(lead, "POST", path, {}, id="unknown", status=404)
    await api(lead, "GET", "/dead-letters/counts")

    made = await api(visitor, "POST", "/widget/codes")
    await warmline.rest("ada", made["code"])
    place = {"channel": "nonsense", "address": "+15551230000"}
    assert await api(visitor, "POST", "/widget/proofs", place) == {}
    await api(visitor, "POST", "/widget/proofs/confirm", {"code": "041873"}, status=422)
    await warmline.rest("bob", "hello")
    await give_code(warmline, visitor, "bob", "041873")
    await api(visitor, "POST", "/widget/proofs/confirm", {"code": "041873"})
    customer = (await api(agent, "GET", "/conversations/{id}", **one))["customer"]
    assert [join["channel"] for join in customer["joins"]] == ["rest", "rest"]
    await api(agent, "POST", "/joins/{id}/undo", id=customer["joins"][0]["id"])
    await api(agent, "POST", "/joins/{id}/undo", id=customer["joins"][0]["id"], status=409)
    await api(agent, "POST", "/joins/{id}/undo", id="unknown", status=404)

    answered = seen["messages"][1]
    told = await api(agent, "GET", "/messages/{id}/decision", id=answered["id"])
    assert answered["id"] in told["lines"]
    assert told["message_id"] == asked["id"]
    assert told["recorded"]
    decisions = (await api(agent, "GET", "/conversations/{id}/decisions", **one))["items"]
    assert {"handed_off", "resumed"} <= {each["decided"] for each in decisions}
    note_id = note["id"]
    await api(agent, "GET", "/messages/{id}/decision", id=note_id, status=404)
    for line in detail["messages"]:
        assert set(line) == MESSAGE_KEYS
        assert line["author"] in {"customer", "bot", "agent", "system"}
        assert TIME.fullmatch(line["created_at"])
    assert [line["seq"] for line in detail["messages"]] == list(
        range(1, len(detail["messages"]) + 1)
    )
    await walk_canned_replies(api, agent, lead)
    await walk_webhooks(api, lead, visitor)
    await walk_learning(api, lead, services)
    await walk_customer_data(api, warmline, await warmline.staff("admin@demo.test"), lead)
    await walk_access(api, warmline)
    # What no answer above came from is either a socket or new: then it is called by its address.
    for route in warmline.app[ROUTES]:
        if not route.is_socket and (route.method, route.path) not in api.called:
            if route.is_file or any(
                word in route.path for word in ("logout", "revoke", "files", "clusters")
            ):
                continue  # answers with a file; these come last; takes one; there is none
            if (route.method, route.path) in api.refused and route.method != "GET":
                continue  # needs a state that this talk was not in
            assert route.method == "GET", f"{route.path} is not walked"
            await api(lead, "GET", route.path, **one)
    await api(agent, "POST", "/logout", {})
    await api(lead, "POST", "/users/{id}/revoke", {}, id=agent.user["id"])
    unaudited = {
        (route.method, route.path) for route in warmline.app[ROUTES] if should_leave_a_line(route)
    }
    assert unaudited & api.called <= api.audited


async def walk_blocks(api: Api, agent: Staff, lead: Staff, one: dict[str, Any]) -> None:
    path = "/conversations/{id}/block"
    await api(agent, "POST", path, {"reason": "annoying"}, **one, status=422)
    detail = await api(agent, "POST", path, {"reason": "spam", "hours": 24}, **one)
    await api(agent, "POST", path, {"reason": "spam"}, **one, status=409)
    (block,) = (await api(lead, "GET", "/blocks"))["items"]
    assert (detail["block"], detail["wrap_up"]["outcome"]) == (block, "spam")
    await api(agent, "DELETE", "/blocks/{id}", id=block["id"])
    assert (await api(agent, "GET", "/conversations/{id}", **one))["block"] is None
    assert (await api(lead, "GET", "/blocks", query="over=true"))["items"][0]["id"] == block["id"]


async def walk_the_desk(api: Api, agent: Staff, lead: Staff, one: dict[str, Any]) -> None:
    await api(agent, "POST", "/conversations/{id}/snooze", {}, **one)
    await api(agent, "POST", "/conversations/{id}/snooze", {"until": "x"}, **one, status=422)
    await api(agent, "DELETE", "/conversations/{id}/snooze", **one)
    await api(agent, "DELETE", "/conversations/{id}/mentions", **one)
    await api(agent, "GET", "/conversations", query="search=order")
    await walk_tags(api, agent, one)
    assert (await api(agent, "GET", "/conversations/{id}/actions", **one))["items"] == []
    act = "/conversations/{id}/actions/{name}"
    doing = {"id": "x", "version": "x"}
    await api(agent, "POST", act, doing, name="cancel_order.1", **one, status=409)
    await api(agent, "POST", "/conversations/{id}/called-back", {}, **one, status=404)
    for answer in ("accept", "decline"):
        await api(agent, "POST", f"/handoffs/{{id}}/{answer}", {}, id="unknown", status=404)
    await api(lead, "POST", "/conversations/{id}/take-over", {"note": "You go home."}, **one)
    back = {"agent_id": agent.user["id"]}
    await api(lead, "POST", "/conversations/{id}/transfer", back, **one)
    await api(lead, "GET", "/team")


async def walk_tags(api: Api, agent: Staff, one: dict[str, Any]) -> None:
    path = "/conversations/{id}/tags/{name}"
    for name in ("Big%20Order", "vip", "vip", "24%2F7"):
        await api(agent, "PUT", path, name=name, **one)
    refused = await api(agent, "PUT", path, name="%E2%80%8B", status=422, **one)
    assert refused["error"]["detail"] == {"field": "name"}
    await api(agent, "PUT", path, name="vip", id="unknown", status=404)
    tags = await api(agent, "DELETE", path, name="24%2f7", **one)
    assert (
        tags
        == {"tags": ["big order", "vip"]}
        == await api(agent, "DELETE", path, name="never-there", **one)
    )
    listed = await api(agent, "GET", "/tags", query="limit=1")
    assert listed["items"] == [{"name": "big order", "open": 1}]
    listed = await api(agent, "GET", "/tags", query=f"cursor={listed['next']}")
    assert listed == {"items": [{"name": "vip", "open": 1}], "next": None}
    for query, count in (
        ("tag=VIP", 1),
        ("tag=vip&state=agent&search=a+person", 1),
        ("tag=vip&state=bot", 0),
        ("tag=order", 0),
    ):
        page = await api(agent, "GET", "/conversations", query=query)
        assert [each["tags"] for each in page["items"]] == [["big order", "vip"]] * count
    await api(agent, "GET", "/conversations", query="tag=", status=422)


async def walk_canned_replies(api: Api, agent: Caller, lead: Caller) -> None:
    hello = {"name": "Hello", "text": "Hello {customer_name}."}
    await api(agent, "POST", "/canned-replies", hello, status=403)
    one = {"id": (await api(lead, "POST", "/canned-replies", hello))["id"]}
    await api(lead, "POST", "/canned-replies", hello, status=409)
    await api(lead, "PUT", "/canned-replies/{id}", {**hello, "text": "{x}"}, status=422, **one)
    await api(lead, "PUT", "/canned-replies/{id}", {**hello, "text": "Hi."}, **one)
    await api(lead, "DELETE", "/canned-replies/{id}", **one)
    await api(lead, "DELETE", "/canned-replies/{id}", status=404, **one)


async def walk_webhooks(api: Api, lead: Caller, visitor: Visitor) -> None:
    async with receiving() as receiver:
        wish = {"url": receiver.url, "events": ["message_created"]}
        await api(lead, "POST", "/webhooks", {**wish, "url": "ftp://shop.test"}, status=422)
        one = {"id": (await api(lead, "POST", "/webhooks", wish))["id"]}
        await visitor.answer("hello")

        async def told() -> Any:
            items = (await api(lead, "GET", "/webhooks/{id}/deliveries", **one))["items"]
            return items[-1] if items and items[-1]["state"] == "delivered" else None

        delivery = {"delivery_id": (await eventually(told))["id"], **one}
        resend = "/webhooks/{id}/deliveries/{delivery_id}/resend"
        await api(lead, "POST", resend, {}, **delivery)
        await api(lead, "PATCH", "/webhooks/{id}", {"active": False}, **one)
        await api(lead, "DELETE", "/webhooks/{id}", **one)
        await api(lead, "DELETE", "/webhooks/{id}", status=404, **one)


async def prepare(warmline: Warmline, conversation_id: str) -> None:
    """Two changes on the hand-off's card, as the bot might have prepared them."""
    change: dict[str, Any] = {
        "title": "Mail the invoice of order 10861",
        "why": "Who asks could not be verified",
        "name": "mail_invoice",
        "arguments": {"order": "10861"},
        **UNDECIDED,
    }
    async with warmline.app[SERVICES].database.write() as uow:
        handoff = await uow.handoffs.open_of(conversation_id)
        assert handoff is not None
        other = {**change, "arguments": {**change["arguments"], "order": "10398"}}
        prepared = [{"id": "p1", **change}, {"id": "p2", **other}]
        card = {**handoff.card, "prepared": prepared}
        await uow.handoffs.set_card(replace(handoff, card=card))


async def give_code(warmline: Warmline, visitor: Visitor, address: str, code: str) -> None:
    """A code for this visitor, as if it had been sent to a customer of the REST channel."""
    shown_by = jwt.decode(visitor.token, options={"verify_signature": False})["sub"]
    async with warmline.app[SERVICES].database.write() as uow:
        given_to = await uow.customers.identity("rest", address)
        assert given_to is not None
        await uow.one_time_codes.replace(
            OneTimeCode(
                code_hash=hash_of(code, shown_by),
                customer_id=given_to.customer_id,
                channel="rest",
                address=address,
                shown_by=shown_by,
                created_at=now(),
                expires_at=now() + LASTS,
            )
        )


async def test_an_answer_names_the_customers_message_it_answers(warmline: Warmline) -> None:
    visitor, agent = await warmline.visitor(), await warmline.staff()
    first = await visitor.say("hello")
    second = await visitor.say("when are you open?")
    state = await visitor.until(lambda state: len(state["messages"]) >= 4)
    answers = {line["in_reply_to"]: line["text"] for line in state["messages"]}
    assert answers[first["id"]].startswith("Hello")
    assert answers[second["id"]].startswith("Our shop")
    asked = await visitor.say("a person", "/contact_human_agent")
    await visitor.until(lambda state: state["conversation"]["state"] == "waiting")
    at = f"/conversations/{state['conversation']['id']}"
    await agent.post(f"{at}/claim")
    sent = await agent.post(f"{at}/messages", {"text": "Nora here"}, status=201)
    assert sent["in_reply_to"] == asked["id"]
    lines = (await agent.get(at))["messages"]
    own = {line["id"] for line in lines if line["author"] == "customer"}
    assert {line["in_reply_to"] for line in lines} - {None} <= own
    assert all(line["in_reply_to"] is None for line in lines if line["author"] == "system")


async def _walk(who: Caller, path: str, limit: int) -> list[list[str]]:
    """The ids on each page, by following `next`."""
    pages: list[list[str]] = []
    cursor = ""
    while True:
        page = await who.get(f"{path}limit={limit}{cursor}")
        assert set(page) == {"items", "next"}
        assert len(page["items"]) <= limit
        pages.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            return pages
        cursor = f"&cursor={page['next']}"


async def test_lists_are_walked_once_without_gap_or_double(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")
    senders = [f"customer-{n}" for n in range(13)]
    await asyncio.gather(*(warmline.rest(sender, "I want a human") for sender in senders))
    for path in ("/conversations?", "/turns?", "/handoffs?", "/handoffs?state=waiting&"):
        (whole,) = await _walk(lead, path, 200)
        assert len(whole) == len(set(whole)) == 13
        for limit in (1, 4, 5, 12, 13):
            pages = await _walk(lead, path, limit)
            assert [row for page in pages for row in page] == whole
    for path in ("/conversations", "/turns", "/handoffs", "/users"):
        refused = await lead.get(f"{path}?limit=201", status=422)
        assert refused["error"]["detail"] == {"field": "limit"}


async def test_new_turns_do_not_shift_the_pages_below(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")
    for n in range(4):
        await warmline.rest("ada", f"hello {n}")
    before = await lead.get("/turns?limit=2")
    await warmline.rest("ada", "hello again")
    after = await lead.get(f"/turns?limit=2&cursor={before['next']}")
    assert [turn["text"] for turn in before["items"] + after["items"]] == [
        f"hello {n}" for n in (3, 2, 1, 0)
    ]


async def test_the_log_is_filtered_by_everything_it_shows(warmline: Warmline) -> None:
    lead, visitor = await warmline.staff("lead@demo.test"), await warmline.visitor()
    await warmline.rest("ada", "when are you open?")
    await warmline.rest("ada", "zxq wvv krrr")
    await warmline.rest("bob", "I want to talk to a human")
    await warmline.rest("cy", "100% wool wv_v")
    middle = datetime.now(timezone.utc)
    await visitor.answer("when are you open on Saturday?")
    conversation = (await visitor.look())["conversation"]["id"]

    async def found(query: str) -> set[str]:
        items = (await lead.get(f"/turns?{query}"))["items"]
        return {item["text"][:8] for item in items}

    opening, odd, person, wool = "when are", "zxq wvv ", "I want t", "100% woo"
    everything = {opening, odd, person, wool}
    assert await found("") == everything
    assert await found("intent=opening_hours") == {opening}
    assert {odd} <= await found("outcome=misunderstood") <= {odd, wool}
    assert await found("outcome=handed_off&reason=customer_asked") == {person}
    assert await found("reason=misunderstood") == set()
    assert len((await lead.get("/turns?channel=web"))["items"]) == 1
    assert len((await lead.get(f"/turns?conversation_id={conversation}"))["items"]) == 1
    assert await found("q=100%25") == {wool}
    assert await found("q=WV_V") == {wool}
    assert await found("q=__") == set()
    assert await found("min_confidence=0&max_confidence=1") == everything
    assert await found("min_confidence=0.9&max_confidence=0.1") == set()
    since, until = f"{middle:%Y-%m-%dT%H:%M:%S.%fZ}", f"{middle:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert len((await lead.get(f"/turns?since={since}"))["items"]) == 1
    assert len((await lead.get(f"/turns?until={until}"))["items"]) == 4
    elsewhere = (middle + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%f%%2B02:00")
    assert len((await lead.get(f"/turns?since={elsewhere}"))["items"]) == 1
    facets = await lead.get("/turns/facets")
    assert {one["value"]: one["count"] for one in facets["channels"]} == {"rest": 4, "web": 1}
    assert sum(one["count"] for one in facets["outcomes"]) == 5


async def test_conversations_are_filtered_by_state_and_agent(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    await warmline.rest("ada", "hello")
    for sender in ("bob", "cy", "dee"):
        await warmline.rest(sender, "I want a human")
    first, second, _ = await warmline.waiting(agent, 3)
    await agent.post(f"/conversations/{first['conversation_id']}/claim")
    await lead.post(f"/conversations/{second['conversation_id']}/claim")

    async def found(query: str) -> list[str]:
        return [item["id"] for item in (await agent.get(f"/conversations?{query}"))["items"]]

    assert [len(await found(f"state={state}")) for state in ("bot", "waiting", "agent")] == [
        1,
        1,
        2,
    ]
    assert await found("agent=me") == [first["conversation_id"]]
    assert await found(f"agent={lead.user['id']}") == [second["conversation_id"]]
    assert await found("agent=nobody") == []
    refused = await agent.get("/conversations?state=nonsense", status=422)
    assert refused["error"]["detail"] == {"field": "state"}
