"""The columns by which a row is somebody's: they name a customer, or something of one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from bot.store.tables import conversations, customers, messages, turns

_BY_ID: Mapping[str, sa.Table] = MappingProxyType(
    {
        "customer_id": customers,
        "conversation_id": conversations,
        "message_id": messages,
        "turn_id": turns,
    }
)


def links(table: sa.Table) -> list[tuple[sa.Column[Any], sa.Table]]:
    """These columns of the table, and what they name."""
    found = []
    for column in table.c:
        keys = [key.column.table for key in column.foreign_keys]
        target = keys[0] if keys else _BY_ID.get(column.name)
        if target is not None and target in _BY_ID.values() and target is not table:
            found.append((column, target))
    return found


def has_place(table: sa.Table) -> bool:
    """Whether its rows stand under an address."""
    return {"channel", "address"} <= set(table.c.keys())
