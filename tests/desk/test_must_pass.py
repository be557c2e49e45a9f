"""Must-pass examples over HTTP: leads read and write them."""

from __future__ import annotations

from tests.client import Warmline


async def test_leads_keep_the_list(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")
    assert await lead.get("/must-pass") == {"items": [], "next": None}
    example = {"text": "where is my order", "intent": "track_order"}
    added = await lead.post("/must-pass", example, status=201)
    assert {name: added[name] for name in example} == example
    assert added["added_by"]["name"]
    assert (await lead.get("/must-pass"))["items"] == [added]
    again = await lead.post("/must-pass", example, status=409)
    assert again["error"]["detail"] == {"field": "text"}
    wrong = await lead.post("/must-pass", {**example, "text": " "}, status=422)
    assert wrong["error"]["detail"] == {"field": "text"}
    await lead.call("DELETE", f"/must-pass/{added['id']}", status=204)
    await lead.call("DELETE", f"/must-pass/{added['id']}", status=404)


async def test_agents_do_not_decide_what_must_pass(warmline: Warmline) -> None:
    agent = await warmline.staff()
    await agent.get("/must-pass", status=403)
