"""What the kinds of data are called for people: in an export, and in a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "audit_log": "Changes that were made about these conversations",
        "blocks": "Blocks: whose messages were not answered, and why",
        "cluster_turns": "Places in groups of messages alike",
        "contact_marks": "How far conversations were counted",
        "contacts": "Contacts that were counted",
        "conversations": "Conversations",
        "customers": "Customer",
        "early_receipts": "Receipts of a provider not yet taken in",
        "effects": "What was changed in the shop",
        "files": "Files that agents sent",
        "handoffs": "Hand-offs to people, with what the agent saw",
        "identities": "Addresses that were written from",
        "joins": "Addresses that proved to be one person",
        "labels": "What our people said messages are about",
        "mentions": "Colleagues mentioned in notes",
        "messages": "Messages",
        "notices": "What other programs of the shop were told",
        "offers": "Agents who were asked to take the conversation",
        "one_time_codes": "Codes to go on on another channel",
        "opt_outs": "Addresses that must not be written to",
        "outbox": "Deliveries of messages",
        "past_answers": "Answers that agents may use again, without names and numbers",
        "reviews": "Messages that our people were to look at",
        "signals": "What the shop reported was just done",
        "suggestions": "Replies that were suggested to agents",
        "surveys": "Surveys",
        "tags": "Tags",
        "trackers": "The assistant's memory of the conversation",
        "turns": "What the assistant understood, and what it did",
        "wrap_ups": "What agents said came of it",
        # Not theirs alone, and taken out with an erasure.
        "clusters": "Groups of messages alike",
        "examples": "Training examples in the project's files",
        "must_pass": "Messages that every model must get right",
        "review_groups": "Groups in the inbox of reviews",
        "turn_views": "Views of the log that looked for them",
    }
)


def title_of(table: str) -> str:
    """The heading of what is in this table; a new one is called by its name."""
    return _TITLES.get(table, table.replace("_", " ").capitalize())
