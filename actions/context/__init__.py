"""Where the actions get the shop's data: one source per event loop, opened when first needed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from weakref import WeakKeyDictionary

from actions.context.sql import SqlShop, load_mapping

_open: WeakKeyDictionary[asyncio.AbstractEventLoop, SqlShop] = WeakKeyDictionary()


def data_folder() -> Path:
    """WARMLINE_DATA_DIR, where `warmline demo` keeps what it makes."""
    return Path(os.environ.get("WARMLINE_DATA_DIR") or "var")


def shop_url() -> str:
    """WARMLINE_SHOP_DATABASE_URL, or the demo shop in the data folder."""
    demo = f"sqlite+aiosqlite:///{data_folder()}/shop.db"
    return os.environ.get("WARMLINE_SHOP_DATABASE_URL") or demo


def shop() -> SqlShop:
    """The running event loop's shop; its connections cannot be shared between loops."""
    loop = asyncio.get_running_loop()
    source = _open.get(loop)
    if source is None:
        mapping = os.environ.get("WARMLINE_SHOP_MAPPING")
        source = _open[loop] = SqlShop(shop_url(), load_mapping(Path(mapping)) if mapping else None)
    return source


async def close_shop() -> None:
    """Closes the running event loop's shop, if it was opened."""
    source = _open.pop(asyncio.get_running_loop(), None)
    if source is not None:
        await source.aclose()
