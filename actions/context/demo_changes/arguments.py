"""A change's arguments as they came, checked: whatever a customer wrote reaches the tables as a
value, never as a part of a statement.

What a program got wrong (an argument that is missing, unknown or of another kind) raises
ValueError, which names it. What a customer may have written, and no shop can use, is refused as
`invalid`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from actions.context.changes import Change, ChangeName
from actions.context.demo_changes.making import Refused

#: SKU and size ("" for what comes in one size), and how many.
Items = dict[tuple[str, str], int]
Reader = Callable[[Any], Any]

_AMOUNT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST = 200


def read(change: Change) -> tuple[dict[str, Any], str | None]:
    """The values to make the change with, by the names of its arguments, and why it is refused, if
    it is. Raises ValueError."""
    expected = _EXPECTED.get(change.name)
    if expected is None:
        raise ValueError(f"{change.name}: there is no such change")
    for name in sorted(expected.keys() ^ change.arguments.keys()):
        problem = "is missing" if name in expected else "is not one of its arguments"
        raise ValueError(f"{change.name}: '{name}' {problem}")
    values, refusal = {}, None
    for name, reader in expected.items():
        try:
            values[name] = reader(change.arguments[name])
        except ValueError as error:
            raise ValueError(f"{change.name}: '{name}' {error}") from None
        except Refused as refused:
            refusal = refused.code
    return values, refusal


def _text(value: Any, longest: int = _LONGEST) -> str:
    """Without what no customer sees, and with no more than one space in a row."""
    if not isinstance(value, str):
        raise ValueError("must be a text")
    seen = "".join(" " if unicodedata.category(each) == "Cc" else each for each in value)
    text = " ".join(unicodedata.normalize("NFC", seen).split())
    # A half of a letter is not one, and no database takes it.
    if not text or len(text) > longest or any("\ud800" <= each <= "\udfff" for each in text):
        raise Refused("invalid")
    return text


def _words(value: Any, longest: int = _LONGEST) -> str:
    """A text with at least one letter or digit: a house is not found by emoji alone."""
    text = _text(value, longest)
    if not any(each.isalnum() for each in text):
        raise Refused("invalid")
    return text


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _story(value: Any) -> str | None:
    """What is wrong, as a customer tells it."""
    return None if value is None else _text(value, 500)


def _size(value: Any) -> str:
    """As the stock has it: "" for what comes in one size, which others call None."""
    return "" if value is None or value == "" else _text(value)


def _quantity(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("must be a whole number")
    if value < 1:
        raise Refused("invalid")
    return value


def _pence(value: Any) -> int:
    pence = _pence_or_nothing(value)
    if pence == 0:
        raise Refused("invalid")
    return pence


def _pence_or_nothing(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError('must be a text such as "59.90"')
    found = _AMOUNT.fullmatch(value.strip())
    if not found:
        raise Refused("invalid")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _one_of(*words: str) -> Reader:
    def choose(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return choose


def _email(value: Any) -> str:
    email = _text(value).lower()
    if not _EMAIL.fullmatch(email):
        raise Refused("invalid")
    return email


def _phone(value: Any) -> str:
    """In international form; a number that begins with one 0 is British, as the shop is."""
    phone = re.sub(r"[\s().\-]", "", _text(value))
    phone = re.sub(r"^00", "+", phone)
    phone = re.sub(r"^0", "+44", phone)
    if not _PHONE.fullmatch(phone):
        raise Refused("invalid")
    return phone


def _postcode(value: Any) -> str:
    return _words(value, 20).upper()


def _items(value: Any) -> Items:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("must be a list of {sku, size, quantity}")
    if not value:
        raise Refused("invalid")  # nothing at all would be a cancellation
    items: Items = {}
    for each in value:
        if each.keys() != {"sku", "size", "quantity"}:
            raise ValueError("must be a list of {sku, size, quantity}")
        what = (_text(each["sku"]), _size(each["size"]))
        items[what] = items.get(what, 0) + _quantity(each["quantity"])
    return items


_ADDRESS: Mapping[str, Reader] = {
    "line": _words,
    "town": partial(_words, longest=100),
    "postcode": _postcode,
}
_EXPECTED: Mapping[ChangeName, Mapping[str, Reader]] = {
    "cancel_order": {"order": _text, "fee": _pence_or_nothing},
    "change_items": {"order": _text, "items": _items},
    "change_order_address": {"order": _text, **_ADDRESS},
    "change_account_address": {"customer": _text, **_ADDRESS},
    "return_item": {"order": _text, "sku": _text, "quantity": _quantity},
    "exchange_item": {"order": _text, "sku": _text, "quantity": _quantity, "new_size": _size},
    "refund": {"order": _text, "amount": _pence, "reason": _words, "payment": _text_or_none},
    "open_claim": {
        "order": _text,
        "kind": _one_of("missing", "damaged"),
        "sku": _text_or_none,
        "wish": _one_of("replacement", "refund"),
        "words": _story,
    },
    "mail_invoice": {"order": _text},
    "mail_password_link": {"email": _email},
    "mail_code": {"email": _email, "code": partial(_text, longest=20)},
    "mail_account_data": {"customer": _text},
    "set_newsletter": {"customer": _text, "on": _flag},
    "join_membership": {"customer": _text},
    "leave_membership": {"customer": _text},
    "change_email": {"customer": _text, "email": _email},
    "change_phone": {"customer": _text, "phone": _phone},
    "change_name": {"customer": _text, "name": partial(_words, longest=100)},
    "close_account": {"customer": _text},
    "watch_stock": {"customer": _text, "sku": _text, "size": _size},
    "undo": {"change": _text},
}
