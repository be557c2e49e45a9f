"""What has a shape in a customer's text: addresses, amounts, phones, postcodes, order numbers.

Apart from the component that finds them (entities.py), for whoever reads texts without Rasa.
"""

from __future__ import annotations

import re

# All are linear: bounded repeats, and nothing that can match the same text in two ways.
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("money", re.compile(r"[£$€] ?\d{1,7}(?:,\d{3}){0,3}(?:\.\d{1,2})?(?!\d)")),
    (
        "money",
        re.compile(
            r"(?<![\d.,])\d{1,7}(?:,\d{3}){0,3}(?:\.\d{1,2})? ?"
            r"(?:pounds?|quid|euros?|dollars?|pence|gbp|eur|usd)\b",
            re.IGNORECASE,
        ),
    ),
    ("phone", re.compile(r"(?<![\d+])(?:\+\d{1,3}|0)(?:[ ()-]{0,2}\d){9,12}(?!\d)")),
    (
        "postcode",
        re.compile(
            r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
        ),
    ),
    # Five digits that are no price, no part of a longer number, no decimal and no percentage.
    ("order_number", re.compile(r"(?<![\d£$€.,+])[1-9]\d{4}(?![\d%]|[ -]?\d|[.,]\d)")),
)
