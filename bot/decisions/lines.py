"""Lines of the transcript that Warmline wrote by itself, outside any turn: why each is there. Pure.

What a person did is no automated decision: its line names them, and is not explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.decisions.explanation import Explanation, Fact
from bot.records import Message

# By the line's event: what was decided, the two sentences, and what decided it.
_LINES = {
    "too_fast": (
        "The bot did not answer this message.",
        "More came from one sender than is answered at once, so they were asked to slow down.",
        "the limit of messages from one sender",
    ),
    "slow_down": (
        "The customer was asked to slow down.",
        "More came from one sender than is answered at once.",
        "the limit of messages from one sender",
    ),
    "blocked": (
        "The bot did not answer this message.",
        "An agent blocked whoever sent it. Up to 20 of their lines a day are kept; more are only"
        " counted.",
        "the list of blocked senders",
    ),
    "closed": (
        "The customer was told, once, that messages here are not answered.",
        "An agent blocked them, and this was the first they wrote since.",
        "the list of blocked senders",
    ),
    "waiting": (
        "The customer was told how long it may take.",
        "The place and the estimate follow from who waits before them, and from how long others"
        " waited lately; outside the opening hours, from the hours.",
        "the queue's hours and its recent waits",
    ),
    "stranded": (
        "The conversation went back into its queue, to be served first.",
        "Its agent's account was ended, or their connection was lost for longer than handoff.yml"
        " allows while the customer waited.",
        "stranded_after_minutes in handoff.yml",
    ),
    "joined": (
        "Two customers became one.",
        "Somebody proved that they write from both places: nothing is joined by likeness.",
        "a proof that the line names",
    ),
    "survey_question": (
        "The customer was asked how it was.",
        "An agent closed the conversation, and handoff.yml asks on this channel.",
        "survey.channels in handoff.yml",
    ),
    "opt_out": (
        "Nothing more is sent to this address.",
        "The customer wrote a word that carriers want obeyed.",
        "the words for opting out",
    ),
    "opt_in": (
        "Messages are sent to this address again.",
        "The customer wrote a word that carriers want obeyed.",
        "the words for opting in",
    ),
}
# By what a limit counts, as bot.sender_limit names it.
_COUNTED = {
    "from": "messages from one address",
    "day": "messages from one address in a day",
    "customer": "messages of one customer, all their addresses together",
    "customer-day": "messages of one customer in a day, all their addresses together",
    "files": "messages with files from one address",
    "same": "the very same words from one address",
}
# One that an agent ended is theirs.
_WOKEN = {"time": "its time had come", "customer": "the customer wrote"}


def of_line(message: Message) -> Explanation | None:
    """None for what a turn or a person wrote."""
    event = message.data.get("event")
    if event == "woken" and message.data.get("why") in _WOKEN:
        why = f"It was snoozed, and {_WOKEN[message.data['why']]}."
        told = ("The conversation came back to its agent.", why, "the snooze an agent set")
    elif event in _LINES:
        told = _LINES[event]
    else:
        return None
    summary, why, rule = told
    return Explanation(
        id=message.id,
        kind="line",
        at=message.created_at,
        seq=message.seq,
        decided=str(event),
        summary=summary,
        why=why,
        rule=rule,
        model=None,
        recorded=True,
        facts=tuple(_facts(message)),
        message_id=message.id,
        lines=(message.id,),
    )


def _facts(message: Message) -> Iterator[Fact]:
    limit: Mapping[str, Any] = message.data.get("limit") or {}
    if limit:
        what = _COUNTED.get(limit["of"], "messages")
        a_minute = limit["a_second"] * 60
        yield Fact("Limit", f"{what}: {limit['at_once']:,} at once, then {a_minute:.3g} a minute")
    if message.author == "system":
        yield Fact("The line says", message.text)
