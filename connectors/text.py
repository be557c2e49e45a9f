"""What every channel does alike with long texts, and with buttons where it has none of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.messages import Button, OutboundMessage

Measure = Callable[[str], int]
# Where a text is best cut, from the best place down: paragraphs, lines, sentences, words.
_CUTS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…。])\s+"),
    re.compile(r"\s+"),
)
_NUMBER = re.compile(r"\s*[\[(#]?(\d{1,2})[\])]?[.:)]?\s*")


def split(text: str, most: int, *, measure: Measure = len) -> list[str]:
    """The text in pieces of at most `most` by `measure`, each as long as it can be, cut where a
    reader would pause; a word longer than that is cut through."""
    pieces: list[str] = []
    rest = text.strip()
    while measure(rest) > most:
        head = _head(rest, most, measure)
        pieces.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def _head(text: str, most: int, measure: Measure) -> str:
    """The longest beginning that fits and ends well: a good cut is worth half of the room."""
    fits = text[: _longest(text, most, measure)]
    for cut in _CUTS:
        ends = [found.start() for found in cut.finditer(text, 0, len(fits) + 1) if found.start()]
        if ends and ends[-1] >= len(fits) / 2:
            return text[: ends[-1]]
    return fits


def _longest(text: str, most: int, measure: Measure) -> int:
    """How many characters fit, found by halving: measures need not be linear, only monotonous."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def numbered(text: str, buttons: Sequence[Button]) -> str:
    """The text with its buttons as numbered lines, for channels that have no buttons."""
    lines = [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]
    return "\n".join([text, *lines]) if lines else text


def chosen(text: str) -> int | None:
    """The number if a message is nothing but one, as "2" or "(2)": the answer to `numbered`."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def parted(outbound: OutboundMessage, texts: Sequence[str]) -> list[OutboundMessage]:
    """The message as one for each of `texts`: the picture with the first, the buttons with the
    last."""

    def part(number: int, text: str) -> OutboundMessage:
        last = number == len(texts) - 1
        return replace(
            outbound,
            text=text,
            part=number,
            buttons=outbound.buttons if last else (),
            image=outbound.image if number == 0 else None,
        )

    return [part(number, text) for number, text in enumerate(texts)]


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def utf8(text: str) -> int:
    """The length in bytes, for providers that count those."""
    return len(text.encode())


def utf16(text: str) -> int:
    """The length in UTF-16 code units, for providers that count those."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
