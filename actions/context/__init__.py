"""Where the actions get the shop's data: one shop per event loop, opened when first needed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from weakref import WeakKeyDictionary

from actions.context.errors import ShopMisconfigured
from actions.context.http import HttpShop
from actions.context.sql import SqlShop, load_mapping

_open: WeakKeyDictionary[asyncio.AbstractEventLoop, HttpShop | SqlShop] = WeakKeyDictionary()


def data_folder() -> Path:
    """WARMLINE_DATA_DIR, where `warmline demo` keeps what it makes."""
    return Path(os.environ.get("WARMLINE_DATA_DIR") or "var")


def shop_url() -> str:
    """WARMLINE_SHOP_DATABASE_URL, or the demo shop in the data folder."""
    demo = f"sqlite+aiosqlite:///{data_folder()}/shop.db"
    return os.environ.get("WARMLINE_SHOP_DATABASE_URL") or demo


def shop() -> HttpShop | SqlShop:
    """The running event loop's shop; its connections cannot be shared between loops."""
    loop = asyncio.get_running_loop()
    opened = _open.get(loop)
    if opened is None:
        opened = _open[loop] = _opened()
    return opened


async def close_shop() -> None:
    """Closes the running event loop's shop, if it was opened."""
    opened = _open.pop(asyncio.get_running_loop(), None)
    if opened is not None:
        await opened.aclose()


def _opened() -> HttpShop | SqlShop:
    address = os.environ.get("WARMLINE_SHOP_URL")
    if not address:
        mapping = os.environ.get("WARMLINE_SHOP_MAPPING")
        return SqlShop(shop_url(), load_mapping(Path(mapping)) if mapping else None)
    token = os.environ.get("WARMLINE_SHOP_TOKEN")
    if not token or os.environ.get("WARMLINE_SHOP_DATABASE_URL"):
        raise ShopMisconfigured(
            "a shop over HTTP has a token, and no database that we read",
            where="WARMLINE_SHOP_URL",
            cure="Set WARMLINE_SHOP_TOKEN beside it, and not WARMLINE_SHOP_DATABASE_URL.",
        )
    return HttpShop(address, token)
