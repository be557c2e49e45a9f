"""Which shop the actions ask, and whether it will have us: found out before anybody is served."""

from __future__ import annotations

import logging
import os

from actions import documents
from actions.context import shop
from actions.context.errors import ShopMisconfigured, ShopUnavailable
from bot.errors import SetupError
from bot.settings import Settings

log = logging.getLogger(__name__)


async def settle_shop(settings: Settings) -> None:
    """Tell the actions where the shop is, and how links to its documents are signed.

    Raises SetupError for what waiting would not mend."""
    # Actions are created by Rasa's executor, which hands them nothing: this is how they find it.
    if settings.shop_url is not None and settings.shop_token is not None:
        os.environ["WARMLINE_SHOP_URL"] = settings.shop_url
        os.environ["WARMLINE_SHOP_TOKEN"] = settings.shop_token
    else:
        os.environ.setdefault("WARMLINE_SHOP_DATABASE_URL", settings.shop_database_url)
    if settings.shop_mapping is not None:
        os.environ["WARMLINE_SHOP_MAPPING"] = str(settings.shop_mapping)
    # What holds here, wherever it came from: this process reads the links that its own actions make
    # and those of the workers, which have the same key.
    os.environ[documents.SECRET] = settings.secret_key
    os.environ[documents.SITE] = settings.public_url
    try:
        await shop().check()
    except ShopMisconfigured as error:
        raise SetupError(error.problem, where=error.where, cure=error.cure) from None
    except ShopUnavailable:
        # It may be back before the first customer writes; until then they are told so.
        log.warning("shop_unavailable_at_start")
