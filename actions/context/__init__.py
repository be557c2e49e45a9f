"""Where the actions get the shop's data: one shop per event loop, opened when first needed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from weakref import WeakKeyDictionary

from actions.context.errors import ShopMisconfigured
from actions.context.http import HttpShop
from actions.context.source import Shop
from actions.context.sql import SqlContext

_open: WeakKeyDictionary[asyncio.AbstractEventLoop, Shop] = WeakKeyDictionary()


def shop_url() -> str:
    """WARMLINE_SHOP_DATABASE_URL, or the demo shop in the data folder."""
    folder = Path(os.environ.get("WARMLINE_DATA_DIR") or "var")
    return os.environ.get("WARMLINE_SHOP_DATABASE_URL") or f"sqlite+aiosqlite:///{folder}/shop.db"


def shop() -> Shop:
    """The running event loop's shop; its connections cannot be shared between loops."""
    loop = asyncio.get_running_loop()
    opened = _open.get(loop)
    if opened is None:
        opened = _open[loop] = _opened()
    return opened


async def check_shop() -> None:
    """Ask the shop for the first time. Raises ShopMisconfigured for what only a person can mend,
    and otherwise ShopUnavailable: a shop may be down for a while."""
    opened = shop()
    if isinstance(opened, HttpShop):
        await opened.check()


async def close_shop() -> None:
    """Closes the running event loop's shop, if it was opened."""
    opened = _open.pop(asyncio.get_running_loop(), None)
    if opened is not None:
        await opened.aclose()


def _opened() -> Shop:
    address = os.environ.get("WARMLINE_SHOP_URL")
    if not address:
        return SqlContext(shop_url())
    token = os.environ.get("WARMLINE_SHOP_TOKEN")
    if not token or os.environ.get("WARMLINE_SHOP_DATABASE_URL"):
        raise ShopMisconfigured(
            "a shop over HTTP has a token, and no database that we read",
            where="WARMLINE_SHOP_URL",
            cure="Set WARMLINE_SHOP_TOKEN beside it, and not WARMLINE_SHOP_DATABASE_URL.",
        )
    return HttpShop(address, token)
