"""Intents and the change that labels make, over HTTP."""

from __future__ import annotations

from typing import Any

from bot.clock import new_id, now
from bot.records import Label
from bot.services import Services
from tests.client import Warmline


async def label(services: Services, user_id: str, text: str, intent: str) -> str:
    """Label what a customer wrote; the turn's id."""
    async with services.database.write() as uow:
        [turn] = [one for one in await uow.turn_log.texts(after=None, limit=99) if one.text == text]
        made = Label(
            *(new_id(), turn.id, turn.conversation_id, turn.customer_id, user_id),
            intent=intent,
            entities=[],
            batch="one",
            created_at=now(),
            undone_at=None,
        )
        await uow.labels.put([made])
    return turn.id


async def test_what_the_labels_change_can_be_read_and_downloaded(
    warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff("lead@demo.test")
    assert (await lead.get("/labels/change"))["files"] == []
    said = ["do you mend boots at all", "would you mend my boots then, I am Zelda", "hello"]
    for text in said:
        await warmline.rest("ada", text)
    await lead.post("/intents", {"name": "ask_repair", "answer": "We do."}, status=201)
    for text, intent in zip(said, ["ask_repair", "ask_repair", "goodbye"], strict=True):
        await label(services, str(lead.user["id"]), text, intent)

    change = await lead.get("/labels/change")
    assert change["counts"] == [{"intent": "ask_repair", "examples": 2, "is_new": True}]
    diffs = {file["path"]: file["diff"] for file in change["files"]}
    assert set(diffs) == {
        "data/nlu/learned.yml",
        "data/nlu/provenance.jsonl",
        "data/rules/learned.yml",
        "domain.yml",
    }
    assert "Zelda" not in str(change)
    assert '+    - text: "We do."\n' in diffs["domain.yml"]
    [conflict] = change["conflicts"]
    assert (conflict["intent"], conflict["other"]) == ("goodbye", "greet")
    assert len(conflict["messages"]) == 1

    for name in ("export.yml", "export.jsonl"):
        async with warmline.client.get(
            f"/api/v1/labels/{name}", headers={"Authorization": f"Bearer {lead.token}"}
        ) as response:
            assert "attachment" in response.headers["Content-Disposition"]
            assert "do you mend boots at all" in await response.text()


async def test_intents_are_listed_and_added_once(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")

    async def known() -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in (await lead.get("/intents"))["items"]}

    greet = (await known())["greet"]
    assert greet["examples"] > 20
    assert greet == {**greet, "labelled": 0, "in_model": True, "is_new": False}
    added = await lead.post("/intents", {"name": "ask_repair"}, status=201)
    assert (await known())["ask_repair"] == added
    again = await lead.post("/intents", {"name": "ask_repair"}, status=409)
    assert again["error"]["detail"] == {"field": "name"}
    wrong = await lead.post("/intents", {"name": "Ask Repair"}, status=422)
    assert "ask_for_repair" in wrong["error"]["message"]
