"""Killed at every point of a turn: nothing is lost, answered twice or refunded twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.conftest import over_both_databases
from tests.faults.bank import ASKED, KEYED, NEITHER
from tests.faults.crowd import REFUND, REFUND_TWICE
from tests.faults.deployment import Deploy, Deployment, deploy, project, refunding

__all__ = ["deploy", "project", "refunding"]

AT_ONCE = 9  # deployments; they mostly wait for a dead process's lease
REFUNDS = (("web", REFUND_TWICE), ("acme", REFUND))


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a process dies, what its bank can do, and who says what at the same moment; then how
    many refunds are made, how many messages a person gets, and what becomes of sends."""

    point: str
    saying: tuple[tuple[str, str], ...] = REFUNDS
    kind: str = ASKED
    made: int = 3
    handed_over: int = 0
    unknown: int = 0
    looked_for: int | None = None  # where it is no matter of chance


KILLS = (
    # The longest first.
    Kill("mid action", (("web", REFUND),), NEITHER, made=0, handed_over=1),
    Kill("mid refund", (("web", REFUND),), NEITHER, made=1, handed_over=1),
    Kill("acknowledged"),
    Kill("mid action"),
    Kill("mid refund"),
    Kill("mid refund", kind=KEYED),
    Kill("between refunds", (("acme", REFUND_TWICE),), made=2),
    Kill("before the commit"),
    Kill("after the commit"),
    Kill("before the send", looked_for=1),
    Kill("before the send", (("blind", REFUND),), made=1, unknown=1),
    Kill("after the send", looked_for=1),
    Kill("after the send", (("blind", REFUND),), made=1, unknown=1),
)


@over_both_databases
async def test_a_kill_at_any_point_loses_and_doubles_nothing(deploy: Deploy) -> None:
    """With one process it is started again, with two the other one takes over."""
    places = asyncio.Semaphore(AT_ONCE)

    async def wrong(kill: Kill) -> list[str]:
        async with places, deploy(kind=kill.kind, point=kill.point) as shop:
            return [f"{kill}: {what}" for what in await _wrong(shop, kill)]

    found = await asyncio.gather(*(wrong(kill) for kill in KILLS))
    assert [what for each in found for what in each] == []


async def _wrong(shop: Deployment, kill: Kill) -> list[str]:
    customers = [(shop.customer(channel), text) for channel, text in kill.saying]
    saying = asyncio.gather(*(customer.say(text) for customer, text in customers))
    dead = await shop.doomed()
    if len(shop.programs) == 1:
        await dead.start_again()
    await saying
    books = await shop.settled()
    reckoning, doubled = shop.reckon(books), await shop.doubled_web_lines()
    asserted = {
        "lost": (reckoning.lost, 0),
        "doubled turns": (reckoning.doubled_turns, 0),
        "doubled lines": (doubled, 0),
        "dead letters": (reckoning.dead_letters, 0),
        "refunds made": (shop.bank.refunds().total(), kill.made),
        "refunds wrong": (reckoning.refunds_wrong, 0),
        "handed over": (reckoning.handed_over, kill.handed_over),
        "sends lost": (reckoning.sends_lost, 0),
        "sends doubled": (reckoning.sends_doubled, 0),
        "sends unknown": (reckoning.sends_unknown, kill.unknown),
    }
    if kill.looked_for is not None:
        asserted["sends looked for"] = (reckoning.sends_reconciled, kill.looked_for)
    return [
        *(
            f"{what} {was}, not {wanted}"
            for what, (was, wanted) in asserted.items()
            if was != wanted
        ),
    ]
