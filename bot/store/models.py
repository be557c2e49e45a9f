"""The registry: every model that was trained or live, and what is known of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records import Model, ModelState
from bot.store.tables import models

# A report holds every message that was compared: only who opens one model reads it.
_LISTED = [column for column in models.c if column.name != "report"]


class Models:
    """Reads and writes `models`. Whoever changes which one is live locks that first; the index
    `ix_models_only` refuses a second one that is live or in training."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, model: Model) -> None:
        """Raises IntegrityError when it is there already, or another one is where it is to be."""
        await self._connection.execute(models.insert().values(asdict(model)))

    async def get(self, model_id: str) -> Model | None:
        return await self._one(sa.select(models).where(models.c.id == model_id))

    async def lock(self, model_id: str) -> Model | None:
        """The same, as whoever was changing it leaves it; nobody else changes it meanwhile."""
        wanted = sa.select(models).where(models.c.id == model_id)
        return await self._one(wanted.with_for_update(key_share=True))

    async def cards(self, model_ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
        """What these models promise, by id."""
        rows = await self._connection.execute(
            sa.select(models.c.id, models.c.card).where(models.c.id.in_(model_ids))
        )
        return {row.id: row.card for row in rows}

    async def live(self) -> Model | None:
        """The one that customers are answered with."""
        return await self._one(sa.select(models).where(models.c.state == "live"))

    async def lock_live(self) -> Model | None:
        """The same; nobody else promotes before this transaction has ended."""
        wanted = sa.select(models).where(models.c.state == "live").with_for_update(key_share=True)
        while True:
            found = await self._one(wanted)
            # Whoever waited for a promotion finds nothing where the lock was: it moved on.
            if found is not None or await self.live() is None:
                return found

    async def training(self) -> Model | None:
        return await self._one(sa.select(models).where(models.c.state == "training"))

    async def page(self, *, before: tuple[datetime, str] | None, limit: int) -> list[Model]:
        """Newest first, without their reports; `before` is the (started_at, id) of the last row of
        the page above."""
        query = sa.select(*_LISTED).order_by(models.c.started_at.desc(), models.c.id.desc())
        if before is not None:
            query = query.where(
                sa.tuple_(models.c.started_at, models.c.id)
                < sa.tuple_(sa.literal(before[0], models.c.started_at.type), sa.literal(before[1]))
            )
        rows = await self._connection.execute(query.limit(limit))
        return [Model(**row._mapping) for row in rows]

    async def spare(self, *, kept: Collection[str], newest: int) -> list[str]:
        """Models with a file that nothing needs, besides those `kept` and the `newest` others."""
        rows = await self._connection.execute(
            sa.select(models.c.id)
            .where(models.c.state.in_(("candidate", "retired")), models.c.id.not_in(kept))
            .order_by(models.c.started_at.desc(), models.c.id.desc())
            .offset(newest)
        )
        return list(rows.scalars())

    async def learnt_since(self, since: datetime, *, by_hand: bool) -> list[Model]:
        """Those that were made from labels since then and not recalled; `by_hand`: also from the
        project's files alone. Without their reports."""
        rows = await self._connection.execute(
            sa.select(*_LISTED)
            .where(models.c.started_at >= since, models.c.recalled_at.is_(None))
            .order_by(models.c.started_at)
        )
        found = [Model(**row._mapping) for row in rows]
        return [one for one in found if by_hand or one.lessons.get("taught")]

    async def recall(self, model_ids: Collection[str], *, at: datetime, error: str) -> None:
        """None of them becomes live again. One that is being trained is stopped, and of all but the
        live one the file has to go."""
        theirs = models.c.id.in_(model_ids)
        await self._connection.execute(models.update().where(theirs).values(recalled_at=at))
        stopped = {"step": None, "share": None, "alive_at": None, "finished_at": at}
        await self._connection.execute(
            models.update()
            .where(theirs, models.c.state == "training")
            .values(**stopped, state="failed", error=error)
        )
        await self._connection.execute(
            models.update()
            .where(theirs, models.c.state.in_(("candidate", "retired")))
            .values(state="pruned")
        )

    async def recalled(self) -> list[str]:
        """Those whose files must go: recalled, and not what customers are answered with."""
        rows = await self._connection.execute(
            sa.select(models.c.id).where(
                models.c.recalled_at.is_not(None), models.c.state != "live"
            )
        )
        return list(rows.scalars())

    async def any_since(self, since: datetime) -> bool:
        """Whether a training was begun since then, whatever came of it."""
        found = sa.select(models.c.id).where(models.c.started_at > since).limit(1)
        return (await self._connection.execute(found)).first() is not None

    async def change(self, model_id: str, states: Collection[ModelState], **values: Any) -> bool:
        """Write these values if the model is in one of these states; whether it was."""
        changed = await self._connection.execute(
            models.update()
            .where(models.c.id == model_id, models.c.state.in_(states))
            .values(**values)
        )
        return bool(changed.rowcount)

    async def lapsed(self, *, before: datetime, at: datetime, error: str) -> list[str]:
        """End what is said to be in training and of which nothing was heard since `before`."""
        rows = await self._connection.execute(
            models.update()
            .where(models.c.state == "training", models.c.alive_at < before)
            .values(state="failed", error=error, finished_at=at)
            .returning(models.c.id)
        )
        return list(rows.scalars())

    async def _one(self, query: sa.Select[Any]) -> Model | None:
        row = (await self._connection.execute(query)).one_or_none()
        return Model(**row._mapping) if row else None
