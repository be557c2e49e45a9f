"""A body from a shop, read into its shape; what is wrong is told by field, never by value."""

from __future__ import annotations

import json
from typing import NoReturn, TypeVar

from pydantic import ValidationError

from actions.context.errors import ShopUnavailable
from actions.context.http_shape import Shape, shapes_of

S = TypeVar("S", bound=Shape)


def read_shape(shape: type[S], body: bytes, asked: str) -> S:
    """The body as `shape`; raises ShopUnavailable when it is not that, or cannot be true."""
    try:
        content = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ShopUnavailable(f"the answer to {asked} is no JSON") from None
    try:
        return shape.parse_obj(content)
    except ValidationError as error:
        wrong = error.errors()[0]
        fields = {name for each in shapes_of([shape]) for name in each.__fields__}
        # The key of a product's fact is the shop's own text, so it is told of as a star.
        path = (str(at) if isinstance(at, int) or at in fields else "*" for at in wrong["loc"])
        problem = f"{'.'.join(path)}: {wrong['msg']}"
        raise ShopUnavailable(f"the answer to {asked} cannot be true, {problem}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are Python's, not JSON's")
