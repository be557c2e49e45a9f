"""What is worth a lead's look, which messages are the same, and how far two leads agree. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from scipy.stats import beta

from bot.folding import folded
from bot.records import Turn
from bot.rules import Rules

# One in so many of a kind, by the turn's id: the same for every process, and for ever.
SAMPLED_ONE_IN, SECOND_ONE_IN = 20, 10
FEWEST_PAIRS = 10  # below it, an agreement says nothing
CORRECTED = 0.8
CONTRADICTED = 1.5  # an agent's word, and what the label will be is known
HARM_OF_ORDINARY = 0.05  # the accepted rate whose harm counts once
_UNSURE = frozenset({"low_confidence", "out_of_scope", "misunderstood", "no_answer"})
_CONFIRMS = frozenset({"affirm", "thank", "goodbye"})


def group_of(text: str) -> str:
    """The name of the group of all messages with these words."""
    return hashlib.sha256(folded(text).encode(errors="replace")).hexdigest()


def is_sampled(turn_id: str) -> bool:
    """Whether an answered turn is one of the random ones that the wrong-answer rate is from."""
    return _chance(turn_id, "sample") % SAMPLED_ONE_IN == 0


def is_second(turn_id: str) -> bool:
    """Whether a second lead is asked, once one has labelled it."""
    return _chance(turn_id, "second") % SECOND_ONE_IN == 0


def sure_at(rules: Rules, intent: str, card: Mapping[str, Any] | None) -> float:
    """The confidence from which the model keeps what it promises for this intent; where it promises
    nothing, from which one answer is no likelier wrong than is accepted."""
    name = rules.risk_class(intent)
    promised = (card or {}).get("thresholds", {}).get(name, {}).get("confidence")
    return 1 - rules.classes[name].accepted_wrong_rate if promised is None else float(promised)


def doubt(turn: Turn, rules: Rules, card: Mapping[str, Any] | None) -> float:
    """How likely the bot's reading was wrong, from 0 (nothing speaks for it) to 1; `card` is
    that of the model that read it."""
    confidence = turn.confidence or 0.0
    if turn.outcome == "misunderstood":
        return 1.0
    if turn.outcome == "handed_off":
        return 0.9 if turn.reason in _UNSURE else 0.0
    if turn.intent is None or confidence >= sure_at(rules, turn.intent, card):
        return 0.0
    # Nobody was told anything wrong while a person had the conversation.
    return (1 - confidence) * (1.0 if turn.outcome == "answered" else 0.5)


def harm(rules: Rules, intent: str | None) -> float:
    """What a wrong answer costs, by the rate of them that its risk class accepts: 1 for 5 %."""
    risk = rules.classes[rules.risk_class(intent or "")]
    return HARM_OF_ORDINARY / risk.accepted_wrong_rate


def fate(answered: Turn, then: Turn) -> str:
    """What the customer made of an answer, by what they wrote next."""
    asked_for_person = then.reason == "customer_asked"
    if then.intent == "deny" or asked_for_person or _rephrases(answered.text, then.text):
        return "corrected"
    return "confirmed" if then.intent in _CONFIRMS else "went_on"


def kappa(pairs: Sequence[tuple[str | None, str | None]]) -> float | None:
    """Agreement beyond chance (Cohen 1960); None where chance alone explains everything."""
    total = len(pairs)
    if not total:
        return None
    observed = sum(one == other for one, other in pairs) / total
    first = Counter(one for one, _ in pairs)
    second = Counter(other for _, other in pairs)
    expected = sum(first[each] * second[each] for each in first) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def interval(wrong: int, judged: int, sure: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of a rate (Clopper-Pearson 1934)."""
    tail = (1 - sure) / 2
    low = float(beta.ppf(tail, wrong, judged - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, judged - wrong)) if wrong < judged else 1.0
    return low, high


def _rephrases(text: str, then: str) -> bool:
    before, after = set(folded(text).split()), set(folded(then).split())
    # A word or two are an answer to the bot, whichever they share.
    if min(len(before), len(after)) < 3:
        return False
    return 2 * len(before & after) >= len(before | after)


def _chance(turn_id: str, purpose: str) -> int:
    digest = hashlib.sha256(f"{purpose}:{turn_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
