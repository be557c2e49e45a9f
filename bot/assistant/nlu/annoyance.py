"""How annoyed a message sounds, from 0 to 1, by words and typography a person can check.

Rules rather than a model: the score brings a person into a chat, and the agent must be able to see
why. Every sign adds its weight to what is missing to 1, so that signs never outweigh each other.
"""

from __future__ import annotations

import re

READ_CHARACTERS = 1_000
NEGATED = r"(?<!not )(?<!n't )(?<!no )(?<!isnt )(?<!never )"
SIGNS: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(rf"{NEGATED}\b(?:{words})\b"))
    for weight, words in (
        (
            0.75,
            "fuck\\w*|f\\*+\\w*|bullshit|wtf|bloody useless|piss(?:ed)? off|pissed|arseholes?"
            "|assholes?|scammers|con artists?|(?:you|you're|bunch of|such|bloody) thieves",
        ),
        (
            0.6,
            "furious|livid|outraged|outrageous|disgusting|disgusted|disgraceful|disgrace|appalling"
            "|unacceptable|sick of|sick and tired|fed up|had enough|useless|pathetic|worst"
            "|never again|joke of a|waste of (?:my )?time|shambles|(?:absolute|total) joke",
        ),
        (
            0.45,
            "ridiculous|terrible|horrible|awful|crap|shit|damn|stupid|idiots?|angry|infuriating"
            "|shocking|incompetent|a joke|losing (?:my )?patience|for god'?s sake|ffs|fobbed off"
            "|run(?:ning)? in circles|going round in circles|where the hell|what the hell",
        ),
        (
            0.3,
            "annoyed|annoying|frustrated|frustrating|disappointed|disappointing|unhappy|upset"
            "|how many times|third time|fourth time|again and again|over and over|still nothing"
            "|nobody (?:answers|replies|helps|cares)|no ?one (?:answers|replies|helps|cares)"
            "|keep asking|already told you|i said|you(?:'re| are) not listening|for weeks"
            "|doesn'?t understand",
        ),
    )
)
REPEATED_MARKS = re.compile(r"[!?]{3,}")
LETTERS = re.compile(r"[A-Za-z]+")
ANGRY_FACES = re.compile("[😠😡🤬👿💢😤🖕]")
SHOUTED_WORDS, SHOUTED_SHARE = 3, 0.7


def frustration(text: str) -> float:
    """The score; about 0.5 is a customer whom another misunderstanding would drive away."""
    text = text[:READ_CHARACTERS]
    plain = text.lower().replace("\u2019", "'")
    calm = 1.0
    for weight, words in SIGNS:
        for _ in range(min(len(words.findall(plain)), 2)):
            calm *= 1 - weight
    words_found = [word for word in LETTERS.findall(text) if len(word) > 1]
    shouted = [word for word in words_found if word.isupper()]
    if len(shouted) >= SHOUTED_WORDS and len(shouted) >= SHOUTED_SHARE * len(words_found):
        calm *= 0.65
    if REPEATED_MARKS.search(text):
        calm *= 0.75
    if ANGRY_FACES.search(text):
        calm *= 0.5
    return round(1 - calm, 3)
