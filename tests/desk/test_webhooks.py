"""Webhooks over the API: subscribed and changed by leads, a log with a resend, told live."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest

from bot import notice
from bot.records import NoticeEvent
from tests.client import Staff, Warmline, eventually
from tests.conftest import ROOT
from tests.desk.test_live import until, watching
from tests.receiver import Receiver, receiving

LEAD = "lead@demo.test"
HOWTO = ROOT / "docs" / "howto" / "webhooks.md"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


async def subscribe(lead: Staff, receiver: Receiver, *events: str) -> dict[str, Any]:
    body = {"url": receiver.url, "events": events or ["message_created"]}
    made: dict[str, Any] = await lead.post("/webhooks", body, status=201)
    return made


async def log(lead: Staff, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    path = f"/webhooks/{webhook['id']}/deliveries{query}"
    items: list[dict[str, Any]] = (await lead.get(path))["items"]
    return items


async def logged(lead: Staff, webhook: dict[str, Any], *states: str) -> list[dict[str, Any]]:
    """The log, newest first, once these are its states."""

    async def look() -> list[dict[str, Any]] | None:
        items = await log(lead, webhook)
        return items if [item["state"] for item in items] == list(states) else None

    return await eventually(look)


async def test_the_secret_is_told_once_and_signs_what_is_sent(
    warmline: Warmline, receiver: Receiver
) -> None:
    lead = await warmline.staff(LEAD)
    webhook = await subscribe(lead, receiver)
    await warmline.rest("ada", "when are you open?")
    await logged(lead, webhook, "delivered", "delivered")
    assert all(told.is_signed_with(webhook["secret"]) for told in receiver.taken)
    (listed,) = (await lead.get("/webhooks"))["items"]
    assert listed == {key: value for key, value in webhook.items() if key != "secret"}


async def test_what_is_sent_is_what_the_api_gives(warmline: Warmline, receiver: Receiver) -> None:
    lead = await warmline.staff(LEAD)
    webhook = await subscribe(lead, receiver, "message_created")
    await warmline.rest("ada", "when are you open?")
    newest, _ = await logged(lead, webhook, "delivered", "delivered")
    body = receiver.taken[-1].content
    assert newest["body"] == body
    detail = await lead.get(f"/conversations/{body['conversation']['id']}")
    line = {**detail["messages"][-1], "delivery": None}
    assert body["message"] == line
    of_detail = {"block", "changes", "messages", "survey", "write_until", "wrap_up"}
    assert body["conversation"].keys() == detail.keys() - of_detail


async def test_a_refused_delivery_is_in_the_log_and_is_sent_again(
    warmline: Warmline, receiver: Receiver
) -> None:
    lead = await warmline.staff(LEAD)
    webhook = await subscribe(lead, receiver)
    receiver.troubles.append("404")
    async with watching(warmline, lead) as socket:
        await warmline.rest("ada", "when are you open?")
        await logged(lead, webhook, "delivered", "dead")
        (*_, frame) = await until(socket, type="webhook")
    assert frame["webhook_id"] == webhook["id"]
    (refused,) = await log(lead, webhook, "?state=dead")
    assert (refused["status"], refused["error"], refused["tries"]) == (404, "http_404", 1)
    assert await log(lead, webhook, "?event=conversation_created") == []
    assert (await lead.get("/webhooks"))["items"][0]["given_up"] == 1
    await lead.post(f"/webhooks/{webhook['id']}/deliveries/{refused['id']}/resend")
    await logged(lead, webhook, "delivered", "delivered")
    assert [told.id for told in receiver.calls].count(refused["id"]) == 2


async def test_pages_of_the_log_hold_every_delivery_once(
    warmline: Warmline, receiver: Receiver
) -> None:
    lead = await warmline.staff(LEAD)
    webhook = await subscribe(lead, receiver)
    for sender in ("ada", "bob", "cy"):
        await warmline.rest(sender, "when are you open?")
    whole = [item["id"] for item in await logged(lead, webhook, *["delivered"] * 6)]
    walked: list[str] = []
    path = f"/webhooks/{webhook['id']}/deliveries?limit=4"
    page = await lead.get(path)
    walked += [item["id"] for item in page["items"]]
    page = await lead.get(f"{path}&cursor={page['next']}")
    walked += [item["id"] for item in page["items"]]
    assert walked == whole
    assert page["next"] is None


async def test_it_is_changed_put_to_rest_and_deleted(
    warmline: Warmline, receiver: Receiver
) -> None:
    lead = await warmline.staff(LEAD)
    webhook = await subscribe(lead, receiver)
    path = f"/webhooks/{webhook['id']}"
    changed = await lead.call("PATCH", path, {"active": False, "events": ["handoff_requested"]})
    assert (changed["active"], changed["events"]) == (False, ["handoff_requested"])
    assert changed["url"] == receiver.url
    await lead.call("DELETE", path, {}, status=204)
    assert (await lead.get("/webhooks"))["items"] == []
    await lead.call("PATCH", path, {"active": True}, status=404)
    await lead.get(f"{path}/deliveries", status=404)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/hook",
        "//shop.example/hook",
        "https://",
        "https://name:word@shop.example/hook",
        "http://10.0.0.1/hook",
        "http://192.168.1.1/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/hook",
        "http://[::ffff:10.0.0.1]/hook",
        "http://[64:ff9b::a00:1]/hook",
        "http://[fd00::1]/hook",
        "http://0.0.0.0/hook",
        "http://no-such-name.invalid/hook",
        "https://shop.example/" + "a" * 2000,
    ],
)
async def test_an_address_that_may_not_be_called_is_refused(warmline: Warmline, url: str) -> None:
    lead = await warmline.staff(LEAD)
    body = {"url": url, "events": ["message_created"]}
    answer = await lead.post("/webhooks", body, status=422)
    assert answer["error"]["detail"] == {"field": "url"}
    assert (await lead.get("/webhooks"))["items"] == []


@pytest.mark.parametrize("events", [[], ["everything"], "message_created"])
async def test_events_that_there_are_not_are_refused(
    warmline: Warmline, receiver: Receiver, events: object
) -> None:
    lead = await warmline.staff(LEAD)
    body = {"url": receiver.url, "events": events}
    answer = await lead.post("/webhooks", body, status=422)
    assert answer["error"]["detail"]["field"].startswith("events")


def example() -> str:
    """The how-to's code, as it stands there."""
    (code,) = re.findall(r"```python\n(.*?)```", HOWTO.read_text("utf-8"), re.DOTALL)
    return str(code)


def test_the_howtos_code_tells_ours_from_others() -> None:
    names: dict[str, Any] = {}
    exec(example(), names)  # noqa: S102
    verified = names["verified"]
    at, body = "1700000000", json.dumps({"id": "1"})
    headers = {
        "X-Warmline-Timestamp": at,
        "X-Warmline-Signature": notice.signature("whsec_ours", at, body),
    }
    then = float(at) + 10
    assert verified(headers, body.encode(), "whsec_ours", now=then)
    assert not verified(headers, body.encode(), "whsec_theirs", now=then)
    assert not verified(headers, body.encode() + b" ", "whsec_ours", now=then)
    assert not verified(headers, body.encode(), "whsec_ours", now=then + 3600), "an old one"
    later = {**headers, "X-Warmline-Timestamp": "1700000001"}
    assert not verified(later, body.encode(), "whsec_ours", now=then), "the time is signed too"
    assert not verified({}, body.encode(), "whsec_ours", now=then)


def test_the_howto_names_every_event() -> None:
    words = HOWTO.read_text("utf-8")
    assert all(f"`{event}`" in words for event in get_args(NoticeEvent))
