"""A change of the shop's data in words for people: what was to be changed, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from bot.records import Effect

# By actions.context.changes.ChangeName. Codes and the like stay out of the words.
_WORDS = {
    "cancel_order": "Cancel order {order}",
    "change_items": "Change what is in order {order}",
    "change_order_address": "Send order {order} to {line}, {town} {postcode}",
    "change_account_address": "Change the account's address to {line}, {town} {postcode}",
    "return_item": "Take back {quantity} of {sku} from order {order}",
    "exchange_item": "Exchange {quantity} of {sku} from order {order} for size {new_size}",
    "refund": "Refund {amount} of order {order}",
    "open_claim": "Open a claim for order {order}: {kind}, {wish}",
    "mail_invoice": "Mail the invoice of order {order}",
    "mail_password_link": "Mail a password link",
    "mail_code": "Mail a code",
    "mail_account_data": "Mail the account's data",
    "set_newsletter": "Switch the newsletter on or off",
    "join_membership": "Join the membership",
    "leave_membership": "Leave the membership",
    "change_email": "Change the e-mail address to {email}",
    "change_phone": "Change the phone number to {phone}",
    "change_name": "Change the name to {name}",
    "close_account": "Close the account",
    "watch_stock": "Tell them when {sku} is back in stock",
    "undo": "Take an earlier change back",
}
# By actions.context.changes.Changed.refused, after "The shop did not make it: ".
_REFUSALS = {
    "too_late": "it is too late for that",
    "done_already": "it was done before",
    "exceeds": "it is more than was paid, or than is left",
    "out_of_stock": "it is out of stock",
    "not_found": "there is no such order, item or customer",
    "taken": "another account has that address or number",
    "not_offered": "that has to be done in the shop's own system",
    "invalid": "something in it cannot be used",
}


def name_of(effect: Effect) -> str:
    """The change's name; of an action that is no change of the shop's, its own."""
    change = effect.arguments.get("change")
    return str(change["name"]) if isinstance(change, Mapping) else effect.action


def in_words(effect: Effect) -> str:
    """What is, or was to be, changed."""
    name, change = name_of(effect), effect.arguments.get("change")
    if name not in _WORDS or not isinstance(change, Mapping):
        return name.replace("_", " ").capitalize()
    return _WORDS[name].format_map(_Arguments(change["arguments"]))


def state_of(effect: Effect) -> Literal["made", "refused", "unknown"]:
    """How far it got."""
    if effect.state != "done":
        return "unknown"
    refused = isinstance(effect.result, Mapping) and effect.result.get("refused")
    return "refused" if refused else "made"


def outcome_of(effect: Effect) -> str:
    """What came of it."""
    if effect.state != "done":
        return "Nobody knows whether it was made."
    return outcome_in_words(effect.result if isinstance(effect.result, Mapping) else {})


def outcome_in_words(result: Mapping[str, Any]) -> str:
    """What the shop answered, with its own reference."""
    refused = result.get("refused")
    if refused is not None:
        return f"The shop did not make it: {_REFUSALS.get(refused, str(refused))}."
    reference = result.get("reference")
    return f"Made, reference {reference}." if reference else "Made."


def decision_in_words(prepared: Mapping[str, Any]) -> str | None:
    """What became of a change that the bot prepared; None as long as nobody has decided."""
    state = prepared["state"]
    if state == "trying":
        return "Being made."
    if state == "failed":
        return (
            "The shop's system did not answer: nobody knows whether it was made. Approve it again "
            "to find out; it is made once."
        )
    if state == "declined":
        return "Declined."
    return outcome_in_words(prepared["result"]) if prepared["result"] else None


def is_by_agent(effect: Effect) -> bool:
    """Whether a person made it, rather than the bot."""
    by = effect.arguments.get("by")
    return isinstance(by, Mapping) and "agent" in by


class _Arguments(dict[str, Any]):
    """What a change leaves open is shown as such."""

    def __missing__(self, key: str) -> str:
        return "…"
