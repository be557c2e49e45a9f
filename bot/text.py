"""Making a customer's text fit to store and to read, or saying plainly why it cannot be."""

from __future__ import annotations

import unicodedata

from bot.errors import InvalidInput
from bot.redaction import redact

MAX_CHARACTERS = 20_000
# Joiners shape letters and emoji; the other format characters hide or reorder text.
KEPT_FORMAT = frozenset("\u200c\u200d")
MARKS = frozenset({"Mn", "Me"})
MOST_MARKS = 6  # Hebrew with its accents has four, Tibetan six
KEPT_CONTROL = frozenset("\n\t")


def clean(text: object, *, field: str) -> str:
    """The text without invisible characters and secrets; raise InvalidInput naming `field`."""
    if not isinstance(text, str):
        raise InvalidInput(field, f"'{field}' must be a text.")
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(
            field,
            f"'{field}' has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be sent at "
            "once. Please shorten it or send it in parts.",
        )
    visible = _visible(text)
    if not visible:
        raise InvalidInput(field, f"'{field}' is empty: please write something.")
    return redact(visible)


def clean_or_empty(text: str, *, field: str) -> str:
    """The same where there may be no words, as beside a picture."""
    return clean(text, field=field) if _visible(text) else ""


def label(text: str | None) -> str | None:
    """A name on one line, without secrets and what hides or reorders what stands beside it; None if
    nothing is left."""
    return redact(" ".join(_visible(text or "").split())) or None


def _visible(text: str) -> str:
    kept = "".join(character for character in text.replace("\r\n", "\n") if _keep(character))
    kept = _thinned(unicodedata.normalize("NFC", kept)).strip()
    return kept if kept.strip("".join(KEPT_FORMAT)) else ""


def _thinned(text: str) -> str:
    """The text without more marks on one letter than any script has: a pile of them covers the
    lines above and below."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in MARKS else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _keep(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cc":
        return character in KEPT_CONTROL
    if category == "Cf":
        return character in KEPT_FORMAT or "\U000e0020" <= character <= "\U000e007f"
    return category != "Cs"
