"""What a message says outright, whatever the model makes of it: a wish for a person, listed words.

Nobody may be trapped because a classifier was taught otherwise, so the wish is also read by rules.
They ask for a word of wishing and a word for a person close together, and no "not" before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

READ_CHARACTERS = 20_000  # all that is let in: threats and wishes stand at the end
HUMAN = (
    r"(?:(?:live|real|actual|human|customer|support|service)[ -])*"
    r"(?:humans?|persons?|agents?|representatives?|reps?|operators?|advis[eo]rs?|supervisors?"
    r"|managers?|human being)"
)
# These alone are no wish: "I need someone", "how do I contact customer service".
SOMEBODY = (
    r"(?:(?:live|real|actual) )*"
    r"(?:someone|somebody|people|colleagues?|staff|employees?|assistants?"
    r"|customer (?:care|services?|support)|support(?: team)?|service team)"
)
TALK = r"(?:speak|speaking|talk|talking|chat|chatting|escalate)"
GIVE = r"(?:transfer(?:red)?|connect(?:ed)?|put|pass|passed|hand|handed|switch)(?: over)?"
WISH = r"(?:get|give|gimme|want|wanna|need|prefer|like|require|demand|call|see|reach)"
# Between the two, words that leave the wish what it is: "put me through to one of your agents".
FILLER = (
    r"(?:me|us|my|this|it|through|over|on|up|to|with|w|in|touch|a|an|the|any|some|one|of|your|our"
    r"|please|pls|now|directly|just|different|another|chat|call|speak|talk)"
)
WANTED = re.compile(
    rf"\b(?:{TALK}(?: {FILLER}){{0,7}} (?:{HUMAN}|{SOMEBODY})"
    # A parcel may be handed to somebody too: there it takes "me".
    rf"|{GIVE} (?:me|us)(?: {FILLER}){{0,7}} (?:{HUMAN}|{SOMEBODY})"
    rf"|(?:{GIVE}|{WISH})(?: {FILLER}){{0,6}} {HUMAN})\b"
)
ALONE = re.compile(
    rf"^(?:(?:ok|okay|no|please|pls|hi|hello|help|now|a|an|the|only|just|get|me) )*{HUMAN}"
    r"(?: (?:please|pls|now|asap|thanks|thank you|only))*$"
)
ANYONE = re.compile(
    rf"\b(?:is|are|can|could|may)(?: there)? (?:an?|any|some|your|one of your) {HUMAN}"
    r" (?:there|here|around|available|help|call|take over|contact|i can)\b"
    r"|\b(?:any|real) (?:humans?|people|persons?) (?:there|here|around|only|please)\b"
)
# "I do not want a person", "am I talking to a person?"
OTHERWISE = re.compile(
    r"\b(?:not|never|no need to|without|instead of|rather than|am i|are we|was i|were we|i was"
    r"|we were|i've been|have been|did|when i|after|(?:do|does|did|would|need|should)n'?t)\b"
    r"(?:(?!\b(?:i|we|until|but)\b).){0,20}$"
)
# Whoever says nothing but such words, and one of TROUBLE, says that something is wrong, not what.
TROUBLE = (
    r"(?:help|sos|work(?:s|ed|ing)?|wrong|broken?|fail(?:s|ed|ing|ures?)?|errors?|problems?|issues?"
    r"|trouble|stuck|happen(?:s|ed|ing)?|going|why|load(?:s|ed|ing)?)"
)
VAGUE = (
    r"(?:hi|hello|hey|hm+|um|oh|ok|okay|argh|please|pls|sorry|well|so|and|but|just|still|now|again"
    r"|really|always|here|there|me|i|i'[mv]e?|you|we|my|your|this|that|it|its|(?:that|there|it)'s"
    r"|(?:some|no|every|any)(?:thing|body|one)|need|want|have|having|got|gets?|getting|keeps?|an?"
    r"|some|the|with|for|to|at|all|out|on|any|any ?more|can|could|do|does|did|is|are|was|will|has"
    r"|what|what's|how|not|no|cannot|can't|won't|(?:do|does|did|is|has)n't|go|goes|gone|went"
    r"|through|site|website|page|shop|app)"
)
CALL = re.compile(rf"(?:{VAGUE} )*{TROUBLE}(?: {TROUBLE}| {VAGUE})*")
MOST_VAGUE_WORDS = 12
END = re.compile(r"[.,;:!?\n]+")
SPACES = re.compile(r"[^\w']+")


def asks_for_person(text: str) -> bool:
    """Whether the text asks for a person in so many words."""
    for sentence in END.split(text[:READ_CHARACTERS].lower().replace("\u2019", "'")):
        plain = SPACES.sub(" ", sentence).strip()
        if ALONE.match(plain) or ANYONE.search(plain):
            return True
        for match in WANTED.finditer(plain):
            if not OTHERWISE.search(plain[: match.start()]):
                return True
    return False


def calls_for_help(text: str) -> bool:
    """Whether the text says that something is wrong and not what: "help", "it doesn't work"."""
    words = _plain(text).lower().split()
    return len(words) <= MOST_VAGUE_WORDS and CALL.fullmatch(" ".join(words)) is not None


def first_word(text: str, words: Iterable[str]) -> str | None:
    """The first of the listed words and phrases that stands in the text, as it is written there."""
    listed = tuple(words)
    if not listed:
        return None
    found = _listed(listed).search(_plain(text))
    return found.group() if found else None


def _plain(text: str) -> str:
    """Words with single spaces between them; telephones write a curly apostrophe."""
    return SPACES.sub(" ", text[:READ_CHARACTERS].replace("\u2019", "'"))


@lru_cache(maxsize=256)
def _listed(words: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all words; `*` at the end of one stands for any ending."""
    either = "|".join(
        re.escape(_plain(word.rstrip("*")).strip()).replace(r"\ ", " ")
        + (r"\w*" if word.endswith("*") else "")
        for word in words
    )
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
