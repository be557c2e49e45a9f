"""What must never be stored: card numbers, their security codes, passwords and national ids, taken
out of a text before anything else. A marker stands in their place.

An IBAN stays: a refund may have to be sent to it, and nobody can take money with it alone. Every
expression is linear in the length of the text.
"""

from __future__ import annotations

import re

from bot.privacy.cards import CARD_REMOVED, without_cards
from bot.privacy.national_ids import ID_REMOVED, without_ids
from bot.privacy.plain import Text, looked_at

PASSWORD_REMOVED = "[password removed]"  # noqa: S105
CODE_REMOVED = "[security code removed]"
MARKERS = (CARD_REMOVED, CODE_REMOVED, PASSWORD_REMOVED, ID_REMOVED)

_NAMED = (
    r"pass[ -]?word|pass[ -]?code|pass[ -]?phrase|passwd|pwd|pw|pin(?:[ -]?(?:code|number|nummer))?"
    r"|passwort|kennwort|pa(?:ß|ss)phrase|zugangscode|geheimzahl"
    r"|mot de passe|contrase[ñn]a|wachtwoord|parola d'ordine|senha|has[łl]o"
)
# What people write between the name of a secret and the secret.
_IS = r"(?:[:=→⇒]|[-=]>|\b(?:is|was|are|ist|war|lautet|hei(?:ß|ss)t|est|es|[èé])\b[ \t]{0,3}:?)"
_MORE = r"(?:(?:still|now|also|actually|currently|noch|jetzt|auch|immer noch|aktuell)[ \t]{1,3})?"
_QUOTED = r"\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»"
_PASSWORD = re.compile(
    # "My pass is here": of a pass only a sign makes a secret.
    rf"\b(?:(?:{_NAMED})\b[ \t]{{0,3}}{_IS}|pass[ \t]{{0,3}}(?:[:=→⇒]|[-=]>))\s{{0,3}}{_MORE}"
    rf"(?P<secret>{_QUOTED}|[^\s]{{1,200}})",
    re.IGNORECASE,
)
# Without a word between them it is a secret only if it looks like one, and after words that say
# more often what happened to it, or a dash.
_MIXED = r"(?=[^\s\d]{0,40}\d)(?=[\d\W_]{0,40}[^\W\d_])[^\s]{6,200}"
_END = r"(?=[ \t]{0,3}(?:\n|\Z))"
_BARE_PASSWORD = re.compile(
    rf"\b(?:{_NAMED})\b[ \t]{{1,3}}"
    r"(?:(?:will|should|must|shall|would|has|had)[ \t]{1,3}(?:be|been)[ \t]{1,3})?"
    rf"(?P<secret>\d{{4,8}}(?![^\s.,;:!?])|{_MIXED})",
    re.IGNORECASE,
)
_PASSWORD_AFTER_DASH = re.compile(
    rf"\b(?:{_NAMED})[ \t]{{0,3}}-{{1,2}}[ \t]{{1,3}}(?P<secret>\d{{4,8}}{_END}|{_MIXED})",
    re.IGNORECASE,
)
# Each alone on its line, as in what was copied out of a form.
_PASSWORD_BELOW = re.compile(
    rf"(?:(?<=\n)|\A)[ \t]{{0,3}}(?:{_NAMED})[ \t]{{0,3}}\n[ \t]{{0,3}}"
    rf"(?P<secret>\d{{4,8}}|{_MIXED}){_END}",
    re.IGNORECASE,
)
_PASSWORD_FIRST = re.compile(
    r"(?<!\S)(?=[^\s\d]{0,60}\d)(?P<secret>[^\s]{4,200})"
    rf"[ \t]{{1,3}}(?:is|was|ist|war)[ \t]{{1,3}}(?:my|the|mein|das|die)[ \t]{{1,3}}"
    rf"(?:{_NAMED})\b",
    re.IGNORECASE,
)
_PASSWORDS = (_PASSWORD, _BARE_PASSWORD, _PASSWORD_AFTER_DASH, _PASSWORD_BELOW, _PASSWORD_FIRST)
# "My password is wrong" says nothing that is to be removed.
_NO_SECRET = re.compile(
    r"(?:not|wrong|incorrect|correct|right|expired|forgotten|lost|gone|invalid|being|too|the|an?|my"
    r"|reset|required|needed|asked|what|unknown|locked|blocked|rejected|refused|never|always|it"
    r"|change|settings|security|help|please|has|will|can|when|how|ändern|zurücksetzen|hilfe|bitte"
    r"|that|missing|stolen|compromised|case-sensitive|to|in|on|so|no|short|weak|old|strong|working"
    r"|nicht|falsch|richtig|abgelaufen|vergessen|weg|ungültig|zu|gesperrt|unbekannt|mir|mein|eine?"
    r"|der|die|das|korrekt|verloren)[.,;:!?…]*",
    re.IGNORECASE,
)
_SECURITY_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|cid|cvn|card verification (?:code|number|value)"
    r"|security (?:code|number)|(?:karten)?pr(?:ü|ue)f(?:nummer|ziffer|zahl|code)"
    r"|sicherheits(?:code|nummer)|cryptogramme)\b[^\w\n]{0,4}"
    r"(?:(?:code|number|nummer)\b[^\w\n]{0,4})?(?:(?:is|was|ist|war|lautet)\b[^\w\n]{0,4})?"
    # The first digits of a social security number are no security number of a card.
    r"(?P<secret>\d{3,4})(?!\d|-\d{3}|-\d\d-\d{3}|[ .]\d\d[ .]\d{3})",
    re.IGNORECASE,
)
# Beside the card, with when it expires or not: "… 12/27 123". A year is none.
_CODE_AFTER_CARD = re.compile(
    rf"{re.escape(CARD_REMOVED)}[\s,;|/-]{{1,3}}"
    r"(?:(?:exp\w{0,8}|valid|bis|g(?:ü|ue)ltig)[\s:.]{0,3}(?:bis[\s:]{0,3})?)?"
    r"(?:\d{1,2}[\s]?[/.-][\s]?\d{2,4}[\s,;|/-]{1,3})?"
    r"(?P<secret>(?!20[0-4]\d)\d{3,4})"
    r"(?![\d/]|[.,]\d|[ ]?(?:[€£$%]|eur|gbp|usd|pounds?|euros?))",
    re.IGNORECASE,
)
# India calls its postcodes so; a PIN of six digits is not told from one.
_POSTCODE = re.compile(r"pin[ -]?code\b[^\d\n]{0,12}[1-8]\d{2}[ ]?\d{3}(?!\d)", re.IGNORECASE)
# Somebody travels or gets in with it.
_OTHER_PASS = re.compile(
    r"\b(?:boarding|bus|day|gift|guest|parking|press|rail|season|ski|train|travel|week|year)[ -]"
    r"pass\b",
    re.IGNORECASE,
)
_LONGEST_BEFORE = len("boarding ")


