"""Rasa's rule policy without what it repeats at every prediction; the predictions stay the same.

A third of a message's time goes there: every rule's states are reversed anew for every turn of the
conversation; the conversation is played again from its start three times a message, for the text,
for the intent, and after the answer; and its states go into a debug line that nobody reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from operator import is_not
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker

State = dict[str, dict[str, Any]]
KNOWN_RULES = 10_000
REPLAY = "_warmline_replay"  # where a tracker keeps its own
# These change what counts of the events before them, as does an action that is a loop.
REWRITING = (ActionReverted, ActiveLoop, Restarted, SessionStarted, UserUtteranceReverted)

_stock_states = DialogueStateTracker.past_states
_stock_keys = RulePolicy._get_possible_keys
_matches = RulePolicy._does_rule_match_state


def apply() -> None:
    """Put the functions in place; `speedups.apply` knows in which Rasa."""
    RulePolicy._get_possible_keys = _possible_keys
    RulePolicy.format_tracker_states = staticmethod(_unread)
    DialogueStateTracker.past_states = _past_states


def _possible_keys(_policy: RulePolicy, rules: Iterable[str], states: list[State]) -> set[str]:
    """The rules that the conversation agrees with, from its last state backwards."""
    backwards = states[::-1]
    return {key for key in rules if _agrees(_backwards(key), backwards)}


def _agrees(rule: tuple[State, ...], states: list[State]) -> bool:
    for wanted, state in zip(rule, states, strict=False):
        before, wanted_before = state.get(PREVIOUS_ACTION), wanted.get(PREVIOUS_ACTION)
        if before and wanted_before:
            if not _matches(wanted, state):
                return False
        elif before or wanted_before:
            return False  # one of the two is where a conversation starts
    return True


@lru_cache(maxsize=KNOWN_RULES)
def _backwards(rule: str) -> tuple[State, ...]:
    return tuple(reversed(json.loads(rule)))


class _Replay:
    """A tracker played again from its start, with the state before each action on the way.

    Between two predictions of one message a few events are added at the end: only these are played.
    """

    def __init__(self, tracker: DialogueStateTracker, domain: Domain, unset: bool) -> None:
        self._domain = domain
        self._omit_unset_slots = unset
        self._played: list[Event] = list(tracker.events)
        self._tracker = tracker.init_copy()
        self._states: list[State] = []
        self._play(tracker.applied_events())

    def follow(self, tracker: DialogueStateTracker, domain: Domain, unset: bool) -> bool:
        """Play what is new; False when this is no longer a replay of that tracker."""
        events = list(tracker.events)
        known = len(self._played)
        if domain is not self._domain or unset != self._omit_unset_slots:
            return False
        if len(events) < known or any(map(is_not, events, self._played)):
            return False
        loops = {event.name for event in events if isinstance(event, ActiveLoop)}
        for event in events[known:]:
            in_loop = isinstance(event, ActionExecuted) and event.action_name in loops
            if in_loop or isinstance(event, REWRITING):
                return False
        self._play(events[known:])
        self._played = events
        return True

    def states(self) -> list[State]:
        """The state before each action, and the one now; the caller may change what it gets."""
        return [
            {part: dict(values) for part, values in state.items()}
            for state in (*self._states, self._now())
        ]

    def _play(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, ActionExecuted):
                self._states.append(self._now())
            self._tracker.update(event)

    def _now(self) -> State:
        state: State = self._domain.get_active_state(
            self._tracker, omit_unset_slots=self._omit_unset_slots
        )
        return state


def _past_states(
    tracker: DialogueStateTracker,
    domain: Domain,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    if ignore_rule_only_turns:  # policies that learn; they see another past
        states: list[State] = _stock_states(
            tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
        )
        return states
    replay: _Replay | None = vars(tracker).get(REPLAY)
    if replay is None or not replay.follow(tracker, domain, omit_unset_slots):
        replay = vars(tracker)[REPLAY] = _Replay(tracker, domain, omit_unset_slots)
    return replay.states()


def _unread(_states: list[State]) -> str:
    """What the debug line would show; `quiet` keeps it from being written."""
    return ""
