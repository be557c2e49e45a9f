"""The rules for Prometheus, held against what `/metrics` says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from ruamel.yaml import YAML

import bot.app  # noqa: F401 - every module that counts something
from bot import metrics
from tests.conftest import ROOT

RULES: list[Mapping[str, Any]] = YAML(typ="safe").load(ROOT / "docs" / "alerts.yml")["groups"][0][
    "rules"
]
# What a scrape adds to every series.
FROM_PROMETHEUS = {"instance", "job"}


@pytest.fixture(scope="module")
def there() -> set[str]:
    """Every name that a rule may use."""
    names = {sample for family in REGISTRY.collect() for sample in _samples(family)}
    return names


def _samples(family: Any) -> Iterator[str]:
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
    yield from (family.name + suffix for suffix in suffixes.get(family.type, ("",)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_is_about_what_there_is(rule: Mapping[str, Any], there: set[str]) -> None:
    named = set(re.findall(r"\bwarmline_\w+", rule["expr"]))
    assert named
    assert named <= there
    assert rule["labels"]["severity"] in {"warning", "critical"}
    kept = {one for by in re.findall(r"by \(([^)]*)\)", rule["expr"]) for one in by.split(", ")}
    assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= kept
    for labels in re.findall(r"{([^}]*)}", rule["expr"]):
        (metric,) = (name for name in named if f"{name}{{{labels}}}" in rule["expr"])
        assert set(re.findall(r"(\w+)!?=", labels)) <= labels_of(metric) | FROM_PROMETHEUS
    assert rule["expr"].count("(") == rule["expr"].count(")")


def labels_of(name: str) -> set[str]:
    collector = REGISTRY._names_to_collectors[name]
    return set(getattr(collector, "_labelnames", ()))


def test_each_alert_has_a_name_of_its_own() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 14


def test_no_metric_can_hold_what_a_customer_said() -> None:
    """A new label is looked at here before it is anywhere."""
    ours = [one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)]
    assert {label for one in ours for label in one._labelnames} == {
        *("channel", "kind", "level", "measure", "model", "outcome", "promise", "queue", "reason"),
    }
