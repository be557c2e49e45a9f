"""Hand-offs find their queue and their agent, over the API and the live socket."""

from __future__ import annotations

from tests.client import Warmline
from tests.desk.test_live import until, watching


async def test_what_the_customer_wants_says_the_queue_and_who_takes_them(
    warmline: Warmline,
) -> None:
    nora, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    payer, other = await warmline.visitor(), await warmline.visitor()
    await payer.answer("I was charged twice for my order")
    await payer.answer("a person", "/contact_human_agent")
    await other.answer("a person", "/contact_human_agent")
    waiting = await warmline.waiting(nora, 2)
    assert [handoff["queue"] for handoff in waiting] == ["payments", "support"]
    assert all(handoff["warn_at"] < handoff["due_at"] for handoff in waiting)
    # Places are counted in one's own queue.
    assert (await other.look())["conversation"]["queue_position"] == 1

    serving = {"queues": ["support"], "skills": [], "capacity": 1}
    await lead.call("PUT", f"/users/{nora.user['id']}/serving", serving)
    taken = await nora.post("/handoffs/next")
    assert taken["handoff"]["queue"] == "support"
    assert taken["agent"]["id"] == nora.user["id"]
    full = await nora.post("/handoffs/next", status=409)
    assert full["error"]["code"] == "at_capacity"
    assert full["error"]["detail"] == {"capacity": 1, "load": 1}
    assert (await lead.post("/handoffs/next"))["handoff"]["queue"] == "payments"
    nobody = await lead.post("/handoffs/next", status=404)
    assert nobody["error"]["code"] == "nobody_waits"

    (mine,) = [one for one in (await lead.get("/users"))["items"] if one["id"] == nora.user["id"]]
    assert (mine["queues"], mine["capacity"], mine["presence"]) == (["support"], 1, "online")


async def test_the_order_is_the_same_everywhere_and_an_agent_may_change_it(
    warmline: Warmline,
) -> None:
    nora = await warmline.staff()
    first, second = await warmline.visitor(), await warmline.visitor()
    await first.answer("a person", "/contact_human_agent")
    await second.answer("a person", "/contact_human_agent")
    ahead, behind = await warmline.waiting(nora, 2)
    assert behind["priority"] == "normal"
    async with watching(warmline, nora) as socket:
        path = f"/conversations/{behind['conversation_id']}/priority"
        raised = await nora.post(path, {"priority": "urgent"})
        frames = await until(socket, type="conversation", id=behind["conversation_id"])
        live = frames[-1]["conversation"]["handoff"]
    assert raised["handoff"]["ranked_at"] < ahead["ranked_at"]
    assert raised["handoff"]["requested_at"] == behind["requested_at"]
    assert live["ranked_at"] == raised["handoff"]["ranked_at"]
    assert [one["id"] for one in await warmline.waiting(nora, 2)] == [behind["id"], ahead["id"]]
    assert (await second.look())["conversation"]["queue_position"] == 1
    page = await nora.get("/handoffs?limit=1")
    rest = await nora.get(f"/handoffs?limit=1&cursor={page['next']}")
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [behind["id"], ahead["id"]]


async def test_presence_is_ones_own_and_every_page_of_theirs_hears_of_it(
    warmline: Warmline,
) -> None:
    nora, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    assert (await nora.get("/me/presence"))["presence"] == "online"
    async with watching(warmline, nora) as own, watching(warmline, lead) as other:
        await nora.call("PUT", "/me/presence", {"presence": "wrap_up"})
        (*_, told) = await until(own, type="presence")
        assert told["agent"]["presence"] == "wrap_up"
        await lead.call("PUT", "/me/presence", {"presence": "away"})
        (*_, told) = await until(other, type="presence")
        assert told["agent"]["user_id"] == lead.user["id"]
    refused = await nora.call("PUT", "/me/presence", {"presence": "asleep"}, status=422)
    assert refused["error"]["detail"] == {"field": "presence"}


async def test_metrics_say_who_waits_and_whether_promises_are_kept(warmline: Warmline) -> None:
    nora, visitor = await warmline.staff(), await warmline.visitor()
    await visitor.answer("a person", "/contact_human_agent")
    unanswered = 'warmline_unanswered_handoffs{level="in_time",queue="support"}'
    kept = 'warmline_first_replies_total{promise="kept",queue="support"}'

    async def metric(name: str) -> float | None:
        async with warmline.client.get("/metrics") as response:
            lines = (await response.text()).splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(name)), None)

    assert await metric(unanswered) == 1
    before = await metric(kept) or 0
    taken = await nora.post("/handoffs/next")
    assert await metric(unanswered) == 1  # taken is not answered
    await nora.post(f"/conversations/{taken['id']}/messages", {"text": "Hello"}, status=201)
    assert await metric(unanswered) is None
    assert await metric(kept) == before + 1
