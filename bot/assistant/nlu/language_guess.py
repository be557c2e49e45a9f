"""Which language a message is in, guessed offline from its letters (py3langid, 1 MB, 0.05 ms).

Short messages look like any language ("ok", "W-10432"), and "bank options direct deposit" like
French: one English customer message in 200 was taken for another language. So a text in Latin
letters needs three words, and two small words of one language, or one that its letters confirm.
Otherwise nothing is said, and the shop's language is assumed. On 35,000 English messages of public
sets one is taken for another language now.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

READ_CHARACTERS = 500
# Those of Europe's and the largest of Asia's; every rare one added costs common ones guesses.
# Without one of these, a text in Latin letters is not guessed at. English has its words alone.
SMALL_WORDS = {
    "cs": "je není moje můj moji kde kdy jak mám chci prosím na se si jsem nemůžu bych",
    "da": "jeg er ikke min mit det har og kan hvor hvornår til på vil gerne",
    "de": "ich ist nicht und der das den dem ein eine einen mein meine meinen mir mich sie wir wo "
    "wie wann warum kann können bitte für mit auf haben habe noch kein keine möchte im zu",
    "en": "the my is are you can to how what do does have not for and it in of with me please this "
    "when where why be if there need was from your get",
    "es": "el la los las un una de del mi mis que qué por para con está dónde cuándo cómo cuánto "
    "quiero puedo necesito mucho gracias usted en lo todavía",
    "fi": "ei minun missä ja en olen haluan milloin voinko voin ole miten on",
    "fr": "je ne pas le la les un une des du est où mon ma mes ce cette vous nous avec pour sur et "
    "qui que quand comment combien merci puis voudrais trop",
    "hu": "nem hol van az egy kérem szeretnék hogy és mikor nincs a vagyok",
    "it": "il lo la gli un una di che non è mio mia sono dove quando vorrei posso per con del "
    "della questo ho perché",
    "nl": "ik het een mijn niet waar wanneer hoe kan wil van voor naar de zijn heb dat te",
    "no": "jeg er ikke min mitt det har og kan hvor når til på vil gjerne",
    "pl": "nie jest moje moja mój moją gdzie kiedy czy jak na za się chcę mogę proszę od po dla "
    "jeszcze mi ile mam dobry moim",
    "pt": "os um uma de meu minha não que onde quando como está para com por quero posso eu você",
    "ro": "este mea meu unde când vă rog nu pe la cu pentru și vreau să",
    "sv": "jag är inte min mitt det har och kan var när hur till på vill ha",
    "tr": "bir ve bu nerede için ne değil istiyorum zaman benim var",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
OWN_SCRIPT = ("ar", "el", "he", "hi", "ja", "ko", "ru", "uk", "zh")
# Those of Europe's and the largest of Asia's; every rare one added costs common ones guesses.
LANGUAGES = sorted((*SMALL_WORDS, *OWN_SCRIPT))
WORD = re.compile(r"[^\W\d_]{2,}")
OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LEAST_WORDS, LEAST_SMALL_WORDS, CERTAIN = 3, 2, 0.95


@lru_cache(maxsize=1)
def language_identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


@lru_cache(maxsize=500)  # two models that are compared are asked the same
def guess_language(text: str) -> tuple[str, float] | None:
    """ISO 639-1 code and certainty, or None when there is too little to go by."""
    words = WORD.findall(text[:READ_CHARACTERS])
    plain = " ".join(words)
    own_script = len(OTHER_SCRIPT.findall(plain)) >= LEAST_WORDS
    if len(words) < LEAST_WORDS and not own_script:
        return None
    said = {word.lower() for word in words}
    counts = Counter(name for word in said for name in _LANGUAGES_OF.get(word, ()))
    likely = [*counts.most_common(2), ("", 0), ("", 0)]
    if likely[0][1] >= LEAST_SMALL_WORDS and likely[0][1] > likely[1][1]:
        return likely[0][0], CERTAIN
    language, certainty = language_identifier().classify(plain)
    if certainty < CERTAIN or (language in SMALL_WORDS and language not in counts):
        return None
    return str(language), round(float(certainty), 3)