def redact(text: str) -> str:
    """The text with markers for what must not be stored."""
    looked = looked_at(text)
    if any(character.isdecimal() for character in looked.view):
        looked = without_cards(looked)
        looked = _without(_CODE_AFTER_CARD, looked, CODE_REMOVED)
        looked = without_ids(looked)
        looked = _without(_SECURITY_CODE, looked, CODE_REMOVED)
    for pattern in _PASSWORDS:
        looked = _without(pattern, looked, PASSWORD_REMOVED)
    return looked.kept


def was_redacted(text: str) -> bool:
    """Whether something was taken out of it."""
    return any(marker in text for marker in MARKERS)


def _without(pattern: re.Pattern[str], text: Text, marker: str) -> Text:
    """The text with the marker for each secret that the pattern finds."""
    found = (each for each in pattern.finditer(text.view) if not _is_harmless(each))
    return text.without((each.span("secret") for each in found), marker)


def _is_harmless(found: re.Match[str]) -> bool:
    """Whether it only looks like a secret, or was taken out before."""
    text, start = found.string, found.start()
    return bool(
        text.startswith(MARKERS, found.start("secret"))
        or _NO_SECRET.fullmatch(found.group("secret"))
        or _POSTCODE.match(text, start)
        or _OTHER_PASS.search(text, max(start - _LONGEST_BEFORE, 0), start + len("pass:"))
    )
