"""Another customer's answer made fit to be shown: what may be theirs becomes an open place.

Everything with a digit or an @, every link, every name we know of, and every word with a capital
that the shop's own texts do not use. An answer with many open places said little else, and is left
out. It errs towards an open place: an agent fills one in, and cannot take back what was shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

NAME, NUMBER, EMAIL, LINK = "[name]", "[number]", "[email]", "[link]"
MOST_OPEN = 2
FEWEST_WORDS, LONGEST = 4, 600  # characters; longer ones tell one customer's story

LINK_SHAPE = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"\S*@\S+")
_NUMBER = re.compile(r"[£$€]?\s?[^\s\d]{0,40}\d\S*(?:[ \u00a0][^\s\d]{0,40}\d\S*)*")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_PLACE = re.compile(r"\[(?:name|number|email|link)\]")
GREETED = re.compile(
    r"(?P<hello>\b(?:hi|hello|hey|dear|thanks|thank you|sorry|regards|bye|cheers)[,!]? +)"
    r"(?P<name>[^\W\d_]+)",
    re.IGNORECASE,
)
# What may follow a greeting and is nobody's name.
_AFTER_GREETINGS = """
there again all everyone for and to about that this we i so very team of you your it if but the a my
our from is are was have has not no please just as on in at with when what
"""
NO_NAMES = frozenset(_AFTER_GREETINGS.split())
# Words that begin sentences, days and months; the shop's own texts add theirs.
_BEGINNINGS = """
i i'm i've i'll i'd a an the this that these those it it's its you you're you've you'll your we
we're we've we'll our they their he she his her there here yes no not so and but or if as when
while once until unless because since after before then now today tomorrow yesterday please thank
thanks hello hi hey dear sorry sure great good ok okay perfect unfortunately of for from to in on
at by with without is are was were be been can could may might must should would will do does did
don't doesn't didn't can't won't have has had haven't hasn't let let's what which who where why
how any all both each every some many much more most such only also just still even however
otherwise usually normally kind regards best my me us them that's there's what's monday tuesday
wednesday thursday friday saturday sunday january february march april june july august september
october november december
"""
COMMON = frozenset(_BEGINNINGS.split())


def names_in(*texts: str | None) -> frozenset[str]:
    """The words of people's names, and of the part of an address before the @."""
    words = (word for text in texts if text for word in WORD.findall(text.split("@")[0]))
    return frozenset(word.casefold() for word in words if len(word) > 1)


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """Words that may begin with a capital, since the shop's texts also have them without."""
    return frozenset(
        word.casefold() for text in texts for word in WORD.findall(text) if word.islower()
    )


def with_open_places(
    text: str, *, names: Collection[str], vocabulary: Collection[str]
) -> str | None:
    """The answer with open places, or None when it is not to be repeated."""
    if len(text) > LONGEST:
        return None
    text = LINK_SHAPE.sub(LINK, text)
    text = _EMAIL.sub(EMAIL, text)
    text = _NUMBER.sub(_number, text)
    text = GREETED.sub(lambda found: _greeted(found, vocabulary), text)
    text = _outside_places(text, names, vocabulary)
    if len(_PLACE.findall(text)) > MOST_OPEN:
        return None
    left = WORD.findall(_PLACE.sub("", text))
    return text if len(left) >= FEWEST_WORDS else None


def _number(found: re.Match[str]) -> str:
    """What is around the number stays, as the end of a sentence does."""
    whole = found.group()
    before = " " if whole[0].isspace() else ""
    after = whole[len(whole.rstrip(".,!?;:)")) :]
    return f"{before}{NUMBER}{after}"


def _greeted(found: re.Match[str], vocabulary: Collection[str]) -> str:
    return f"{found['hello']}{NAME}" if is_greeted(found["name"], vocabulary) else found.group()


def is_greeted(word: str, vocabulary: Collection[str]) -> bool:
    """Whether the word after a greeting is somebody's name."""
    name = word.casefold()
    return name not in NO_NAMES and not (word.islower() and name in vocabulary)


def _outside_places(text: str, names: Collection[str], vocabulary: Collection[str]) -> str:
    """Names and strange capitals as open places; several in a row are one."""
    parts, end = [], 0
    for place in _PLACE.finditer(text):
        parts += [_named(text[end : place.start()], names, vocabulary), place.group()]
        end = place.end()
    parts.append(_named(text[end:], names, vocabulary))
    whole = "".join(parts)
    return re.sub(r"\[name\](?:[ ,]+(?:of |the )?\[name\])+", NAME, whole)


def _named(text: str, names: Collection[str], vocabulary: Collection[str]) -> str:
    def shown(found: re.Match[str]) -> str:
        word = found.group()
        return NAME if is_name(word, names, vocabulary) else word

    return WORD.sub(shown, text)


def is_name(word: str, names: Collection[str], vocabulary: Collection[str]) -> bool:
    """Whether it is a name we know of, or has a capital that no word of the shop's has."""
    plain = word.casefold().replace("\u2019", "'")
    if plain in names or plain.removesuffix("'s") in names:
        return True
    return word[0].isupper() and plain not in COMMON and plain not in vocabulary
