"""What the bot does with a message it has read: answer it, ask which of two was meant, or give up.

Plain values in, a plain decision out; `policy.py` makes it Rasa's next action. Where scores are
missing, as in `rasa test`, what was read counts as certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.context.model import Signal
from actions.signals import request_about
from bot.assistant.reply import NOT_UNDERSTOOD, OUT_OF_SCOPE, PreparedChange, requests_in
from bot.assistant.wording import asks_for_person, calls_for_help, first_word
from bot.rules import Rules

# Confidences are calibrated: below this the meant one is more likely not among the two offered.
PLAUSIBLE = 0.5
# A signal's request is plausible among this many of the likeliest.
FIRST_FEW = 3
SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as the model read it; `typed` is false for a pressed button, which is certain."""

    text: str
    intent: str | None
    typed: bool = True
    ranking: tuple[tuple[str, float], ...] = ()  # requests, the likeliest first
    bound: float | None = None
    foreignness: float | None = None
    limit: float | None = None
    frustration: float = 0.0
    language: str | None = None
    known: bool = False  # whether an article answers it

    @property
    def shown(self) -> str:
        """The text in quotes, as an agent reads it in a piece of evidence."""
        text = " ".join(self.text.split())
        cut = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
        return f"“{cut}”"


def reading_of(
    parsed: Mapping[str, Any], *, text: str, intent: str | None, typed: bool = True
) -> Reading:
    """What the parse data says of a text that was read as this intent."""
    scope = parsed.get("out_of_scope") or {}
    return Reading(
        text=text,
        intent=intent,
        typed=typed,
        ranking=tuple((str(one["name"]), float(one["confidence"])) for one in requests_in(parsed)),
        bound=(parsed.get("bound") or {}).get("confidence"),
        foreignness=scope.get("score"),
        limit=scope.get("threshold"),
        frustration=float(parsed.get("frustration") or 0.0),
        language=(parsed.get("language") or {}).get("name"),
        known=_is_known(parsed.get("knowledge")),
    )


