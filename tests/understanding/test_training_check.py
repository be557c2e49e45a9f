"""Broken training data is named with its file, its line and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant.training_check import check_examples, check_named_intents
from bot.errors import SetupError

HEAD = 'version: "3.1"\nnlu:\n'


def write(folder: Path, *blocks: str) -> Path:
    (folder / "nlu.yml").write_text(HEAD + "".join(blocks), encoding="utf-8")
    return folder


def block(intent: str, *examples: str) -> str:
    lines = "".join(f"      - {example}\n" for example in examples)
    return f"  - intent: {intent}\n    examples: |\n{lines}"


def failure(data: Path, entities: set[str]) -> SetupError:
    with pytest.raises(SetupError) as caught:
        check_examples(data, entities)
    return caught.value


def test_a_lone_example(tmp_path: Path) -> None:
    data = write(tmp_path, block("greet", "hi", "hello"), block("refund", "my money"))
    error = failure(data, set())
    assert error.where.endswith("nlu.yml, line 9")
    assert "'refund' has one example" in error.problem
    assert "at least five" in error.cure


def test_the_same_text_under_two_intents(tmp_path: Path) -> None:
    data = write(
        tmp_path, block("greet", "hi", "Good  [morning](part)"), block("bye", "good morning", "bye")
    )
    error = failure(data, {"part"})
    assert error.where.endswith("line 9")
    assert "of greet in" in error.problem
    assert "line 6" in error.problem


@pytest.mark.parametrize("written", ["[10432](number)", '[10432]{"entity": "number"}'])
def test_an_entity_that_is_not_in_the_domain(tmp_path: Path, written: str) -> None:
    data = write(tmp_path, block("track", "where is it", f"where is {written}"))
    error = failure(data, {"order_number"})
    assert error.where.endswith("line 6")
    assert "'number' is not in the domain" in error.problem


def test_good_data_passes(tmp_path: Path) -> None:
    data = write(tmp_path, block("track", "where is it", "where is [10432](number:W-10432)"))
    check_examples(data, {"number"})


def test_examples_in_rasas_list_form_are_checked_too(tmp_path: Path) -> None:
    listed = (
        "  - intent: bye\n    examples:\n      - text: |\n          see you\n      - text: HI\n"
    )
    error = failure(write(tmp_path, block("greet", "hi", "hello"), listed), set())
    assert error.where.endswith("line 11")
    assert "of greet in" in error.problem


def test_a_component_that_names_an_unknown_intent(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(
        "pipeline:\n"
        "  - name: bot.assistant.nlu.requests.Requests\n"
        "    ignored: [greet]\n"
        "    together: [[greet, bye], [bye, refnd]]\n",
        encoding="utf-8",
    )
    with pytest.raises(SetupError) as caught:
        check_named_intents(config, ["greet", "bye", "refund"])
    assert "'refnd'" in caught.value.problem
    assert caught.value.where.endswith("key 'pipeline.0.together'")
    check_named_intents(config, ["greet", "bye", "refnd"])
