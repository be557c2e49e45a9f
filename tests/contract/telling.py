"""A process that tells subscribers until it is killed: `python -m tests.contract.telling URL`."""

from __future__ import annotations

import asyncio
import sys

from bot.notifier import notifying
from tests.contract.test_notices import outside
from tests.processes import EchoAssistant, processes


async def tell_until_killed(url: str) -> None:
    async with (
        processes(url, EchoAssistant()) as (services,),
        notifying(services, outside()),
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(tell_until_killed(sys.argv[1]))
