"""What is somebody else's, by its id: answered as what does not exist, and left as it was."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from bot.clock import new_id, now
from tests.client import API, Caller, Visitor, Warmline, eventually
from tests.desk.test_files import PNG, add, claimed

SECRET = "the wine cellar key is under the third flowerpot"


async def answers(who: Caller, method: str, path: str, body: object = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {who.token}"}
    sent = json.dumps(body) if body is not None else None
    async with who.client.request(method, API + path, data=sent, headers=headers) as response:
        return response.status, await response.text()


async def refused_alike(
    who: Caller, method: str, path: str, foreign: object, unknown: object
) -> bool:
    told = [await answers(who, method, path, body) for body in (foreign, unknown)]
    assert told[0] == told[1]
    return told[0][0] >= 400


@pytest.fixture
async def stranger(warmline: Warmline) -> Visitor:
    """Another customer, with a conversation of their own."""
    visitor = await warmline.visitor()
    await visitor.answer("hello")
    return visitor


async def survey_of(visitor: Visitor) -> str:
    async def asked() -> str | None:
        conversation = (await visitor.look())["conversation"]
        survey = conversation["survey"]
        return str(survey["id"]) if survey else None

    return await eventually(asked)


async def test_another_customers_things_are_to_a_visitor_as_if_they_were_not(
    warmline: Warmline, stranger: Visitor
) -> None:
    agent = await warmline.staff()
    owner, path = await claimed(warmline, agent)
    said = {"id": "one", "text": SECRET}
    theirs = (await owner.call("POST", "/widget/messages", said, status=202))["message"]
    file = await add(warmline, agent, path, "label.png", PNG)
    await agent.post(f"{path}/messages", {"text": "Here", "files": [file["id"]]}, status=201)

    # The same id of a client's is another message, in the conversation of whoever says it.
    taken = await answers(stranger, "POST", "/widget/messages", {"id": "one", "text": "mine"})
    free = await answers(stranger, "POST", "/widget/messages", {"id": "two", "text": "mine"})
    assert taken[0] == free[0] == 202
    assert json.loads(taken[1])["message"]["id"] != theirs["id"]
    assert SECRET not in str(await stranger.look())
    assert "mine" not in str(await owner.look())

    # A link to a file is signed: its id alone opens nothing.
    links = []
    for file_id in (file["id"], new_id()):
        content = {"sub": file_id, "exp": now() + timedelta(days=1)}
        token = jwt.encode(content, "not the key of this server, but as long", "HS256")
        async with warmline.client.get(f"/files/{token}") as response:
            links.append((response.status, await response.text()))
    assert links[0] == links[1]
    assert links[0][0] == 404

    code = (await owner.call("POST", "/widget/codes", status=201))["code"]
    assert await refused_alike(
        stranger, "POST", "/widget/proofs/confirm", {"code": code}, {"code": "WL-2222-2222"}
    )

    await agent.post(f"{path}/resolve")
    survey = await survey_of(owner)
    assert await refused_alike(
        stranger,
        "POST",
        "/widget/survey",
        {"survey": survey, "csat": 1, "comment": "mine"},
        {"survey": new_id(), "csat": 1, "comment": "mine"},
    )
    lead = await warmline.staff("lead@demo.test")
    assert "mine" not in str(await lead.get("/surveys"))
    assert (await answers(owner, "POST", "/widget/survey", {"survey": survey, "csat": 5}))[0] == 204


async def test_a_colleagues_own_things_are_to_an_agent_as_if_they_were_not(
    warmline: Warmline,
) -> None:
    agent, lead = await warmline.staff(), await warmline.staff("lead@demo.test")
    admin = await warmline.staff("admin@demo.test")
    _, path = await claimed(warmline, agent)
    file = await add(warmline, agent, path, "label.png", PNG)

    # A file that is not sent yet goes along with its own agent's message only.
    await lead.post(f"{path}/take-over", {"note": "You are away"})
    body: dict[str, Any] = {"text": "Here"}
    assert await refused_alike(
        lead,
        "POST",
        f"{path}/messages",
        {**body, "files": [file["id"]]},
        {**body, "files": [new_id()]},
    )
    async with warmline.client.get(f"/files/{file['id']}") as response:
        assert response.status == 404

    view = {"name": "Mine", "filters": "intent=greet"}
    kept = await lead.post("/turn-views", view, status=201)
    told = [await answers(admin, "DELETE", f"/turn-views/{one}") for one in (kept["id"], new_id())]
    assert told[0] == told[1]
    assert told[0][0] == 404
    assert (await admin.get("/turn-views"))["items"] == []
    assert (await lead.get("/turn-views"))["items"] == [kept]

    # Looking ends one's own mention, and nobody else's.
    note = {"text": f"@{lead.user['name']} please look"}
    await agent.post(f"{path}/notes", note, status=201)
    await agent.call("DELETE", f"{path}/mentions", status=204)
    assert (await lead.get("/conversations?mentioned=me"))["items"]
    assert (await admin.get("/conversations?mentioned=me"))["items"] == []
    await lead.call("DELETE", f"{path}/mentions", status=204)
    assert (await lead.get("/conversations?mentioned=me"))["items"] == []
