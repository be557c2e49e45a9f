"""What the demo shop mails, and to whom."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from actions.context import tables
from tests.actions.context.demo_shop import DemoShop

AVA, EMAIL = "C-1007", "ava.1007@customer.test"
BILLED, NOT_BILLED, DELIVERED = "10432", "10640", "10969"


async def test_an_invoice_comes_as_a_pdf(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply("mail_invoice", order=BILLED)
    assert (done.reference, done.after) == ("INV-10432", {"invoice": "INV-10432"})
    (mail,) = await demo_shop.mails(AVA)
    assert (mail["to_address"], mail["template"]) == (EMAIL, "invoice")
    assert mail["attachment_name"] == "INV-10432.pdf"
    text = PdfReader(io.BytesIO(mail["attachment"])).pages[0].extract_text()
    assert "Invoice INV-10432" in text
    for order in (NOT_BILLED, "99999"):
        assert (await demo_shop.apply("mail_invoice", order=order)).refused == "not_found"
    assert len(await demo_shop.mails(AVA)) == 1


@pytest.mark.parametrize(
    ("name", "secret", "template"),
    [
        ("mail_password_link", {}, "password_link"),
        ("mail_code", {"code": "402913"}, "code"),
    ],
)
async def test_nobody_learns_whether_an_address_exists(
    demo_shop: DemoShop, name: Any, secret: dict[str, str], template: str
) -> None:
    known = await demo_shop.apply(name, email=EMAIL.upper(), **secret)
    unknown = await demo_shop.apply(name, email="nobody@customer.test", **secret)
    assert known == unknown
    assert known.refused is None
    (mail,) = await demo_shop.rows(sa.select(tables.mails))
    assert (mail["customer"], mail["to_address"], mail["template"]) == (AVA, EMAIL, template)
    assert all(text in mail["body"] for text in secret.values())
    assert (await demo_shop.apply(name, email="no address", **secret)).refused == "invalid"


async def test_each_password_link_is_another(demo_shop: DemoShop) -> None:
    for _ in range(2):
        await demo_shop.apply("mail_password_link", email=EMAIL)
    links = [re.findall(r"https://\S+", mail["body"]) for mail in await demo_shop.mails(AVA)]
    assert links[0] != links[1]


async def test_account_data_is_all_the_shop_has_of_this_customer_alone(
    demo_shop: DemoShop,
) -> None:
    await demo_shop.apply("mail_account_data", customer=AVA)
    (mail,) = await demo_shop.mails(AVA)
    assert mail["attachment_name"] == "C-1007.json"
    data = json.loads(mail["attachment"])
    assert data["customer"]["email"] == EMAIL
    assert {order["number"] for order in data["orders"]} == {"10432", "10587", "10640", "10398"}
    assert {order["customer_reference"] for order in data["orders"]} == {AVA}
    assert data["orders"][0]["items"][0]["unit_price"] == "34.00"
    assert (await demo_shop.apply("mail_account_data", customer="C-0")).refused == "not_found"


async def test_a_return_is_confirmed_with_its_label(demo_shop: DemoShop) -> None:
    done = await demo_shop.apply(
        "exchange_item", order=DELIVERED, sku="FF-101", quantity=1, new_size="UK 10"
    )
    (mail,) = await demo_shop.mails("C-1085")
    assert mail["attachment_name"] == f"label-{done.reference}.pdf"
    text = PdfReader(io.BytesIO(mail["attachment"])).pages[0].extract_text()
    assert f"Return {done.reference}" in text
    assert "size UK 10" in text


async def test_what_is_refused_mails_nothing(demo_shop: DemoShop) -> None:
    bens = (await demo_shop.customer("C-1012"))["email"]
    await demo_shop.apply("change_email", customer=AVA, email=bens)
    await demo_shop.apply("cancel_order", order=BILLED, fee="0.00")
    assert await demo_shop.rows(sa.select(tables.mails)) == []
