"""The demo shop's documents: what stands on them, read back from the PDF."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from actions.context.demo_documents.invoice import draw_invoice
from actions.context.demo_documents.label import draw_label
from actions.context.model import Address, Customer, Invoice, Order, OrderItem, Payment, Return
from actions.context.sql import SqlShop

ADDRESS = Address("9 Bóthar Seoighe 🌿", "Béal Feirste", "BT11 8PX")
CUSTOMER = Customer(
    *("C-1", "Zoë Wójcik", "z@x.test", "+447700900001", date(2020, 1, 1), ADDRESS),
    newsletter=False,
    closing_on=None,
    identities=(),
)
ITEM = OrderItem("FF-101", "hiking boots", "UK 9", 2, Decimal("129.00"))
INVOICE = Invoice(
    *("INV-1", date(2026, 6, 5), Decimal("3.95"), Decimal("10.00"), Decimal("251.95"), "GBP")
)
ORDER = Order(
    number="10001",
    customer_reference="C-1",
    state="shipped",
    placed_at=datetime(2026, 6, 4, 9, tzinfo=timezone.utc),
    total=INVOICE.total,
    currency="GBP",
    address=ADDRESS,
    delivery_estimate=None,
    delivered_on=None,
    items=(ITEM,),
    parcel=None,
    invoice=INVOICE,
)
PAYMENT = Payment(
    *("P-1", "10001", INVOICE.total, "GBP", "Visa", "paid", None),
    at=datetime(2026, 6, 4, 9, 1, tzinfo=timezone.utc),
)


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF-")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_an_invoice_says_who_what_and_how_much() -> None:
    text = text_of(draw_invoice(CUSTOMER, ORDER, INVOICE, [PAYMENT]))
    for said in (
        *("Fjell & Fjord Ltd", "Invoice INV-1", "5 June 2026", "10001", "C-1", "Zoë Wójcik"),
        *("Béal Feirste", "hiking boots · size UK 9 · FF-101", "£129.00", "£258.00"),
        *("£3.95", "£251.95", "£41.99", "VAT number", "Paid £251.95 by Visa on 4 June 2026"),
        "\N{MINUS SIGN}£10.00",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("payments", "told"),
    [
        ([], "Not paid yet."),
        ([replace(PAYMENT, state="failed")], "Not paid yet."),
        ([replace(PAYMENT, state="refunded")], "reference P-1 (refunded)."),
    ],
    ids=["nothing", "failed", "refunded"],
)
def test_an_invoice_says_what_was_paid(payments: list[Payment], told: str) -> None:
    assert told in text_of(draw_invoice(CUSTOMER, ORDER, INVOICE, payments))


@pytest.mark.parametrize(
    "name",
    ["Siobhán Ní Dhónaill", "Ἀθήνα Παπαδοπούλου", "Иван Петров", "Łukasz Żółć", "Nguyễn Thị"],
)
def test_names_in_other_alphabets_have_letters_of_the_font(name: str) -> None:
    assert name in text_of(draw_invoice(replace(CUSTOMER, name=name), ORDER, INVOICE, [PAYMENT]))
    font = pdfmetrics.getFont("DejaVu")
    assert isinstance(font, TTFont)
    assert {ord(letter) for letter in name} <= set(font.face.charToGlyph)


@pytest.mark.parametrize("name", ["李小龙", "김철수", "やまだ漢字"])
def test_names_in_east_asian_letters_are_left_to_the_readers_fonts(name: str) -> None:
    assert name in text_of(draw_invoice(replace(CUSTOMER, name=name), ORDER, INVOICE, [PAYMENT]))


def test_nothing_a_customer_wrote_is_markup() -> None:
    name = "<b>Bobby</b> & Co <img src='file:///etc/passwd'/> 😀"
    text = text_of(draw_invoice(replace(CUSTOMER, name=name), ORDER, INVOICE, [PAYMENT]))
    assert name.removesuffix(" 😀").split()[0] in text
    assert "file:///etc/passwd" in text.replace("\n", "")


def test_a_long_invoice_goes_on_over_the_page() -> None:
    order = replace(ORDER, items=(ITEM,) * 80)
    pdf = draw_invoice(CUSTOMER, order, INVOICE, [PAYMENT])
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    assert text_of(pdf).count("hiking boots") == 80


def test_a_label_says_what_goes_back_to_whom() -> None:
    returned = Return("RT-30001", "10001", "FF-101", 1, "UK 10", PAYMENT.at, None)
    text = text_of(draw_label(CUSTOMER, ORDER, returned))
    for said in (
        *("4 Old Mill Yard", "Zoë Wójcik", "Return RT-30001", "Order 10001"),
        "1 \N{MULTIPLICATION SIGN} hiking boots, to be exchanged for size UK 10",
    ):
        assert said in text


async def test_the_shop_hands_out_its_documents(shop: SqlShop) -> None:
    invoice, label = (
        await shop.document("invoice", "INV-10432"),
        await shop.document("label", "RT-30012"),
    )
    assert invoice is not None
    assert label is not None
    assert "Ava Thompson" in text_of(invoice)
    assert "walking trousers" in text_of(label)
    for kind, reference in (
        ("invoice", "INV-99999"),
        ("invoice", "RT-30012"),
        ("label", "INV-10432"),
        ("label", "RT-30012' OR '1'='1"),
        ("label", "\0"),
        ("invoice", ""),
    ):
        assert await shop.document(kind, reference) is None  # type: ignore[arg-type]
