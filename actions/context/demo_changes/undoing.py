"""Taking a change back, which the shop allows for some, for some time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from actions.context.changes import Change, Changed, ChangeName
from actions.context.demo_changes import account, membership, order_items, orders, refunds, returns
from actions.context.demo_changes.arguments import read
from actions.context.demo_changes.making import Making, Refused
from actions.context.tables import changes

#: Each takes what is made with, what came of the change, and the change's arguments.
UNDOS: Mapping[ChangeName, Callable[..., None]] = {
    "cancel_order": orders.undo_cancel_order,
    "change_items": order_items.undo_change_items,
    "change_order_address": orders.undo_change_order_address,
    "change_account_address": account.undo_change,
    "return_item": returns.undo_return,
    "exchange_item": returns.undo_return,
    "refund": refunds.undo_refund,
    "set_newsletter": account.undo_change,
    "join_membership": membership.undo_join_membership,
    "leave_membership": membership.undo_leave_membership,
    "change_email": account.undo_change,
    "change_phone": account.undo_change,
    "change_name": account.undo_change,
    "close_account": account.undo_close_account,
    "watch_stock": membership.undo_watch_stock,
}


def undo(making: Making, *, change: str) -> Changed:
    """Take back the change that was made under this key, once."""
    made = making.locked(sa.select(changes).where(changes.c.key == change))
    done = Changed(**made.result)
    if made.undone_by is not None:
        raise Refused("done_already")
    if made.name not in UNDOS or not done.undoable:
        raise Refused("not_offered")
    arguments, _ = read(Change(made.name, made.arguments))
    UNDOS[made.name](making, done, **arguments)
    undone = sa.update(changes).where(changes.c.key == change).values(undone_by=making.key)
    making.connection.execute(undone)
    return Changed(done.reference, done.after, done.before)
