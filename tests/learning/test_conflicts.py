"""Conflicts among training examples: what is one, where it stands, when it is looked for anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.assistant.reply import OUT_OF_SCOPE
from bot.events import MemoryEventBus
from bot.jobs import Jobs
from bot.learning.clusters import Floats, centred
from bot.learning.conflict_search import ConflictSearch, Looked
from bot.learning.conflicts import find_copies, find_leaks, find_nearer
from bot.learning.finding_conflicts import read_conflicts
from bot.learning.starving import FEWEST_SHOWN, starving_classes, starving_intents
from bot.learning.training_examples import TrainingExample
from bot.rules import RiskClass, Rules

NLU = """\
version: "3.1"
nlu:
  # what customers track
  - intent: track_order
    examples: |
      - where is my parcel
      - when does [10861](order_number) arrive
      - has my order been sent yet
      - please send my money back
      - hello there

  - intent: get_refund
    examples: |
      - I want my money back
      - refund me the money please
      - give me my money back
      - Hello there!
"""


def example(intent: str, text: str = "x") -> TrainingExample:
    return TrainingExample(text, intent, "nlu/a.yml", 1)


def meanings(*rows: tuple[float, ...]) -> Floats:
    """The rows at length one."""
    return centred(np.array(rows, np.float32), np.zeros(len(rows[0]), np.float32))


def write(data: Path, name: str, content: str) -> None:
    (data / "nlu" / name).write_text(content)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    write(tmp_path / "data", "a.yml", NLU)
    return tmp_path / "data"


def test_an_example_among_those_of_another_intent_is_found_with_its_nearest_there() -> None:
    examples = [example("a", f"a{n}") for n in range(4)] + [example("b", f"b{n}") for n in range(3)]
    placed = meanings(
        (1, 0.5, 0),
        (1, -0.5, 0),
        (1, 0, -0.5),
        (0.1, 0.2, 1),
        (0, 0.5, 1),
        (0, -0.5, 1),
        (0.5, 0, 1),
    )
    (found,) = find_nearer(examples, placed)
    assert (found.example.text, found.nearest.text) == ("a3", "b0")
    assert found.other > found.own
    (leak,) = find_leaks([found])
    assert (leak.one, leak.other, leak.of_one, leak.of_other) == ("a", "b", 1, 0)
    assert leak.worst == [found]


def test_near_copies_do_not_hold_an_example_in_its_intent() -> None:
    own, there = (1.0, 0.0, 0.0), (0.8, 0.6, 0.0)
    examples = [example("a"), example("a"), example("a"), example("b")]
    placed = meanings(own, (1, 0.01, 0), (0, 0, 1), there)
    assert len(find_nearer(examples, placed)) == 2  # the copies; the third is near to nothing


def test_a_small_intent_is_not_judged_by_its_only_example() -> None:
    """One near neighbour of a large intent outweighs no third best of it."""
    examples = [example("a"), example("a"), example("a"), example("b")]
    placed = meanings((1, 0, 0), (0.9, 0.44, 0), (0, 0, 1), (0.7, -0.7, 0))
    assert find_nearer(examples, placed) == []


def test_what_is_out_of_scope_may_be_near_to_an_intent_and_not_the_reverse() -> None:
    placed = meanings((1, 0, 0), (0, 0, -1), (0.8, 0.6, 0), (0.5, 0.8, 0.3))
    foreign = [example(OUT_OF_SCOPE)] * 2 + [example("a")] * 2
    assert find_nearer(foreign, placed) == []
    other = [example("a")] * 2 + [example(OUT_OF_SCOPE)] * 2
    assert [one.nearest.intent for one in find_nearer(other, placed)] == [OUT_OF_SCOPE]


@pytest.mark.parametrize("intents", [[], ["a"], ["a", "a"], ["a", "b"]])
def test_too_little_is_no_conflict(intents: list[str]) -> None:
    placed = np.eye(max(len(intents), 1), dtype=np.float32)[: len(intents)]
    assert find_nearer([example(intent) for intent in intents], placed) == []
    assert find_leaks([]) == []


def test_a_text_is_in_two_intents_however_it_is_written() -> None:
    one, other = example("a", "Where's it?"), example("b", "where s IT")
    assert find_copies([one, example("a", "where's it"), other, example("b", "alone")]) == [
        [one, example("a", "where's it"), other]
    ]
    assert find_copies([one, one]) == []
    assert find_copies([example("a", "1"), example("b", "2")]) == []


def test_conflicts_of_a_project_have_their_files_and_lines(data: Path) -> None:
    found = read_conflicts(data)
    assert found["counts"] == {"track_order": 5, "get_refund": 4}
    assert [
        [(one["intent"], one["file"], one["line"]) for one in group] for group in found["copies"]
    ] == [[("track_order", "nlu/a.yml", 10), ("get_refund", "nlu/a.yml", 17)]]
    lines = {one["example"]["line"]: one["nearest"]["line"] for one in found["nearer"]}
    assert lines[9] in (14, 15, 16)
    assert 7 not in lines


def test_intents_starve_by_what_their_class_promises() -> None:
    rules = Rules(risk_classes={"talk": RiskClass(accepted_wrong_rate=0.1, intents=("greet",))})
    counts = {"greet": 20, "order": 58, "refund": 59, "cancel": 200, OUT_OF_SCOPE: 1}
    fed = {one.name: one for one in starving_intents(counts, rules)}
    assert list(fed) == ["greet", "order", "refund", "cancel"]
    assert [(one.least, one.missing) for one in fed.values()] == [
        (29, 9),
        (59, 1),
        (59, 0),
        (59, 0),
    ]
    assert [one.name for one in starving_classes(counts, rules)] == ["talk"]
    enough = {f"i{n}": 100 for n in range(9)}
    assert len(starving_intents(enough, Rules())) == FEWEST_SHOWN
    assert starving_intents({}, Rules()) == []


async def looked(search: ConflictSearch, jobs: Jobs, data: Path) -> Looked:
    """What is found, and whoever has the page open is told."""
    bus = MemoryEventBus()
    with bus.subscribe(lambda event: event.type == "discovery") as told:
        assert (await search.start(data, bus)).state == "running"
        assert (await search.start(data, bus)).state == "running"
        await told.next()
        await jobs.finish()
    return await search.current(data)


async def test_data_are_looked_at_once_and_again_when_they_changed(
    data: Path, tmp_path: Path
) -> None:
    jobs = Jobs()
    search = ConflictSearch(jobs, tmp_path)
    assert (await search.current(data)).state == "none"
    done = await looked(search, jobs, data)
    assert done.found is not None
    assert len(done.found["copies"]) == 1
    other = ConflictSearch(jobs, tmp_path)  # another process, or this one after a restart
    assert await other.current(data) == done
    assert await other.start(data, MemoryEventBus()) == done

    write(data, "a.yml", NLU.replace("      - Hello there!\n", ""))
    assert (await search.current(data)).state == "none"
    again = await looked(search, jobs, data)
    assert again.found is not None
    assert again.found["copies"] == []


async def test_a_broken_file_is_named_and_a_corrected_one_is_looked_at(
    data: Path, tmp_path: Path
) -> None:
    jobs = Jobs()
    search = ConflictSearch(jobs, tmp_path)
    write(data, "b.yml", "nlu: [\n")
    failed = await looked(search, jobs, data)
    assert failed.state == "failed"
    assert failed.problem.startswith("data/nlu/b.yml cannot be read")
    write(data, "b.yml", "")
    assert (await looked(search, jobs, data)).state == "done"
