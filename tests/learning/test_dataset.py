"""Lessons written into a project's files, and read there by Rasa."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.clock import now
from bot.errors import SetupError
from bot.learning.dataset import ALREADY, apply, planned, write_project
from bot.learning.deidentify import deidentify
from bot.learning.example import read, written
from bot.learning.export import as_jsonl, as_yaml
from bot.learning.lesson import Entity, Lesson, Lessons, NewIntent
from bot.learning.project_files import ProjectFiles
from bot.learning.yaml_lines import YamlLines, read_exactly

ROOT = Path(__file__).parents[2]
NLU = """\
version: "3.1"   # kept

nlu:
  # of orders
  - intent: track
    examples: |
      - where is [10432](order_number)
      - track it

  # of people
  - intent: 'greet'
    examples: |
      - hello
      - hi there

"""
DOMAIN = """\
version: "3.1"
intents: # two
  - track
  - greet:
      use_entities: []

entities: [order_number]
responses:
  utter_greet:
    - text: "Hi"
      # the end
session_config: {session_expiration_time: 0}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "data" / "nlu" / "shop.yml").write_text(NLU)
    (root / "domain.yml").write_text(DOMAIN)
    (root / "config.yml").write_text("pipeline: []\n")
    return root


def lesson(text: str, intent: str, *entities: Entity, turn: str = "t1") -> Lesson:
    return Lesson(text, intent, (turn,), "lena", now(), entities)


def lessons(*taught: Lesson, new: tuple[NewIntent, ...] = ()) -> Lessons:
    return Lessons(taught, (), new)


def as_rasa_reads(text: str) -> list[tuple[str, str, list[tuple[int, int, str]]]]:
    """Every example's intent, text and entities."""
    data = RasaYAMLReader().reads(text)
    return [
        (
            one.get("intent"),
            one.get("text"),
            [(each["start"], each["end"], each["entity"]) for each in one.get("entities") or []],
        )
        for one in data.training_examples
    ]


def test_examples_come_at_the_end_of_their_intents_and_nothing_else_moves(project: Path) -> None:
    text = "and order 10587"
    taught = lessons(
        lesson(text, "track", Entity(10, 15, "order_number")), lesson("good day", "greet")
    )
    change = planned(project, taught)
    shop, record = change.files
    assert shop.after == NLU.replace(
        "      - track it\n", "      - track it\n      - and order [10587](order_number)\n"
    ).replace("      - hi there\n", "      - hi there\n      - good day\n")
    assert (shop.path, record.path) == ("data/nlu/shop.yml", "data/nlu/provenance.jsonl")
    assert change.counts == {"track": 1, "greet": 1}
    assert json.loads(record.after.splitlines()[0])["turns"] == ["t1"]
    assert ("track", text, [(10, 15, "order_number")]) in as_rasa_reads(shop.after)
    assert "+      - good day\n" in change.diff
    assert (project / "data" / "nlu" / "shop.yml").read_text() == NLU


@pytest.mark.parametrize("answer", ['Yes: "we" do — {always}'.replace("{always}", "always"), None])
def test_a_new_intent_gets_its_examples_answer_and_rule(project: Path, answer: str | None) -> None:
    new = NewIntent("ask_repair", answer, "lena", now())
    taught = lessons(
        lesson("do you repair boots", "ask_repair"),
        lesson("can it be mended", "ask_repair", turn="t2"),
        new=(new,),
    )
    into = project.parent / "into"
    change = write_project(project, taught, into)
    assert change.new_intents == ("ask_repair",)
    domain = Domain.load(str(into / "domain.yml"))
    assert "ask_repair" in domain.intents
    rules = (into / "data" / "rules" / "learned.yml").read_text()
    if answer is None:
        assert "action: utter_handoff" in rules
    else:
        assert domain.responses["utter_ask_repair"] == [{"text": answer}]
        assert "action: utter_ask_repair" in rules
    assert len(as_rasa_reads((into / "data" / "nlu" / "learned.yml").read_text())) == 2
    # A later change finds them where they are by now.
    more = planned(into, lessons(lesson("mend my tent", "ask_repair"), new=(new,)))
    apply(more, into)
    assert [one.path for one in more.files] == ["data/nlu/learned.yml", "data/nlu/provenance.jsonl"]
    assert len(as_rasa_reads((into / "data" / "nlu" / "learned.yml").read_text())) == 3


def test_what_is_not_written_says_why(project: Path) -> None:
    change = planned(
        project,
        lessons(
            lesson("Track it!", "track", turn="same"),
            lesson("hello", "track", turn="other"),
            lesson("buy it", "buy", turn="gone"),
            lesson("lonely", "fresh", turn="lone"),
            lesson("what?", "nlu_fallback", turn="none"),
            new=(NewIntent("fresh", None, "lena", now()),),
        ),
    )
    assert change.files == ()
    assert {one.reason: one.turn_ids for one in change.skipped} == {
        ALREADY: ("same",),
        "there is no intent buy any more": ("gone",),
        "fresh has no other example, and one alone cannot be learnt from": ("lone",),
        "no example can teach nlu_fallback": ("none",),
    }
    [conflict] = change.conflicts
    assert (conflict.other, conflict.where) == ("greet", "data/nlu/shop.yml, line 13")