def _is_known(knowledge: Mapping[str, Any] | None) -> bool:
    return knowledge is not None and knowledge["score"] >= knowledge["threshold"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the conversation stands when the message is decided upon."""

    channel: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    misunderstood: int = 0  # messages in a row that were not understood, this one counted
    out_of_scope: int = 0  # the same, of those that were out of scope
    asked_which: bool = False  # whether the bot has asked since it last understood something
    signal: Signal | None = None  # what the customer just met, if it was not asked about yet


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason to hand off: its code, the evidence a person can read, and the changes that only
    need their approval. `facts` are the rule and the numbers it was decided by, and no words of the
    customer's."""

    reason: str
    evidence: str
    prepared: tuple[PreparedChange, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhichOne:
    """The two likeliest requests, to be offered as buttons."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class AboutSignal:
    """Whether it is about what the customer just met: asked before anything else is."""

    signal: Signal


def certain_trigger(reading: Reading, standing: Standing, rules: Rules) -> Trigger | None:
    """A reason that holds however well the message was understood, also inside a form."""
    return next(_certain(reading, standing, rules), None)


def _certain(reading: Reading, standing: Standing, rules: Rules) -> Iterator[Trigger]:
    wanted, said = rules.triggers, reading.shown
    if _asks(reading, rules):
        yield Trigger("customer_asked", f"The customer wrote: {said}")
    for name, topic in wanted.sensitive.items():
        found = _found(reading, topic.intents, topic.words)
        if found:
            yield Trigger(
                "sensitive_topic",
                f"This may be about {name} ({found}): {said}",
                facts={"rule": name},
            )
    for rule in rules.rules:
        if rule.channels and standing.channel not in rule.channels:
            continue
        # Compared as texts: in YAML 10432 is a number, and in a slot it is what was written.
        if any(str(standing.slots.get(slot)) != str(value) for slot, value in rule.slots.items()):
            continue
        found = _found(reading, rule.intents, rule.words)
        if found or not (rule.intents or rule.words):
            yield Trigger(
                "rule", f"The rule “{rule.name}” applies: {said}", facts={"rule": rule.name}
            )
    if reading.frustration >= wanted.frustration:
        yield Trigger(
            "frustration",
            f"The customer sounds upset ({reading.frustration:.2f} of 1): {said}",
            facts={"score": round(reading.frustration, 3), "limit": wanted.frustration},
        )
    unsure = reading.intent in NOT_UNDERSTOOD or reading.intent is None
    other = wanted.languages and reading.language and reading.language not in wanted.languages
    if unsure and other:
        served = ", ".join(wanted.languages)
        yield Trigger(
            "language_not_served",
            f"This may be another language ({reading.language}) than the bot's ({served}): {said}",
            facts={"language": reading.language, "served": list(wanted.languages)},
        )


def uncertain_trigger(
    reading: Reading, standing: Standing, rules: Rules
) -> Trigger | AboutSignal | WhichOne | None:
    """What follows from not having understood; None where the project's own rules may answer."""
    wanted, said = rules.triggers, reading.shown
    if reading.intent not in NOT_UNDERSTOOD:
        return None
    # Nothing can be read in a lone face, nor in the button "something else".
    readable = reading.typed and any(character.isalnum() for character in reading.text)
    foreign = reading.intent == OUT_OF_SCOPE
    if readable and foreign and standing.out_of_scope >= wanted.out_of_scope_in_a_row:
        scores = _numbers("score", reading.foreignness, "limit", reading.limit)
        return Trigger(
            "out_of_scope",
            f"Unlike anything the bot was taught{scores}: {said}",
            facts={"in_a_row": standing.out_of_scope, "limit": wanted.out_of_scope_in_a_row},
        )
    guesses = reading.ranking[:2] if readable and not foreign else ()
    lost = standing.misunderstood >= wanted.misunderstood_in_a_row
    # Who is upset is not asked to say it again.
    upset = reading.frustration > wanted.frustration / 2
    something_else = standing.asked_which and not reading.typed
    enough = lost or upset or something_else
    row_of = {"in_a_row": standing.misunderstood, "limit": wanted.misunderstood_in_a_row}
    facts = {**row_of, "upset": upset, "asked_before": standing.asked_which}
    if readable and not enough and standing.signal and _may_be_about(standing.signal, reading):
        return AboutSignal(standing.signal)
    if len(guesses) == 2:
        if enough:
            evidence = f"{_guessed(guesses, reading.bound, rules)}: {said}"
            return Trigger("low_confidence", evidence, facts=facts)
        likely = guesses[0][1] + guesses[1][1] >= PLAUSIBLE
        ask = likely and not standing.asked_which
        return WhichOne(guesses[0][0], guesses[1][0]) if ask else None
    if enough:
        count = standing.misunderstood
        row = f"{count} messages in a row were not understood, the last"
        evidence = f"{row if count > 1 else 'Not understood'}: {said}"
        return Trigger("misunderstood", evidence, facts=facts)
    return None


def _may_be_about(signal: Signal, reading: Reading) -> bool:
    """Whether a message that was not understood may be about the signal: by its likeliest requests,
    or because it says nothing but that something is wrong."""
    likeliest = [name for name, _ in reading.ranking[:FIRST_FEW]]
    foreign = reading.intent == OUT_OF_SCOPE
    return (not foreign and request_about(signal) in likeliest) or calls_for_help(reading.text)


def reading_name(intent: str, rules: Rules) -> str:
    """How the bot names a request when it asks which one is meant."""
    return rules.readings.get(intent) or intent.replace("_", " ").capitalize()


def _asks(reading: Reading, rules: Rules) -> bool:
    asked = rules.triggers.asked
    if reading.intent in asked.intents:
        return True
    if not reading.typed:
        return False
    if reading.text.strip().lower() in {key.lower() for key in asked.keys}:
        return True
    # Half sure is enough here: a person too many costs less than a customer trapped.
    likeliest = reading.ranking[0] if reading.ranking else (None, 0.0)
    if likeliest[0] in asked.intents and likeliest[1] >= PLAUSIBLE:
        return True
    return asks_for_person(reading.text)


def _found(reading: Reading, intents: tuple[str, ...], words: tuple[str, ...]) -> str | None:
    if reading.intent in intents:
        return reading.intent
    word = first_word(reading.text, words) if reading.typed else None
    return f"“{word}”" if word else None


def _guessed(guesses: Sequence[tuple[str, float]], bound: float | None, rules: Rules) -> str:
    named = " or ".join(f"“{reading_name(name, rules)}” ({share:.0%})" for name, share in guesses)
    least = "no bound can be promised" if bound is None else f"the bot answers from {bound:.0%}"
    return f"It could be {named}, and {least}"


def _numbers(one: str, first: float | None, other: str, second: float | None) -> str:
    if first is None or second is None:
        return ""
    return f" ({one} {first:.1f}, {other} {second:.1f})"
