"""Taking back what was just changed, by the button that came with it."""

from __future__ import annotations

from typing import Any

from actions.context.changes import Change
from actions.requests.heard import Heard
from actions.requests.request import (
    Answer,
    Case,
    Detail,
    Level,
    Outcome,
    Proposal,
    Request,
)
from actions.say import Say


def _read(case: Case, heard: Heard, asked: bool) -> Any:
    return heard.choice or ""


def _ask(case: Case) -> Say:
    return Say("utter_nothing_to_undo")


async def _plan(case: Case) -> Outcome:
    key = case.details["change"]
    if key not in {made.key for made in case.made}:
        return Answer((_ask(case),))
    undo = Change("undo", {"change": key})
    return Proposal(undo, _ask(case), Say("utter_undone"), without_asking=True)


REQUESTS = (
    Request(
        "undo",
        "undoing a change",
        Level.ANYONE,  # the change is one of this very conversation's
        _plan,
        details=(Detail("change", _ask, _read),),
    ),
)
