"""Whom an offer goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.clock import now
from bot.offers import Candidate, best
from bot.records import Agent

SECOND = timedelta(seconds=1)


def test_the_best_is_who_was_asked_least_is_known_has_room_and_is_idle() -> None:
    at = now()
    ann, bea, cid = (Agent(name) for name in ("ann", "bea", "cid"))
    idle, busy = Candidate(ann, 3, None), Candidate(bea, 3, at)
    roomy, earlier = Candidate(cid, 4, at), Candidate(bea, 3, at - SECOND)

    def chosen(
        *candidates: Candidate, known: str | None = None, again: bool = False, **asked: int
    ) -> str | None:
        one = best(candidates, asked, known=known, again=again)
        return one.agent.user_id if one else None

    assert chosen(idle, busy, roomy) == "cid"
    assert chosen(busy, idle) == "ann"
    assert chosen(replace(busy, agent=ann), earlier) == "bea"
    assert chosen(idle, roomy, known="ann") == "ann"
    assert chosen(idle, roomy, known="cid", cid=1) == "ann"
    assert chosen(idle, roomy, ann=1, cid=1) is None
    assert chosen(idle, roomy, ann=2, cid=1, again=True) == "cid"
    assert chosen(again=True) is None
