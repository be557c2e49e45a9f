"""What the demo shop's documents have in common: its paper, the fonts, amounts and days."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from threading import Lock
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

SHOP = "Fjell & Fjord"
ADDRESS = ("Fjell & Fjord Ltd", "4 Old Mill Yard", "Sheffield S99 1AA")
REACHED = "help@fjellfjord.test · 0114 496 0123"
VAT_NUMBER = "GB 999 9999 73"

INK, QUIET, BRAND = HexColor("#1f1d1a"), HexColor("#5b564e"), HexColor("#1f4e5f")
LINE = HexColor("#dcd8d0")
MARGIN = 20 * mm
_INSET = 6  # points that the library keeps free inside a margin
WIDTH = A4[0] - 2 * MARGIN

# DejaVu has Latin, Greek, Cyrillic and more, may be passed on, and is there already: matplotlib,
# which Rasa brings, carries it. It is found without importing matplotlib, which takes a second.
_matplotlib = find_spec("matplotlib")
if _matplotlib is None or _matplotlib.origin is None:
    raise ImportError("matplotlib, whose fonts the shop's documents use, is not installed")
_FONTS = Path(_matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf"
_PLAIN = TTFont("DejaVu", _FONTS / "DejaVuSans.ttf")
_BOLD = TTFont("DejaVu-Bold", _FONTS / "DejaVuSans-Bold.ttf")
# What DejaVu lacks is drawn by whatever fonts the reader's own machine has for it.
_JAPANESE, _CHINESE, _KOREAN = "HeiseiKakuGo-W5", "STSong-Light", "HYGothic-Medium"
for _font in (_PLAIN, _BOLD, *map(UnicodeCIDFont, (_JAPANESE, _CHINESE, _KOREAN))):
    pdfmetrics.registerFont(_font)

TEXT = ParagraphStyle("text", fontName="DejaVu", fontSize=9, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", TEXT, fontSize=7.5, leading=11, textColor=QUIET)
STRONG = ParagraphStyle("strong", TEXT, fontName="DejaVu-Bold")
TITLE = ParagraphStyle("title", STRONG, fontSize=18, leading=24, textColor=BRAND)
AMOUNT = ParagraphStyle("amount", TEXT, alignment=TA_RIGHT)
TOTAL = ParagraphStyle("total", STRONG, alignment=TA_RIGHT)

_LAST_LETTER = 0xFFFF
_SIGNS = {"GBP": "£", "EUR": "€"}
_drawing = Lock()


def pdf(title: str, content: Sequence[Flowable]) -> bytes:
    """The content on as many sheets of the shop's paper as it takes."""
    written = io.BytesIO()
    paper = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=MARGIN - _INSET,
        rightMargin=MARGIN - _INSET,
        topMargin=36 * mm,
        bottomMargin=24 * mm,
        title=title,
        author=SHOP,
        lang="en-GB",
    )
    # The library keeps the fonts, and what is used of them, in globals.
    with _drawing:
        paper.build(list(content), onFirstPage=_letterhead, onLaterPages=_letterhead)
    return written.getvalue()


def words(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """A text as it is, whatever is in it: nothing in it is markup. Emoji are left out, of which the
    library makes files that readers complain about."""
    letters = [letter for letter in text if ord(letter) <= _LAST_LETTER]
    pieces = (
        (font, escape("".join(run)))
        for font, run in groupby(letters, key=lambda letter: _font_of(letter, text))
    )
    marked = (f'<font name="{font}">{piece}</font>' if font else piece for font, piece in pieces)
    return Paragraph("".join(marked).replace("\n", "<br/>"), style)


def money(amount: Decimal, currency: str) -> str:
    """`£1,259.90`, and `−£5.00` below nothing."""  # noqa: RUF002
    sign = "−" if amount < 0 else ""  # noqa: RUF001
    return f"{sign}{_SIGNS.get(currency, f'{currency} ')}{abs(amount):,.2f}"


def day(value: date) -> str:
    """`5 June 2026`."""
    return f"{value.day} {value:%B} {value.year}"


def _font_of(letter: str, text: str) -> str | None:
    """The font for a letter that DejaVu lacks; None for all others."""
    code = ord(letter)
    if code in _PLAIN.face.charToGlyph or not _is_east_asian(code):
        return None
    if 0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF:
        return _KOREAN
    # Han is written in both countries; what stands beside it tells whose it is.
    return _JAPANESE if any(0x3040 <= ord(each) <= 0x30FF for each in text) else _CHINESE


def _is_east_asian(code: int) -> bool:
    return 0x1100 <= code <= 0x11FF or 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF


def _letterhead(canvas: Canvas, paper: SimpleDocTemplate) -> None:
    width, height = A4
    canvas.saveState()
    canvas.setFillColor(BRAND)
    canvas.setFont("DejaVu-Bold", 15)
    canvas.drawString(MARGIN, height - 20 * mm, SHOP)
    canvas.setFillColor(QUIET)
    canvas.setFont("DejaVu", 7.5)
    for place, line in enumerate((*ADDRESS, REACHED)):
        canvas.drawRightString(width - MARGIN, height - 16 * mm - place * 10, line)
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, 18 * mm, width - MARGIN, 18 * mm)
    canvas.drawString(MARGIN, 13 * mm, f"{SHOP} is a demo shop: nothing is for sale, nothing owed.")
    canvas.drawRightString(width - MARGIN, 13 * mm, f"Page {canvas.getPageNumber()}")
    canvas.restoreState()
