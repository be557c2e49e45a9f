"""A canned reply: an answer written once, by a lead, for all agents. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import InvalidInput
from bot.text import clean

# What the desk fills in from the conversation, by these names: desk/static/desk/canned.js.
VARIABLES = ("agent_name", "customer_name", "order_number")
_VARIABLE = re.compile(r"\{(\w+)\}")
LONGEST_NAME = 80
LONGEST_TEXT = 4_000  # as a reply


@dataclass(frozen=True, slots=True)
class CannedReply:
    """Agents find it by its name; `text` may hold VARIABLES, each in braces."""

    id: str
    name: str
    text: str


def canned_reply(reply_id: str, name: str, text: str) -> CannedReply:
    """One that can be kept; raise InvalidInput naming the field that cannot."""
    name = " ".join(clean(name, field="name").split())
    text = clean(text, field="text")
    for field, value, longest in (("name", name, LONGEST_NAME), ("text", text, LONGEST_TEXT)):
        if len(value) > longest:
            raise InvalidInput(field, f"'{field}' must have at most {longest:,} characters.")
    for variable in _VARIABLE.findall(text):
        if variable not in VARIABLES:
            known = ", ".join(f"{{{each}}}" for each in VARIABLES)
            raise InvalidInput("text", f"There is no variable '{{{variable}}}'. Known: {known}.")
    return CannedReply(reply_id, name, text)
