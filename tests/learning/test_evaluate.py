"""`warmline evaluate`: its numbers against known ones, and the whole command on a small project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from bot.assistant.nlu_model import Example, Prediction
from bot.cli import main
from bot.errors import SetupError
from bot.learning import metrics
from bot.learning.evaluate import Answers, ask, measure, read_examples
from tests.understanding.test_intents import FOREIGN, INTENTS, TEXTS

ROOT = Path(__file__).parents[2]
TIED = 0.5


def test_auroc_is_scikit_learns_with_ties_too() -> None:
    chance = np.random.default_rng(1)
    inside, outside = chance.integers(0, 9, 80), chance.integers(3, 12, 40)
    truth = np.concatenate([np.zeros(80), np.ones(40)])
    expected = roc_auc_score(truth, np.concatenate([inside, outside]))
    assert metrics.auroc(inside, outside) == pytest.approx(expected)


def test_an_accepted_foreign_message_counts_as_wrong() -> None:
    foreignness = np.array([0.1, 0.2, 0.3, 0.05, 0.9])
    outside = np.array([False, False, False, True, True])
    correct = np.array([True, True, False, False, False])
    found = metrics.out_of_scope(foreignness, outside, correct)
    assert found is not None
    assert found.auroc == pytest.approx(0.5)
    assert found.recall_at_95_coverage == pytest.approx(0.5)
    assert found.accuracy_on_accepted == pytest.approx(2 / 3)
    assert metrics.out_of_scope(foreignness, outside & False, correct) is None


def test_measured_figures_have_the_promised_names() -> None:
    examples = [Example("a", "x"), Example("b", "y"), Example("c", "out_of_scope")]
    predictions = [
        Prediction("x", 0.9, 0.1, False, 0.001),
        Prediction("x", 0.6, 0.2, False, 0.002),
        Prediction("y", 0.3, 0.9, True, 0.003),
    ]
    figures = measure(Answers(examples, predictions, None, 1.5, 300.0))
    assert set(figures) == {
        "accuracy",
        "out_of_scope",
        "calibration_error",
        "selective",
        "latency_ms",
        "train_seconds",
        "rss_mb",
        "confusions",
    }
    assert figures["accuracy"] == TIED
    assert figures["out_of_scope"]["auroc"] == 1
    assert figures["calibration_error"] == pytest.approx(0.35)
    assert set(figures["selective"][0]) == {"max_wrong_rate", "coverage", "wrong_rate"}
    assert figures["confusions"] == [{"intent": "y", "taken_for": "x", "count": 1}]
    assert figures["latency_ms"]["p50"] == 2


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("words,meaning\na,b\n", "bad.csv"),
        ("text,intent\nhello,\n", "bad.csv, line 2"),
        ("text,intent\n", "bad.csv"),
    ],
)
def test_a_broken_csv_names_its_line(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        read_examples(path)
    assert caught.value.where.endswith(where)


def test_the_whole_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "config.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    lines = [f'"{text}",{intent}' for text, intent in zip(TEXTS, INTENTS, strict=True)]
    Path("train.csv").write_text("\n".join(["text,intent", *lines]), encoding="utf-8")
    asked = [*lines[::6], ",out_of_scope", *(f'"{text}",out_of_scope' for text in FOREIGN)]
    Path("test.csv").write_text("\n".join(["text,intent", *asked]), encoding="utf-8")
    files = ["--train", "train.csv", "--test", "test.csv", "--json", "out.json"]
    main(["evaluate", *files, "--plots", "plots"])
    figures = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert figures["accuracy"] == 1
    assert figures["out_of_scope"]["auroc"] == 1
    for name in ("reliability", "risk_coverage"):
        assert Path(f"plots/{name}.svg").read_text(encoding="utf-8").startswith("<svg")


def test_one_intent_is_no_training_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "config.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("one.csv").write_text("text,intent\nhello,greet\nhi,greet\n", encoding="utf-8")
    with pytest.raises(SetupError, match="examples of 1 intent"):
        ask(tmp_path / "config.yml", read_examples(Path("one.csv")), [], lambda doing: None)


def test_nothing_asked_in_scope_has_no_accuracy() -> None:
    foreign = [Example("play a song", "out_of_scope")] * 3
    said = [Prediction("refund", 0.4, 2.0, True, 0.001)] * 3
    figures = measure(Answers(foreign, said, None, 1.0, 100.0))
    assert figures["accuracy"] is None
    assert figures["calibration_error"] is None


def test_folds_ask_of_every_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of Rasa's own components: whatever `config.yml` names is measured.
    pipeline = "[{name: KeywordIntentClassifier}]"
    config = f"recipe: default.v1\nassistant_id: x\nlanguage: en\npipeline: {pipeline}\n"
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    lines = [f'"{text}",{intent}' for text, intent in zip(TEXTS, INTENTS, strict=True)]
    Path("train.csv").write_text("\n".join(["text,intent", *lines]), encoding="utf-8")
    main(["evaluate", "--train", "train.csv", "--folds", "2", "--json", "out.json"])
    figures = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert 0 <= figures["accuracy"] < 1
    assert figures["out_of_scope"] is None
