"""A message cut into clauses, of which each may be a request of its own.

By the marks and words that people join requests with, and by how a clause begins; no grammar.
What it asks for, and whether for anything of ours, is the classifier's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

READ_CHARACTERS = 1_000
FEWEST_WORDS = 2  # "10433" after "cancel 10432 and" asks for nothing by itself
Kind = Literal["asked", "told", "part"]

# What somebody is to do, at the beginning of a clause.
IMPERATIVES = r"""
    add | apply | ask | book | buy | call | cancel | change | check | close | confirm | contact
  | correct | deactivate | deliver | delete | email | exchange | explain | find | fix | get | give
  | help | join | know | leave | let | look | mail | make | match | merge
  | order(?!\s+(?:no|number|\#|\d)) | pay | pick | place | put | redeem | refund | remove | repair
  | replace | resend | reset | return | reverse | see | send | ship | show | sign | speak | start
  | stop | subscribe | swap | switch | take | talk | tell | track | turn | unsubscribe | update
  | use | write
"""
# What joins two clauses and belongs to neither.
JOINT = re.compile(
    rf"""
      [.!?…]+(?=\s|$)                         # not in 59.90, nor in help@shop.test
    | [;\n•]+
    | ,?\s+(?:and|plus|as\s+well\s+as|then|&)(?=\s)
    | (?:,|\s-)\s*(?:also|but|plus|oh)(?=[\s,])
    | ,(?=\s+(?:{IMPERATIVES}|how|what|when|where|why)\s)
    | \s+also(?=\s+(?:are|can|could|do|does|has|have|how|is|please|what|when|where|why|would)\s)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Quotations, and what ends with a full stop in the middle of a sentence.
WHOLE = re.compile(
    r"""
      "[^"\n]{1,300}" | “[^”\n]{1,300}” | (?<!\w)'[^'\n]{1,300}'(?!\w)
    | \b(?:no|nr|st|rd|ave|mr|mrs|ms|dr|e\.g|i\.e|approx|incl|tel)\.(?=\s)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Words that lead into a clause and tell nothing of what it asks for.
LEAD = re.compile(
    r"(?:[\s,:\u2013-]|\b(?:and|also|then|plus|but|oh|so|ok|okay|hi|hello|second(?:ly)?|first(?:ly)?"
    r"|finally|next|lastly|by the way|btw|in addition|besides|after that)\b)*",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_][\w'-]*")
# How a clause begins that asks for something: a question, a wish, or what somebody is to do.
ASKING = re.compile(
    rf"""
    (?:(?:please|pls|kindly|just|now|maybe|(?:can|could|would|will)\s+you|let\s+me)\s+)*
    (?: who | what | when | where | which | why | how | whether
      | (?:who|what|when|where|why|how|wh?ere?)'?s | whats | wheres
      | is | are | am | was | were | do | does | did | has | have | had | can | could | may | might
      | will | would | shall | should
      | (?:isn|aren|don|doesn|didn|hasn|haven|can|couldn|won)'?t
      | (?:i|we)\s+(?:\w+\s+)?(?:want|need|wish|would\s+like|wanna|have\s+to|must)
      | (?:i|we)'?d\s+(?:\w+\s+)?(?:like|love|want|prefer|rather)
      | want | need | would\s+like | any\s+(?:chance|way|idea|news|update)
      | {IMPERATIVES}
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A clause has a verb; of verbs, these small ones are enough to tell "wool socks" from a clause.
TELLING = re.compile(
    r"\b(?:i|we|you|he|she|they|is|are|was|were|has|have|had|does|did|do|can|could|will|would"
    r"|isn|aren|wasn|weren|hasn|haven|hadn|doesn|didn|don|cannot|won|wouldn|couldn|says|said"
    r"|came|arrived|comes|keeps|failed|broke|went|got|shows|\w+n'?t)\b|'(?:s|re|ve|m|d|ll)\b",
    re.IGNORECASE,
)
# What customers tell of themselves, or of something spoken of before: background, no request.
BACKGROUND = re.compile(
    r"(?:it|they|this|that|these|those|he|she|nobody|nothing|if|because|since|after|as|while)\b"
    r"|(?:i|we)(?:'ve|\s+have|\s+had)?(?:\s+(?:\w+ly|just|already|also|then|once))?\s+"
    r"(?:\w+ed|bought|paid|sent|made|got|chose|gave|took|wrote|went|saw|been|had|found)\b"
    r"|(?:i|we)(?:'m|'re|\s+am|\s+are|\s+do\s+not\s+have|\s+don'?t\s+have)\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a text and where it stands: something asked, something told, or only a part of
    what stands before it."""

    start: int
    end: int
    text: str
    kind: Kind


def clauses(text: str) -> list[Clause]:
    """The pieces in reading order; a text that joins nothing is one."""
    # Telephones write a curly apostrophe.
    plain = text[:READ_CHARACTERS].replace("\u2019", "'")
    whole = [match.span() for match in WHOLE.finditer(plain)]
    found: list[Clause] = []
    start = 0
    for joint in [*JOINT.finditer(plain), None]:
        end, after = (len(plain), len(plain)) if joint is None else joint.span()
        if any(left < after and end < right for left, right in whole):
            continue
        led = LEAD.match(plain, start, end)
        start = led.end() if led else start
        piece = plain[start:end].rstrip()
        if piece:
            asks = joint is not None and "?" in joint.group()
            stop = start + len(piece)
            found.append(Clause(start, stop, text[start:stop], kind_of(piece, asks=asks)))
        start = after
    return found


def kind_of(piece: str, *, asks: bool = False) -> Kind:
    """What the piece does; `asks`: a question mark ends it."""
    if len(WORD.findall(piece)) < FEWEST_WORDS:
        return "part"
    if ASKING.match(piece):
        return "asked"
    if not TELLING.search(piece):
        return "part"
    if asks:
        return "asked"
    return "part" if BACKGROUND.match(piece) else "told"
