"""What must never be stored: card numbers, their security codes, passwords and national ids, taken
out of a text before anything else. A marker stands in their place.

An IBAN stays: a refund may have to be sent to it, and nobody can take money with it alone. Every
expression is linear in the length of the text.
"""

from __future__ import annotations

import re

from bot.privacy.cards import CARD_REMOVED, without_cards
from bot.privacy.national_ids import ID_REMOVED, without_ids

PASSWORD_REMOVED = "[password removed]"  # noqa: S105
CODE_REMOVED = "[security code removed]"
MARKERS = (CARD_REMOVED, CODE_REMOVED, PASSWORD_REMOVED, ID_REMOVED)

_NAMED = (
    r"pass[ -]?word|pass[ -]?code|pass[ -]?phrase|passwd|pwd|pin(?:[ -]?(?:code|number|nummer))?"
    r"|passwort|kennwort|pa(?:ß|ss)phrase|zugangscode|geheimzahl"
    r"|mot de passe|contrase[ñn]a|wachtwoord|parola d'ordine|senha|has[łl]o"
)
# What people write between the name of a secret and the secret.
_IS = r"(?:[:=]|->|\b(?:is|was|are|ist|war|lautet|hei(?:ß|ss)t|est|es|[èé])\b[ \t]{0,3}:?)"
_MORE = r"(?:(?:still|now|also|actually|currently|noch|jetzt|auch|immer noch|aktuell)[ \t]{1,3})?"
_QUOTED = r"\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»"
_PASSWORD = re.compile(
    rf"(?P<label>\b(?:{_NAMED})\b[ \t]{{0,3}}{_IS}\s{{0,3}}{_MORE})"
    rf"(?P<secret>{_QUOTED}|[^\s]{{1,200}})",
    re.IGNORECASE,
)
# Without a word between them it is a secret only if it looks like one.
_BARE_PASSWORD = re.compile(
    rf"(?P<label>\b(?:{_NAMED})\b[ \t]{{1,3}})"
    r"(?P<secret>\d{4,8}(?![^\s.,;:!?])|(?=[^\s\d]{0,40}\d)(?=[\d\W_]{0,40}[^\W\d_])[^\s]{6,200})",
    re.IGNORECASE,
)
_PASSWORD_FIRST = re.compile(
    r"(?<!\S)(?=[^\s\d]{0,60}\d)(?P<secret>[^\s]{4,200})"
    rf"(?P<label>[ \t]{{1,3}}(?:is|was|ist|war)[ \t]{{1,3}}(?:my|the|mein|das|die)[ \t]{{1,3}}"
    rf"(?:{_NAMED})\b)",
    re.IGNORECASE,
)
# "My password is wrong" says nothing that is to be removed.
_NO_SECRET = re.compile(
    r"(?:not|wrong|incorrect|correct|right|expired|forgotten|lost|gone|invalid|being|too|the|an?|my"
    r"|reset|required|needed|asked|what|unknown|locked|blocked|rejected|refused|never|always|it"
    r"|that|missing|stolen|compromised|case-sensitive|to|in|on|so|no|short|weak|old|strong|working"
    r"|nicht|falsch|richtig|abgelaufen|vergessen|weg|ungültig|zu|gesperrt|unbekannt|mir|mein|eine?"
    r"|der|die|das|korrekt|verloren)[.,;:!?…]*",
    re.IGNORECASE,
)
_SECURITY_CODE = re.compile(
    r"(?P<label>\b(?:cvv2?|cvc2?|csc|cid|cvn|card verification (?:code|number|value)"
    r"|security (?:code|number)|(?:karten)?pr(?:ü|ue)f(?:nummer|ziffer|zahl|code)"
    r"|sicherheits(?:code|nummer)|cryptogramme)\b[^\w\n]{0,4}"
    r"(?:(?:code|number|nummer)\b[^\w\n]{0,4})?(?:(?:is|was|ist|war|lautet)\b[^\w\n]{0,4})?)"
    # The first digits of a social security number are no security number of a card.
    r"\d{3,4}(?!\d|-\d{3}|-\d\d-\d{3}|[ .]\d\d[ .]\d{3})",
    re.IGNORECASE,
)
# Beside the card, with when it expires or not: "… 12/27 123".
_CODE_AFTER_CARD = re.compile(
    rf"(?P<before>{re.escape(CARD_REMOVED)}[\s,;|/-]{{1,3}}"
    r"(?:(?:exp\w{0,8}|valid|bis|g(?:ü|ue)ltig)[\s:.]{0,3}(?:bis[\s:]{0,3})?)?"
    r"(?:\d{1,2}[\s]?[/.-][\s]?\d{2,4}[\s,;|/-]{1,3})?)"
    r"\d{3,4}(?![\d/]|[.,]\d|[ ]?(?:[€£$%]|eur|gbp|usd|pounds?|euros?))",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with markers for what must not be stored."""
    if any(character.isdecimal() for character in text):
        text = without_cards(text)
        text = _CODE_AFTER_CARD.sub(lambda found: found.group("before") + CODE_REMOVED, text)
        text = without_ids(text)
        text = _SECURITY_CODE.sub(lambda found: found.group("label") + CODE_REMOVED, text)
    text = _PASSWORD.sub(_without_password, text)
    text = _BARE_PASSWORD.sub(_without_password, text)
    return _PASSWORD_FIRST.sub(lambda found: PASSWORD_REMOVED + found.group("label"), text)


def was_redacted(text: str) -> bool:
    """Whether something was taken out of it."""
    return any(marker in text for marker in MARKERS)


def _without_password(found: re.Match[str]) -> str:
    secret = found.group("secret")
    is_removed = found.string.startswith(MARKERS, found.start("secret"))
    if is_removed or _NO_SECRET.fullmatch(secret):
        return found.group()
    return found.group("label") + PASSWORD_REMOVED
