"""The leads' part of the API: candidates are trained, promoted and gone back from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, StrictStr

from bot.errors import NotFound
from bot.learning.dataset import read_lessons
from bot.learning.promotion import LONGEST_REASON, Decision, MakeReady, promote, roll_back
from bot.learning.registry import Registry
from bot.learning.replay_report import listed_turns
from bot.learning.trainer import Trainer, counts_of, end_lapsed, is_lapsed, stop_training
from desk import model_shapes as shapes
from desk import model_views, views
from desk.conversation_routes import Nothing
from desk.paging import Page, decode_moment, encode_moment
from desk.routes import Call, Route


class Decided(BaseModel):
    """`expected_live` is the model that the caller believes to be live; `reason` is needed where
    the gate did not pass."""

    expected_live: StrictStr | None = Field(default=None, max_length=200)
    reason: StrictStr | None = Field(default=None, max_length=LONGEST_REASON)


class ModelRoutes:
    def __init__(self, registry: Registry, trainer: Trainer, make_ready: MakeReady) -> None:
        self._registry = registry
        self._trainer = trainer
        self._make_ready = make_ready

    def table(self) -> list[Route]:
        one = "/models/{id}"
        return [
            Route(
                "GET",
                "/models",
                "lead",
                "Every model that was trained or live, newest first",
                self.models,
                query=Page,
                answer=shapes.Models,
            ),
            Route(
                "POST",
                "/models",
                "lead",
                "Train a candidate from the project and the labels, in the background",
                self.train,
                body=Nothing,
                answer=shapes.ListedModel,
                status=202,
            ),
            Route(
                "GET",
                "/models/lessons",
                "lead",
                "What a candidate would learn from labels now",
                lessons,
                answer=shapes.Lessons,
            ),
            Route(
                "POST",
                "/models/rollback",
                "lead",
                "Answer customers with the model that was live before",
                self.roll_back,
                body=Decided,
            ),
            Route(
                "GET",
                one,
                "lead",
                "One model, with its card and how it compared",
                model,
                answer=shapes.ModelDetail,
            ),
            Route("POST", f"{one}/stop", "lead", "Stop its training", self.stop, body=Nothing),
            Route(
                "POST",
                f"{one}/promote",
                "lead",
                "Answer customers with this model",
                self.promote,
                body=Decided,
            ),
        ]

    async def models(self, call: Call) -> shapes.Models:
        query: Page = call.query
        before = decode_moment(query.cursor)
        if await is_lapsed(self._registry):
            await end_lapsed(self._registry)
        async with call.services.database.read() as uow:
            rows = await uow.models.page(before=before, limit=query.limit)
            live, training = await uow.models.live(), await uow.models.training()
            names = await views.people(uow, ())
        full = len(rows) == query.limit
        return shapes.Models(
            live=model_views.listed(live, names) if live else None,
            training=model_views.listed(training, names) if training else None,
            items=[model_views.listed(row, names) for row in rows],
            next=encode_moment(rows[-1].started_at, rows[-1].id) if full else None,
        )

    async def train(self, call: Call) -> shapes.ListedModel:
        begun = await self._trainer.start(call.staff.id)
        async with call.services.database.read() as uow:
            return model_views.listed(begun, await views.people(uow, ()))

    async def stop(self, call: Call) -> None:
        await stop_training(self._registry, call.request.match_info["id"], call.staff)

    async def promote(self, call: Call) -> None:
        decision = _decision(call)
        model_id = call.request.match_info["id"]
        await promote(self._registry, model_id, decision, self._make_ready)

    async def roll_back(self, call: Call) -> None:
        await roll_back(self._registry, _decision(call), self._make_ready)


async def model(call: Call) -> shapes.ModelDetail:
    async with call.services.database.read() as uow:
        row = await uow.models.get(call.request.match_info["id"])
        if row is None:
            raise NotFound("There is no such model.")
        texts = await uow.past_turns.texts(listed_turns(row.report or {}))
        return model_views.detail(row, await views.people(uow, ()), texts)


async def lessons(call: Call) -> shapes.Lessons:
    found: dict[str, Any] = counts_of(await read_lessons(call.services))
    return shapes.Lessons(**found)


def _decision(call: Call) -> Decision:
    body: Decided = call.body
    return Decision(call.staff.id, (body.reason or "").strip() or None, body.expected_live or None)
