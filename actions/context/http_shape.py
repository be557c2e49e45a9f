"""What the models of a shop's JSON share. They check its answers and write its OpenAPI document.

Every field is there; what is not known is null. An answer with one thing in it that cannot be true
is refused whole, because the rest of it may be just as wrong. Fields we do not know are left alone,
so that a shop may say more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, ClassVar

from pydantic import BaseModel, validator
from pydantic.utils import lenient_issubclass

# A day is the shop's own and a moment is UTC: what came later may bear the earlier date.
ZONES = timedelta(days=1)


class Shape(BaseModel):
    """One JSON object, and the value that is made of it when nothing in it is wrong."""

    value_type: ClassVar[Callable[..., Any]]

    def value(self) -> Any:
        """The same as our own value, of `value_type`: it has the very fields of the shape."""
        return self.value_type(**{name: _value(getattr(self, name)) for name in self.__fields__})


def _value(read: Any) -> Any:
    if isinstance(read, Shape):
        return read.value()
    return tuple(_value(each) for each in read) if isinstance(read, list) else read


def shapes_of(roots: Iterable[type[Shape]]) -> set[type[Shape]]:
    """These shapes and all that their fields hold."""
    found: set[type[Shape]] = set()
    waiting = list(roots)
    while waiting:
        shape = waiting.pop()
        if shape not in found:
            found.add(shape)
            inner = (field.type_ for field in shape.__fields__.values())
            waiting += [each for each in inner if lenient_issubclass(each, Shape)]
    return found


def follows(earlier: str) -> Callable[..., date | None]:
    """A check that a day is not before this field's day or moment."""

    def compare(day: date | None, values: dict[str, Any]) -> date | None:
        earliest = values.get(earlier)
        if isinstance(earliest, datetime):
            earliest = earliest.date() - ZONES
        if day is not None and earliest is not None and day < earliest:
            raise ValueError(f"is before {earlier}")
        return day

    return compare


def in_order(by: str, *, newest_first: bool = True) -> Callable[..., list[Any]]:
    """Puts a list into our order, whatever the shop's is."""

    def sort(these: list[Any]) -> list[Any]:
        return sorted(these, key=attrgetter(by), reverse=newest_first)

    return sort


def check(*fields: str, by: Callable[..., Any]) -> Any:
    """One of these checks, of these fields; as an attribute of a shape."""
    return validator(*fields, allow_reuse=True)(by)
