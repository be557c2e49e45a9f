"""One transaction a change: looked up under its key, checked, made, recorded.

A refusal is recorded as well: whoever asks again under the same key hears the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.context.changes import Change, Changed, ChangeName
from actions.context.demo_changes import (
    account,
    mails,
    membership,
    order_items,
    orders,
    refunds,
    returns,
)
from actions.context.demo_changes.arguments import read
from actions.context.demo_changes.making import Making, Refused
from actions.context.demo_changes.undoing import undo
from actions.context.tables import changes

CHANGES: Mapping[ChangeName, Callable[..., Changed]] = {
    "cancel_order": orders.cancel_order,
    "change_items": order_items.change_items,
    "change_order_address": orders.change_order_address,
    "change_account_address": account.change_account_address,
    "return_item": returns.return_item,
    "exchange_item": returns.exchange_item,
    "refund": refunds.refund,
    "open_claim": refunds.open_claim,
    "mail_invoice": mails.mail_invoice,
    "mail_password_link": mails.mail_password_link,
    "mail_code": mails.mail_code,
    "mail_account_data": mails.mail_account_data,
    "set_newsletter": account.set_newsletter,
    "join_membership": membership.join_membership,
    "leave_membership": membership.leave_membership,
    "change_email": account.change_email,
    "change_phone": account.change_phone,
    "change_name": account.change_name,
    "close_account": account.close_account,
    "watch_stock": membership.watch_stock,
    "undo": undo,
}


def apply_to_file(engine: sa.Engine, key: str, change: Change, now: datetime) -> Changed:
    """Make the change in a SQLite file; for a thread, as it waits for whoever else is writing."""
    # Left to itself the driver would lock the file at the first write, after the checks.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        making, changed = _make(connection, key, change, now)
        mails.send(making, mails.draw(making))
        connection.commit()
    return changed


async def apply_to_server(engine: AsyncEngine, key: str, change: Change, now: datetime) -> Changed:
    """Make the change in PostgreSQL, where only the rows it checks are locked."""
    async with engine.begin() as connection:
        making, changed = await connection.run_sync(_make, key, change, now)
        drawn = await asyncio.to_thread(mails.draw, making)
        await connection.run_sync(lambda _: mails.send(making, drawn))
    return changed


def _make(
    connection: sa.Connection, key: str, change: Change, now: datetime
) -> tuple[Making, Changed]:
    """What came of the change, now or before, and the mails to send with it. Raises ValueError."""
    making = Making(connection, key, now)
    arguments, refusal = read(change)
    if not _is_first(making, change):
        return making, _earlier(making, change)
    changed = Changed(refused=refusal)
    if refusal is None:
        try:
            with connection.begin_nested():
                changed = CHANGES[change.name](making, **arguments)
        except Refused as refused:
            changed = Changed(refused=refused.code)
            making.mails.clear()
    result = sa.update(changes).where(changes.c.key == key).values(result=asdict(changed))
    connection.execute(result)
    return making, changed


def _is_first(making: Making, change: Change) -> bool:
    """Whether nobody used this key before; whoever uses it at this moment is waited for."""
    insert = (
        insert_in_sqlite if making.connection.dialect.name == "sqlite" else insert_in_postgresql
    )
    row = {
        "key": making.key,
        "name": change.name,
        "arguments": dict(change.arguments),
        "result": {},
        "made_at": making.moment,
    }
    claimed = insert(changes).values(row).on_conflict_do_nothing()
    return making.connection.execute(claimed).rowcount == 1


def _earlier(making: Making, change: Change) -> Changed:
    row = making.connection.execute(sa.select(changes).where(changes.c.key == making.key)).one()
    if (row.name, row.arguments) != (change.name, dict(change.arguments)):
        raise ValueError(f"{change.name}: its key was used for another change, {row.name}")
    return Changed(**row.result)
