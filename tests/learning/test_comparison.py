"""The whole comparison over real models: the project's own, and one that learnt less."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.learning.comparison import compare
from bot.learning.logged import Asked, Logged, LoggedTurn
from tests.conftest import ROOT

ORDER, REFUND = "where is my order", "I want my money back"
SHORT_TRAINING = """
import sys
from pathlib import Path

from bot.assistant.nlu_model import Example, train_nlu
from rasa.shared.nlu.training_data.loading import load_data

kept = [
    Example(message.get("text"), message.get("intent"))
    for message in load_data("data/nlu").intent_examples
    if message.get("intent") != "track_order"
]
train_nlu(Path("config.yml").resolve(), kept, Path(sys.argv[1]))
"""


def turn(place: int, text: str, truth: str | None) -> LoggedTurn:
    return LoggedTurn(
        id=f"t{place}",
        conversation_id=f"c{place}",
        channel="web",
        text=text,
        intent=None,
        outcome="answered",
        reason=None,
        actions=(),
        pressed=False,
        truth=truth,
        truth_from="label" if truth else None,
    )


LOGGED = Logged(
    held_out=(Asked(ORDER, "track_order"), Asked(REFUND, "get_refund"), Asked("", "out_of_scope")),
    turns=(
        turn(1, "has my parcel been sent yet", "track_order"),
        turn(2, REFUND, "get_refund"),
        turn(3, "where is my parcel", None),
        turn(4, "x" * 20_000, None),
        turn(5, "", None),
    ),
    must_pass=(Asked(ORDER, "track_order"), Asked("a person please", "contact_human_agent")),
)


def quietly(step: str, share: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def unlearnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's understanding without one of its intents, trained in a process of its own."""
    folder = tmp_path_factory.mktemp("unlearnt")
    words = [sys.executable, "-W", "ignore", "-c", SHORT_TRAINING, str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return folder / "evaluated.tar.gz"


@pytest.mark.timeout(300)
def test_a_better_candidate_passes_and_a_worse_one_does_not(model: Path, unlearnt: Path) -> None:
    steps: list[float] = []
    logged = pickle.loads(pickle.dumps(LOGGED))  # noqa: S301  (as a child process gets it)
    better = compare(unlearnt, model, logged, ROOT, lambda step, share: steps.append(share))
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert better["gate"]["passed"], better["gate"]["reasons"]
    assert better["intents"] == {"added": ["track_order"], "gone": []}
    assert better["replay"]["counts"]["fixed"] == 1
    assert better["replay"]["counts"]["broken"] == 0
    assert "nothing broken" in better["verdict"]
    assert better["unseen"]["accuracy"]["old"]["n"] < better["unseen"]["accuracy"]["new"]["n"]
    assert json.loads(json.dumps(better)) == better

    worse = compare(model, unlearnt, LOGGED, ROOT, quietly)
    assert worse["replay"]["counts"]["broken"] == 1
    # It was trained without stories, too: its dialogue cannot be tested.
    assert {one["code"] for one in worse["gate"]["reasons"]} == {"must_pass", "stories"}
    assert [one["new_right"] for one in worse["must_pass"]] == [False, True]


@pytest.mark.timeout(300)
def test_without_a_live_model_and_without_a_log(model: Path, tmp_path: Path) -> None:
    gone = tmp_path / "vanished.tar.gz"
    report = compare(gone, model, Logged(), ROOT, quietly)
    assert report["live"] is None
    assert report["replay"] is None
    assert report["gate"]["passed"]
    assert "no live model" in report["verdict"]


@pytest.mark.timeout(300)
def test_the_command_writes_the_report(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    out = tmp_path / "report.json"
    words = ["replay", str(model), "--against", str(model), "--json", str(out)]
    main([*words, "--data-dir", str(tmp_path), "--limit", "100"])
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["gate"]["passed"]
    assert report["verdict"] in " ".join(capsys.readouterr().out.split())
    with pytest.raises(SystemExit, match="no model 'nowhere'"):
        main(["replay", "nowhere", "--data-dir", str(tmp_path)])
