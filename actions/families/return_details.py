"""What has to be known to send something back: which thing, and how many of it."""

from __future__ import annotations

from typing import Any

from actions.families.returnable import chosen_things, order_values, why_not
from actions.families.things import Thing, count_in, means_all, meant, things_left
from actions.goods import each_named
from actions.requests.heard import Heard
from actions.requests.request import Case, Detail, Wrong
from actions.say import Say, choice

ALL = "everything"
#: "Only one", "just the two".
_FEW_WORDS = 3


def must_choose(case: Case) -> bool:
    """Whether there are several things to choose from."""
    return why_not(case) is None and len(things_left(case.known(), case.chosen())) > 1


def must_count(case: Case) -> bool:
    """Whether there are several of the one thing that is meant, and nobody said how many."""
    if why_not(case) is not None:
        return False
    things = chosen_things(case)
    told = dict(case.details.get("things") or ())
    return len(things) == 1 and things[0].left > 1 and told.get(things[0].sku) is None


def ask_things(case: Case) -> Say:
    """Which thing, with a button for each."""
    things = things_left(case.known(), case.chosen())
    buttons = [choice(thing.counted(1), case.intent, thing.sku) for thing in things[:4]]
    if case.intent == "return_item":
        buttons.append(choice("Everything", case.intent, ALL))
    return Say("utter_ask_which_thing", order_values(case), tuple(buttons))


def read_things(case: Case, heard: Heard, asked: bool) -> Any:
    """What is meant, by SKU, each with how many of it, or None where that is not said."""
    things = things_left(case.known(), case.chosen())
    if not heard.typed:
        return [[each.sku, None] for each in things if heard.choice in (each.sku, ALL)] or None
    if not asked and not heard.is_about(case.intent):
        return None
    found = meant(heard.text, things)
    if not found and means_all(heard.text):
        return [[thing.sku, thing.left] for thing in things] or None
    counted = [
        (thing, count_in(heard.text, thing, asked=False) if thing.left > 1 else 1)
        for thing in found
    ]
    for thing, count in counted:
        if count is not None and not 1 <= count <= thing.left:
            return Wrong(_not_so_many(thing))
    return [[thing.sku, count] for thing, count in counted] or None


def ask_count(case: Case) -> Say:
    """How many, with a button for each number."""
    thing = chosen_things(case)[0]
    counts = range(1, min(thing.left, 5) + 1)
    buttons = tuple(choice(str(count), case.intent, str(count)) for count in counts)
    return Say("utter_ask_how_many", {"thing": thing.name, "left": thing.left}, buttons)


def read_count(case: Case, heard: Heard, asked: bool) -> Any:
    """How many of the one thing."""
    thing = chosen_things(case)[0]
    if not heard.typed:
        count = int(heard.choice) if heard.choice and heard.choice.isdecimal() else None
    elif asked or heard.is_about(case.intent):
        is_short = len(heard.text.split()) <= _FEW_WORDS
        count = count_in(heard.text, thing, asked=asked or is_short)
    else:
        count = None
    if count is None:
        return None
    return count if 1 <= count <= thing.left else Wrong(_not_so_many(thing))


def _not_so_many(thing: Thing) -> Say:
    return Say("utter_not_so_many", {"thing": thing.name, "left": thing.left})


def read_gone(case: Case, heard: Heard, asked: bool) -> Any:
    """The thing that is meant although it is on its way back already."""
    if not (heard.typed and heard.is_about(case.intent)):
        return None
    named = each_named(heard.text, [item.name for item in case.chosen().items])
    left = {thing.name for thing in things_left(case.known(), case.chosen())}
    return named[0] if len(named) == 1 and named[0] not in left else None


def ask_gone(case: Case) -> Say:
    """What is under way is only ever read, never asked for."""
    return Say("utter_ask_which_thing", order_values(case))


GONE = Detail("gone", ask_gone, read_gone, optional=True)
