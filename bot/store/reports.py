"""Models' reports, which quote the messages that every model must get right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.folding import folded
from bot.store.tables import models

QUOTED = 60  # characters of one in the gate's sentence about them
_QUOTES = "must_pass"  # the report's list of them, and the code of that sentence


def without(report: dict[str, Any], said: Collection[str]) -> dict[str, Any] | None:
    """The report without the examples that say what was said (folded); None where it has none."""
    examples = report.get(_QUOTES) or []
    kept = [one for one in examples if folded(one["text"]) not in said]
    if len(kept) == len(examples):
        return None
    quotes = [f"“{one['text'][:QUOTED]}”" for one in examples if one not in kept]
    judged = dict(report.get("gate") or {})
    for name in ("checks", "reasons"):
        judged[name] = [_unquoted(check, quotes) for check in judged.get(name, [])]
    return {**report, _QUOTES: kept, "gate": judged}


def _unquoted(check: dict[str, Any], quotes: list[str]) -> dict[str, Any]:
    if check["code"] != _QUOTES:
        return check
    text = check["text"]
    for quote in quotes:
        text = text.replace(quote, "an erased message")
    return {**check, "text": text}


async def clear_reports(connection: AsyncConnection, said: Collection[str]) -> None:
    """Take these examples out of every report."""
    rows = await connection.execute(
        sa.select(models.c.id, models.c.report).where(models.c.report.is_not(None))
    )
    for row in rows.all():
        report = without(row.report, said)
        if report is not None:
            await connection.execute(
                models.update().where(models.c.id == row.id).values(report=report)
            )
