"""The card says what is promised, on what evidence, and that it is provisional."""

from __future__ import annotations

from pathlib import Path

from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.intents import train
from bot.assistant.nlu.model_card import load_curve, make_card, save_curve, threshold_of
from tests.understanding.test_intents import FOREIGN, INTENTS, TEXTS


def test_the_card_and_its_evidence(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    model, unseen = train(embedder, TEXTS, INTENTS, FOREIGN)
    examples = [*zip(TEXTS, INTENTS, strict=True), *((text, "out_of_scope") for text in FOREIGN)]
    card = make_card(examples, unseen, model, accepted_wrong_rate=0.05, guarantee=0.95)
    again = make_card(examples[::-1], unseen, model, accepted_wrong_rate=0.05, guarantee=0.95)
    assert card["provisional"] is True
    assert card["data"]["sha256"] == again["data"]["sha256"]
    assert card["data"]["out_of_scope_examples"] == len(FOREIGN)
    assert card["unseen_examples"]["accuracy"] > 0.6
    # 59 answers, none wrong, is the least that promises 5 % at 95 %: 21 examples cannot.
    assert card["threshold"]["confidence"] is None
    assert card["threshold"]["needed"] == 59 - len(examples)

    save_curve(tmp_path / "unseen.npz", unseen, model.names)
    loaded, names = load_curve(tmp_path / "unseen.npz")
    assert names == model.names
    assert loaded.inside == len(TEXTS)
    one, other = (threshold_of(curve, rate=0.5, guarantee=0.8) for curve in (unseen, loaded))
    assert one.answered == other.answered > 0
