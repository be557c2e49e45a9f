"""What has to be known to change what is in an order: what is to be done, with which thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions import goods
from actions.context.model import Order, OrderItem, Product
from actions.families.item_words import (
    ADD,
    COUNT,
    REMOVE,
    SIZE,
    SWAP,
    count_afterwards,
    is_outspoken,
    kind_of_change,
    not_in,
)
from actions.families.lines import line_buttons, read_line
from actions.families.orders import order_values
from actions.policy import current_policy
from actions.requests.heard import Heard
from actions.requests.request import Case, Detail, Wrong
from actions.say import Say, choice

_TITLES = {
    ADD: "Add something",
    REMOVE: "Take something out",
    SIZE: "Another size",
    COUNT: "More or fewer",
    SWAP: "Swap something",
}
#: So many of one thing; whoever wants more means a business.
_MOST = 20
_MOST_BUTTONS = 9


def can_be_changed(order: Order) -> bool:
    """Whether it is not packed yet."""
    return order.state in current_policy().order_change.until


def line_meant(case: Case) -> OrderItem | None:
    """The line that is meant, once it is known."""
    return goods.line_of(case.chosen(), case.details.get("item"))


def product_meant(case: Case) -> Product | None:
    """The product that is to be added or to come in place of another."""
    return product_of(case, case.details.get("product"))


def product_of(case: Case, sku: object) -> Product | None:
    """What the shop sells under this SKU, if it still does."""
    return next((product for product in case.products if product.sku == sku), None)


def _ask_what(case: Case) -> Say:
    order = case.chosen()
    sized = any(line.size for line in order.items)
    kinds = [kind for kind in _TITLES if sized or kind != SIZE]
    buttons = tuple(choice(_TITLES[kind], case.intent, kind) for kind in kinds)
    return Say("utter_ask_what_to_change", order_values(order), buttons)


def _read_what(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice if heard.choice in _TITLES else None
    if not heard.is_about(case.intent):
        return None
    # "No, two" corrects the number, not what is to be done.
    if "what" in case.details and not is_outspoken(heard.text):
        return None
    return kind_of_change(heard.text, case.chosen(), case.products)


def _ask_item(case: Case) -> Say:
    return Say("utter_ask_which_item", {"number": case.chosen().number}, line_buttons(case))


def _ask_product(case: Case) -> Say:
    line = line_meant(case)
    if line is not None and case.details["what"] == SWAP:
        return Say("utter_ask_instead_of", {"thing": goods.line_title(line)})
    return Say("utter_ask_what_to_add")


def _read_product(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        skus = {product.sku for product in case.products}
        return heard.choice if heard.choice in skus else None
    if heard.gives_up or not heard.is_about(case.intent):
        return None
    found = not_in(case.chosen(), heard.text, case.products)
    if asked and not found:
        found = goods.products_named(heard.text, case.products)
    if len(found) == 1:
        return found[0].sku
    if found:
        buttons = tuple(choice(each.name, case.intent, each.sku) for each in found[:_MOST_BUTTONS])
        return Wrong(Say("utter_several_products", buttons=buttons))
    return Wrong(Say("utter_no_such_product")) if asked else None


def _ask_size(case: Case) -> Say:
    product = _concerned(case)
    sizes = _in_stock(product)[:_MOST_BUTTONS] if product else []
    buttons = tuple(choice(size, case.intent, size) for size in sizes)
    return Say("utter_ask_which_size", {"thing": product.name if product else "it"}, buttons)


def _read_size(case: Case, heard: Heard, asked: bool) -> Any:
    product = _concerned(case)
    if product is None or (heard.typed and not heard.is_about(case.intent)):
        return None
    line = line_meant(case) if case.details["what"] == SIZE else None
    sizes = [size for size in product.stock if line is None or size != line.size]
    if heard.typed:
        size = goods.size_in(heard.text, sizes)
    else:
        size = heard.choice if heard.choice in sizes else None
    if size is None:
        known = Say("utter_no_such_size", {"sizes": ", ".join(_in_stock(product))})
        return Wrong(known) if asked and heard.typed and not heard.gives_up else None
    if not product.stock[size]:
        return Wrong(Say("utter_size_sold_out", {"thing": product.name, "size": size}))
    return size


def _ask_count(case: Case) -> Say:
    line = line_meant(case)
    values = {"thing": line.name if line else "it", "count": line.quantity if line else 0}
    return Say("utter_ask_how_many_of", values)


def _read_count(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed or not heard.is_about(case.intent):
        return None
    line = line_meant(case) if case.details["what"] == COUNT else None
    count = count_afterwards(heard.text, line)
    if count is None:
        return Wrong(Say("utter_no_such_count")) if asked and not heard.gives_up else None
    return count if 0 <= count <= _MOST else Wrong(Say("utter_too_many", {"most": _MOST}))


def _concerned(case: Case) -> Product | None:
    """The product whose size is asked for."""
    line = line_meant(case)
    if case.details["what"] == SIZE:
        return product_of(case, line.sku) if line else None
    return product_meant(case)


def _in_stock(product: Product) -> list[str]:
    return [size for size, count in product.stock.items() if count]


def _is(*kinds: str) -> Callable[[Case], bool]:
    def needed(case: Case) -> bool:
        return can_be_changed(case.chosen()) and case.details.get("what") in kinds

    return needed


def _needs_item(case: Case) -> bool:
    return _is(REMOVE, SWAP, SIZE, COUNT)(case) and len(case.chosen().items) > 1


def _needs_size(case: Case) -> bool:
    product = _concerned(case) if _is(ADD, SWAP, SIZE)(case) else None
    return product is not None and "" not in product.stock and bool(_in_stock(product))


DETAILS = (
    Detail("what", _ask_what, _read_what, lambda case: can_be_changed(case.chosen())),
    Detail("item", _ask_item, read_line, _needs_item),
    Detail("product", _ask_product, _read_product, _is(ADD, SWAP)),
    Detail("size", _ask_size, _read_size, _needs_size),
    Detail("count", _ask_count, _read_count, _is(COUNT)),
    Detail("how_many", _ask_count, _read_count, _is(ADD), optional=True),
)
