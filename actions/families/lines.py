"""The line of an order that a request is about: offered by buttons, named in words."""

from __future__ import annotations

from typing import Any

from actions import goods
from actions.requests.heard import Heard
from actions.requests.request import Case
from actions.say import Button, choice

#: More buttons than these are not read.
_MOST = 9


def line_buttons(case: Case) -> tuple[Button, ...]:
    """A button for each line of the order."""
    lines = case.chosen().items[:_MOST]
    return tuple(
        choice(goods.line_title(each), case.intent, goods.line_key(each)) for each in lines
    )


def read_line(case: Case, heard: Heard, asked: bool) -> Any:
    """The key of the one line that is meant."""
    order = case.chosen()
    if not heard.typed:
        keys = {goods.line_key(line) for line in order.items}
        return heard.choice if heard.choice in keys else None
    named = goods.lines_named(heard.text, order) if heard.is_about(case.intent) else []
    return goods.line_key(named[0]) if len(named) == 1 else None
