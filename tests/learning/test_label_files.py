"""Files of labelled texts, right and wrong ones, and `warmline labels` over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import SetupError
from bot.learning.label_files import read_labelled
from bot.learning.lesson import Entity

RIGHT = {
    "a.csv": '\ufefftext,intent\n"where, is it?",track_order\n',
    "a.jsonl": '{"text": "where, is it?", "intent": "track_order"}\n\n',
    "a.yml": "nlu:\n  - intent: track_order\n    examples: |\n      - where, is it?\n",
}


@pytest.mark.parametrize("name", RIGHT)
def test_three_kinds_say_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(RIGHT[name], encoding="utf-8")
    assert read_labelled(tmp_path / name) == [("where, is it?", "track_order", ())]


def test_entities_come_along(tmp_path: Path) -> None:
    line = '{"text": "a 10432", "intent": "x", "entities": [{"start": 2, "end": 7, "entity": "n"}]}'
    (tmp_path / "a.jsonl").write_text(line)
    assert read_labelled(tmp_path / "a.jsonl") == [("a 10432", "x", (Entity(2, 7, "n"),))]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.csv", "words,label\n", "a.csv"),
        ("a.csv", "text,intent\nhello\n", "line 2"),
        ("a.jsonl", '{"text": "a", "intent": "b"}\n{"text": 1}\n', "line 2"),
        ("a.jsonl", "[]\n", "line 1"),
        ("a.yml", "nlu: [\n", "a.yml"),
        ("a.yml", "rules: []\n", "a.yml"),
        ("a.txt", "hello", "a.txt"),
    ],
)
def test_what_is_wrong_is_named(name: str, text: str, where: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SetupError) as refused:
        read_labelled(tmp_path / name)
    assert where in refused.value.where


def test_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "domain.yml").write_text("intents:\n  - greet\n")
    main(["labels", "export"])
    assert capsys.readouterr().out == "There is nothing new to learn.\n"
    main(["labels", "export", "--output", "labels.jsonl"])
    assert (tmp_path / "labels.jsonl").read_text() == ""
    with pytest.raises(SystemExit, match="no labelled texts"):
        main(["labels", "import", "labels.jsonl"])
    with pytest.raises(SystemExit, match="not written"):
        main(["labels", "export", "--output", "labels.txt"])
    (tmp_path / "a.csv").write_text("text,intent\nhello,greet\n")
    with pytest.raises(SystemExit, match="--as EMAIL"):
        main(["labels", "import", "a.csv"])
    (tmp_path / "domain.yml").unlink()
    with pytest.raises(SystemExit, match=r"domain\.yml"):
        main(["labels", "export", "--write"])
