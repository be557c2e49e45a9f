"""What each figure counts: in words for whoever reads it, and from which counts it is made.

The page, the API and the report all read this one table, so that a figure and its definition
cannot part ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "rating", "seconds", "contacts"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` of `of` are names of counts by day; a time names its column and its quantile.

    `better` says which way is good, None where neither is.
    """

    name: str
    title: str
    unit: Unit
    counts: str
    numerator: str
    denominator: str
    rows: str
    better: Literal["up", "down"] | None
    count: str
    of: str = ""
    point: float = 0.0


_CLOSED = "contacts that have ended"
_BOT = "contacts that the bot took at least one turn in"
_RIPE = "contacts that ended more than seven days ago"
FIGURES = (
    Figure(
        "contacts",
        "Contacts",
        "contacts",
        "How often customers came to us: one for each stretch of a conversation that begins with"
        " their message and ends when an agent resolves it or nobody writes for 24 hours.",
        "contacts, without those that an agent called spam",
        "none, it is a number",
        "messages, hand-offs, wrap-ups",
        None,
        "contacts",
    ),
    Figure(
        "containment",
        "Containment",
        "share",
        "How often no person was needed. It does not say that the customer was helped.",
        "of those, the ones without a hand-off and without a line from an agent",
        f"{_CLOSED} and that the bot took at least one turn in",
        "turns, hand-offs, messages",
        "up",
        "contained",
        "contained_of",
    ),
    Figure(
        "confirmed",
        "Resolved, confirmed",
        "share",
        "How often the customer themselves said that all is well.",
        "of those, the ones rated 4 or 5 in the survey, or, with no rating, whose last message was"
        " understood as thanks",
        _CLOSED,
        "surveys, turns",
        "up",
        "confirmed",
        "closed",
    ),
    Figure(
        "assumed",
        "Resolved, assumed",
        "share",
        "How often nothing speaks against it: weaker than confirmed, and shown apart from it.",
        "of those, the ones not confirmed, without a person, whose last message was answered and"
        " was no complaint, no “no”, no wish for a person and nothing out of scope",
        _CLOSED,
        "turns, hand-offs",
        "up",
        "assumed",
        "closed",
    ),
    Figure(
        "came_back",
        "Came back within 7 days",
        "share",
        "How often what looked resolved was followed by another contact of the same person, on any"
        " channel, about anything.",
        "of those, the ones followed by a contact that began within seven days of their last line",
        f"{_RIPE} and count as resolved: confirmed, assumed, or called solved by their agent",
        "contacts of the customer and of those joined with them",
        "down",
        "came_back",
        "came_back_of",
    ),
    Figure(
        "handoff",
        "Hand-off rate",
        "share",
        "How often the bot gave the conversation to a person, or a person took it.",
        "of those, the ones with a hand-off; its reason is that of the first",
        _BOT,
        "turns, hand-offs",
        None,
        "handed_off",
        "by_bot",
    ),
    Figure(
        "first_contact",
        "First contact resolution",
        "share",
        "How often one contact was enough, with the bot or with an agent.",
        "of those, the ones resolved (confirmed, assumed or called solved) and not followed by"
        " another contact within seven days",
        f"{_RIPE} and did not themselves follow another within seven days",
        "contacts, surveys, wrap-ups",
        "up",
        "first",
        "first_of",
    ),
    Figure(
        "repeat",
        "Repeat contact",
        "share",
        "How much of what arrives is somebody who was here within the last seven days.",
        "of those, the ones that began within seven days of the last line of the same person's"
        " contact before, on any channel",
        "all contacts",
        "contacts of the customer and of those joined with them",
        "down",
        "repeated",
        "contacts",
    ),
    Figure(
        "asked_twice",
        "Asked twice",
        "share",
        "How often a customer had to say something again, as far as the log can tell: an agent's"
        " question in words of their own is not seen.",
        "of those, the ones in which the bot asked a question in the very words of an earlier one,"
        " or the customer wrote a detail (an order number, an address) again to a person after"
        " they had written it to the bot",
        "all contacts",
        "messages, turns with their entities",
        "down",
        "asked_twice",
        "contacts",
    ),
    Figure(
        "wait",
        "Wait for a person, median",
        "seconds",
        "How long half of the customers waited at most until an agent took them.",
        "from the request to the acceptance of the contact's first hand-off that was accepted",
        "contacts with an accepted hand-off",
        "hand-offs",
        "down",
        "wait_seconds",
        point=0.5,
    ),
    Figure(
        "wait_p90",
        "Wait for a person, 9 of 10",
        "seconds",
        "How long nine of ten customers waited at most until an agent took them.",
        "from the request to the acceptance of the contact's first hand-off that was accepted",
        "contacts with an accepted hand-off",
        "hand-offs",
        "down",
        "wait_seconds",
        point=0.9,
    ),
    Figure(
        "first_reply",
        "First reply of a person, median",
        "seconds",
        "How long half of the customers waited at most for an agent's first words.",
        "from the request of a hand-off to the agent's first reply",
        "contacts with a hand-off that was replied to",
        "hand-offs",
        "down",
        "reply_seconds",
        point=0.5,
    ),
    Figure(
        "handle",
        "Handle time, median",
        "seconds",
        "How long a contact was with an agent, all its finished hand-offs together.",
        "from the acceptance of a hand-off to its end",
        "contacts with a hand-off that was accepted and has ended",
        "hand-offs",
        None,
        "handle_seconds",
        point=0.5,
    ),
    Figure(
        "csat",
        "Satisfaction",
        "rating",
        "How satisfied customers said they were after a chat with an agent, from 1 to 5.",
        "the mean of the answers",
        "contacts whose survey was answered; those of the bot alone are not asked",
        "surveys",
        "up",
        "csat_sum",
        "csat_n",
    ),
    Figure(
        "effort",
        "Ease",
        "rating",
        "How easy customers said it was to get help, from 1 to 5, 5 is easiest.",
        "the mean of the answers",
        "contacts whose survey was answered as far as that question",
        "surveys",
        "up",
        "effort_sum",
        "effort_n",
    ),
)
BY_NAME = {figure.name: figure for figure in FIGURES}
