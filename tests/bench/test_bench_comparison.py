"""Figures of two bots: pairs, goals and the cost along a conversation."""

from __future__ import annotations

from rich.console import Console

from bench.comparison import Figure, as_json, cost_at, steps_table, table


def printed(*shown: object) -> list[list[str]]:
    console = Console(width=120)
    with console.capture() as output:
        console.print(*shown)
    return [line.split() for line in output.get().splitlines()]


def test_ratios_are_of_pairs_and_better_means_better() -> None:
    rate = Figure("rate", "messages/s", "higher", [100, 300, 200], [20, 30, 50], goal=5)
    assert rate.ratios == [5, 10, 4]
    assert rate.met is True  # the median of the pairs' ratios
    seconds = Figure("start", "s", "lower", [2, 4], [6, 8], goal=3)
    assert seconds.ratios == [3, 2]
    assert seconds.met is False


def test_a_ceiling_judges_ours_alone() -> None:
    growth = Figure("growth", "", "lower", [1.1, 1.3, 1.15], [9.0], ceiling=1.2)
    assert growth.met is True
    assert Figure("growth", "", "lower", [1.3], [9.0], ceiling=1.2).met is False
    assert Figure("no goal", "ms", "lower", [1.0], [2.0]).met is None


def test_a_position_costs_what_the_messages_around_it_cost() -> None:
    steady = [float(place % 4) for place in range(20)]
    disturbed = [*steady]
    disturbed[9] = 1000.0
    conversations = [steady, disturbed, steady]
    assert cost_at(conversations, 10, 8) == 1.5  # 0, 1, 2 and 3, twice
    assert cost_at(conversations, 2, 8) == 1.5  # the first eight, where fewer lie before it
    assert cost_at([[float(place) for place in range(20)]], 10, 4) == 8.5  # messages 8 to 11


def test_the_table_shows_the_middle_and_the_range() -> None:
    figures = [
        Figure("rate", "messages/s", "higher", [100, 300, 200], [20, 30, 50], goal=5),
        Figure("growth", "", "lower", [1.3], [9.0], ceiling=1.2),
    ]
    rate, growth = printed(table(figures))[1:]
    assert rate == [
        "rate",
        "(messages/s)",
        "200",
        "(100-300)",
        "30.0",
        "(20.0-50.0)",
        "5.00",
        "(4.00-10.0)",
        "5x:",
        "met",
    ]
    assert growth == ["growth", "1.30", "9.00", "6.92", "<=", "1.2:", "MISSED"]
    assert as_json(figures)[0]["times_better"] == [5, 10, 4]
    assert as_json(figures)[1]["met"] is False


def test_steps_too_small_to_see_are_left_out() -> None:
    rows = printed(steps_table("ours", [("parse", 1.5), ("nothing", 0.001), ("the rest", 0.5)]))
    assert rows[-2:] == [["parse", "1.50"], ["the", "rest", "0.50"]]
