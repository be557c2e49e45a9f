"""Where the actions get the shop's data: one context per event loop, opened when first needed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from weakref import WeakKeyDictionary

from actions.context.sql import SqlContext

_open: WeakKeyDictionary[asyncio.AbstractEventLoop, SqlContext] = WeakKeyDictionary()


def shop_url() -> str:
    """WARMLINE_SHOP_DATABASE_URL, or the demo shop in the data folder."""
    folder = Path(os.environ.get("WARMLINE_DATA_DIR") or "var")
    return os.environ.get("WARMLINE_SHOP_DATABASE_URL") or f"sqlite+aiosqlite:///{folder}/shop.db"


def shop() -> SqlContext:
    """The running event loop's shop; its connections cannot be shared between loops."""
    loop = asyncio.get_running_loop()
    context = _open.get(loop)
    if context is None:
        context = _open[loop] = SqlContext(shop_url())
    return context


async def close_shop() -> None:
    """Closes the running event loop's shop, if it was opened."""
    context = _open.pop(asyncio.get_running_loop(), None)
    if context is not None:
        await context.aclose()
