"""A lead's loop through the API, one call of each kind: what is labelled, looked for, trained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.clock import now
from bot.records import Model
from bot.services import Services
from tests.client import Staff


async def walk_learning(
    api: Callable[..., Awaitable[Any]], lead: Staff, services: Services
) -> None:
    """`api` calls and holds each answer to the API's own description."""
    (turn, *_) = (await api(lead, "GET", "/turns"))["items"]
    given = await api(lead, "POST", "/turns/{id}/label", {"intent": "greet"}, id=turn["id"])
    await api(
        lead, "POST", "/turns/{id}/label", {"intent": "unheard_of"}, id=turn["id"], status=422
    )
    await api(lead, "DELETE", "/labels/{batch}", batch=given["batch"])
    body = {"turn_ids": [turn["id"]], "intent": "out_of_scope"}
    given = await api(lead, "POST", "/labels", body)
    await api(lead, "DELETE", "/labels/{batch}", batch=given["batch"])
    await api(lead, "POST", "/labels", {**body, "turn_ids": ["unknown"]}, status=404)
    await api(lead, "POST", "/intents", {"name": "ask_for_repair", "answer": "Send it in."})
    await api(lead, "POST", "/intents", {"name": "ask_for_repair"}, status=409)
    await api(lead, "GET", "/labels/change")

    await api(lead, "POST", "/discoveries", {})
    await api(lead, "POST", "/clusters/{cluster_id}/dismiss", {}, cluster_id="x", status=404)
    await api(lead, "POST", "/conflicts", {})

    example = await api(lead, "POST", "/must-pass", {"text": "hello", "intent": "greet"})
    await api(lead, "DELETE", "/must-pass/{id}", id=example["id"])
    view = await api(lead, "POST", "/turn-views", {"name": "Greetings", "filters": "intent=greet"})
    await api(lead, "GET", "/turn-views")
    await api(lead, "DELETE", "/turn-views/{id}", id=view["id"])

    await api(lead, "POST", "/models", {}, status=409)  # there is nothing to learn
    async with services.database.write() as uow:
        await uow.models.add(Model("20260101-120000-abcd", "failed", now()))
    one = {"id": "20260101-120000-abcd"}
    await api(lead, "GET", "/models/{id}", **one)
    await api(lead, "POST", "/models/{id}/stop", {}, status=409, **one)
    await api(lead, "POST", "/models/{id}/promote", {}, status=409, **one)
    await api(lead, "POST", "/models/rollback", {}, status=409)
