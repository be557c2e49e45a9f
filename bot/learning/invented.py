"""Made-up values in place of a customer's: they look as real ones do and say nothing of them.

They come from the message's id and from nothing in its text, so that nobody can work back from an
example to what stood there; the same message always gives the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

NAMES = (
    *("Alex", "Robin", "Sasha", "Jamie", "Casey", "Morgan", "Riley", "Jordan"),
    *("Taylor", "Avery", "Quinn", "Rowan", "Skyler", "Emery", "Dakota", "Marlow"),
)
LAST_NAMES = ("Example", "Sample", "Placeholder", "Nobody", "Anyone", "Testperson")
STREETS = ("Mill Lane", "Station Road", "Church Street", "Park Avenue", "Orchard Close")
_AREAS = ("AB", "BS", "CF", "DE", "EH", "GL", "HX", "LS", "M", "NE", "OX", "S", "YO")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # letters that end a postcode
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Invention:
    """Values for one message; what is the same in it stays the same."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0
        self._given: dict[tuple[str, str], str] = {}

    def instead_of(self, kind: str, value: str) -> str:
        """A value of this kind that is not `value`."""
        key = (kind, value.casefold())
        if key not in self._given:
            made = MAKERS[kind](self, value)
            while made.casefold() == value.casefold():
                made = MAKERS[kind](self, value)
            self._given[key] = made
        return self._given[key]

    def below(self, limit: int) -> int:
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}:{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def one_of(self, choices: Sequence[str]) -> str:
        return choices[self.below(len(choices))]


def _order_number(invention: Invention, _: str) -> str:
    return str(10_000 + invention.below(90_000))


def _email(invention: Invention, _: str) -> str:
    return f"{invention.one_of(NAMES).lower()}{invention.below(90) + 10}@example.com"


def _phone(invention: Invention, _: str) -> str:
    """From the numbers that Ofcom keeps for films."""
    return f"07700 900{invention.below(1000):03}"


def _postcode(invention: Invention, _: str) -> str:
    ending = invention.one_of(_INWARD) + invention.one_of(_INWARD)
    return f"{invention.one_of(_AREAS)}{invention.below(9) + 1} {invention.below(9) + 1}{ending}"


def _street(invention: Invention, _: str) -> str:
    return f"{invention.below(90) + 1} {invention.one_of(STREETS)}"


def _date(invention: Invention, _: str) -> str:
    return f"{invention.below(18) + 10}/{invention.below(12) + 1:02}/2024"


def _name(invention: Invention, value: str) -> str:
    first = invention.one_of(NAMES)
    made = first if len(value.split()) == 1 else f"{first} {invention.one_of(LAST_NAMES)}"
    return made.lower() if value.islower() else made


def _handle(invention: Invention, _: str) -> str:
    return f"@{invention.one_of(NAMES).lower()}{invention.below(90) + 10}"


def _link(_: Invention, value: str) -> str:
    return "https://example.com" if "example.com" not in value else "https://example.org"


def _code(invention: Invention, value: str) -> str:
    """Letters for letters and digits for digits, as a tracking number or an IBAN has them."""
    return "".join(_character(invention, character) for character in value)


def _character(invention: Invention, character: str) -> str:
    if character.isdigit():
        return str(invention.below(10))
    if character.isalpha():
        made = invention.one_of(_LETTERS)
        return made if character.isupper() else made.lower()
    return character


MAKERS: Mapping[str, Callable[[Invention, str], str]] = MappingProxyType(
    {
        "order_number": _order_number,
        "email": _email,
        "phone": _phone,
        "postcode": _postcode,
        "street": _street,
        "day": _date,
        "name": _name,
        "handle": _handle,
        "link": _link,
        "code": _code,
    }
)
