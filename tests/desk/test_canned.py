"""Canned replies over HTTP: agents read them, leads write them."""

from __future__ import annotations

from tests.client import Warmline


async def test_leads_write_what_agents_read(warmline: Warmline) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    assert (await agent.get("/canned-replies")) == {"items": [], "next": None}
    words = {"name": "Late  parcel", "text": "Order {order_number} is late, {customer_name}."}
    added = await lead.post("/canned-replies", words, status=201)
    assert added == {"id": added["id"], **words, "name": "Late parcel"}
    assert (await agent.get("/canned-replies"))["items"] == [added]

    one = f"/canned-replies/{added['id']}"
    words["text"] = "It is late."
    changed = await lead.call("PUT", one, words)
    assert (await agent.get("/canned-replies"))["items"] == [changed]
    await lead.call("DELETE", one, status=204)
    await lead.call("DELETE", one, status=404)
    await lead.call("PUT", one, words, status=404)
    assert (await agent.get("/canned-replies"))["items"] == []


async def test_what_is_wrong_is_named(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")
    await lead.post("/canned-replies", {"name": "Hello", "text": "Hi."}, status=201)
    again = await lead.post("/canned-replies", {"name": "Hello", "text": "Hey."}, status=409)
    assert again["error"]["code"] == "name_taken"
    assert again["error"]["detail"] == {"field": "name"}
    wrong = await lead.post("/canned-replies", {"name": "A", "text": "{nmae}"}, status=422)
    assert wrong["error"]["detail"] == {"field": "text"}
    assert "{agent_name}, {customer_name}, {order_number}" in wrong["error"]["message"]
