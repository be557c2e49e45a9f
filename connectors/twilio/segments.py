"""How many text messages one message is on a telephone network, which is what is paid for.

Source: 3GPP TS 23.038, the GSM 7 bit default alphabet and its extension table. A message of several
gives up 7 septets of each to the header that joins them.
"""

from __future__ import annotations

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # each is written as an escape and a character
_SEPTETS = 160, 153  # in a single one, in each of several
_UNITS = 70, 67  # of UCS-2, as soon as one character is in neither table


def segments(text: str) -> int:
    """The number of segments; at least one."""
    if _ALPHABET.union(_EXTENSION).issuperset(text):
        return _filled([1 + (character in _EXTENSION) for character in text], *_SEPTETS)
    return _filled([1 + (character > "\uffff") for character in text], *_UNITS)


def _filled(widths: list[int], single: int, each: int) -> int:
    """Filled one after the other, because no character is cut through at the end of one."""
    if sum(widths) <= single:
        return 1
    count, free = 0, 0
    for width in widths:
        if width > free:
            count, free = count + 1, each
        free -= width
    return count
