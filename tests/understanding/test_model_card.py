"""The card says what is promised, on what evidence, and that it is provisional."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.assistant.nlu.bounds import find_bounds
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.intents import train
from bot.assistant.nlu.model_card import load_curve, make_card, save_curve
from bot.rules import Rules
from tests.understanding.test_intents import FOREIGN, INTENTS, TEXTS


def test_the_card_and_its_evidence(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    model, unseen = train(embedder, TEXTS, INTENTS, FOREIGN)
    examples = [*zip(TEXTS, INTENTS, strict=True), *((text, "out_of_scope") for text in FOREIGN)]
    bounds = find_bounds(unseen, model.names, Rules())
    card = make_card(examples, unseen, model, bounds, Rules())
    again = make_card(examples[::-1], unseen, model, bounds, Rules())
    assert card["provisional"] is True
    assert card["data"]["sha256"] == again["data"]["sha256"]
    assert card["data"]["out_of_scope_examples"] == len(FOREIGN)
    assert card["unseen_examples"]["accuracy"] > 0.6
    # 59 answers, none wrong, is the least that promises 5 % at 95 %: 21 examples cannot.
    promise = card["thresholds"]["ordinary"]
    assert promise["confidence"] is None
    assert promise["needed"] == 59 - len(examples)
    assert promise["intents"] == model.names

    save_curve(tmp_path / "unseen.npz", unseen, model.names)
    loaded, names = load_curve(tmp_path / "unseen.npz")
    assert names == model.names
    assert loaded.inside == len(TEXTS)
    lax = Rules.parse_obj(
        {"risk_classes": {"ordinary": {"accepted_wrong_rate": 0.5, "guarantee": 0.8}}}
    )
    one, other = (find_bounds(curve, names, lax)["ordinary"] for curve in (unseen, loaded))
    assert one.answered == other.answered > 0


def test_the_evidence_keeps_the_truth_and_one_without_it_still_loads(
    embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    model, unseen = train(embedder, TEXTS, INTENTS, FOREIGN)
    path = tmp_path / "unseen.npz"
    save_curve(path, unseen, model.names)
    loaded, names = load_curve(path)
    assert loaded.truth is not None
    truth = [(*names, "out_of_scope")[place] for place in loaded.truth]
    assert truth == [*INTENTS, *("out_of_scope" for _ in FOREIGN)]
    assert loaded.foreignness is not None
    assert ((loaded.foreignness > model.limit) == loaded.refused).all()

    save_curve(path, replace(unseen, truth=None, foreignness=None), model.names)
    older, _ = load_curve(path)
    assert older.truth is None
    assert older.foreignness is None
    assert (older.correct == unseen.correct).all()