def test_no_labels_change_nothing(project: Path) -> None:
    change = planned(project, lessons())
    assert (change.files, change.counts, change.skipped) == ((), {}, ())
    assert as_rasa_reads(as_yaml(lessons())) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "data" / "nlu").glob("*.yml")), ids=lambda p: p.stem
)
def test_the_projects_own_files_stay_as_they_are(path: Path) -> None:
    text = read_exactly(path)
    file = YamlLines(path, text)
    for _, line, margin in file.blocks():
        file.add_after(line, [f"{margin}- a new one"])
    assert file.text.replace("      - a new one\n", "") == text
    assert as_rasa_reads(file.text).count(("greet", "a new one", [])) <= 1
    added = [intent for intent, one, _ in as_rasa_reads(file.text) if one == "a new one"]
    assert added == list(dict.fromkeys(intent for intent, _, _ in as_rasa_reads(text)))


def test_the_projects_own_domain_and_rules_take_an_intent(tmp_path: Path) -> None:
    new = NewIntent("ask_repair", "We do.", "lena", now())
    taught = lessons(
        lesson("do you mend boots", "ask_repair"), lesson("mend it", "ask_repair"), new=(new,)
    )
    change = write_project(ROOT, taught, tmp_path)
    lines = change.diff.splitlines()
    removed = [line for line in lines if line.startswith("-") and not line.startswith("---")]
    assert removed == []
    assert Domain.load(str(tmp_path / "domain.yml")).responses["utter_ask_repair"]


def test_windows_line_ends_and_a_missing_last_one_stay(project: Path) -> None:
    path = project / "data" / "nlu" / "shop.yml"
    path.write_bytes(NLU.rstrip().replace("\n", "\r\n").encode())
    change = planned(project, lessons(lesson("good day", "greet")))
    assert change.files[0].after.endswith("      - hi there\r\n      - good day\r\n")
    assert "\n" not in change.files[0].after.replace("\r\n", "")
    apply(change, project)
    assert path.read_bytes().endswith(b"good day\r\n")
    with pytest.raises(SetupError, match="has changed"):
        apply(change, project)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("domain.yml", "intents: [track\n"),
        ("data/nlu/shop.yml", "nlu:\n  - intent: track\n   examples: |\n"),
        ("data/nlu/shop.yml", "nlu: \x00"),
        ("domain.yml", None),
    ],
)
def test_a_broken_or_missing_file_is_named(project: Path, name: str, text: str | None) -> None:
    (project / name).unlink()
    if text is not None:
        (project / name).write_text(text)
    with pytest.raises(SetupError) as refused:
        planned(project, lessons(lesson("good day", "greet")))
    assert Path(name).name in refused.value.where
    assert refused.value.cure


def test_a_domain_on_one_line_says_what_to_do(project: Path) -> None:
    (project / "domain.yml").write_text("intents: [track, greet]\n")
    new = NewIntent("fresh", None, "lena", now())
    taught = lessons(lesson("one", "fresh"), lesson("two more", "fresh"), new=(new,))
    with pytest.raises(SetupError, match="lines of their own"):
        planned(project, taught)


HARD = st.text(
    alphabet=st.one_of(
        st.sampled_from("[](){}|:-#'\"\\ \n\t\u2028\u0085&*!%@`,?>é🙂٣"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(HARD, max_size=12))
def test_rasa_gives_back_exactly_what_was_written(texts: list[str]) -> None:
    made = [deidentify(text, (), seed="t", names=(), vocabulary=()) for text in texts]
    # Rasa keeps one of those that are the same.
    clean = list({one.text: one for one in made if not isinstance(one, str)}.values())
    for one in clean:
        assert read(written(one.text, one.entities)) == (one.text, one.entities)
    taught = [lesson(one.text, "track", *one.entities) for one in clean]
    assert as_rasa_reads(as_yaml(lessons(*taught))) == [
        ("track", one.text, [(each.start, each.end, each.name) for each in one.entities])
        for one in clean
    ]
    records = [json.loads(line) for line in as_jsonl(lessons(*taught)).split("\n")[:-1]]
    assert [record["text"] for record in records] == [one.text for one in clean]


def test_a_copy_is_whole(project: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "handoff.yml", project)
    write_project(project, lessons(), tmp_path / "copy")
    names = {
        path.relative_to(tmp_path / "copy").as_posix()
        for path in (tmp_path / "copy").rglob("*.yml")
    }
    assert names == {"config.yml", "domain.yml", "handoff.yml", "data/nlu/shop.yml"}
    assert ProjectFiles(tmp_path / "copy").intents == ["track", "greet"]
