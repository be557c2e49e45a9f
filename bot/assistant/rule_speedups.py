"""Rasa's rule policy without what it repeats at every prediction; the predictions stay the same.

A third of a message's time goes there: the whole conversation is made into states at every
prediction, though no rule looks back further than it is long; every rule is held against them,
though the newest state rules most of them out; and they go into a debug line that nobody reads.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import is_not
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
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
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = dict[str, dict[str, Any]]
Newest = tuple[Any, Any]  # the action and the intent of a newest state; None for any
KNOWN_RULES = 10_000
KNOWN_LOOKUPS = 16  # a policy has two; more are those of policies no longer used
REPLAY = "_warmline_replay"  # where a tracker keeps its own
LONGEST = "_warmline_longest"  # where a policy keeps it, with the rules it was found in
# These change what counts of the events before them, as does an action that is a loop.
REWRITING = (ActionReverted, ActiveLoop, Restarted, SessionStarted, UserUtteranceReverted)

_stock_states = RulePolicy._prediction_states
_stock_keys = RulePolicy._get_possible_keys
_matches = RulePolicy._does_rule_match_state


def apply() -> None:
    """Put the functions in place; `speedups.apply` knows in which Rasa."""
    RulePolicy._get_possible_keys = _possible_keys
    RulePolicy.format_tracker_states = staticmethod(_unread)
    RulePolicy._prediction_states = _prediction_states


def _possible_keys(_policy: RulePolicy, rules: Iterable[str], states: list[State]) -> set[str]:
    """The rules that the conversation agrees with, from its last state backwards."""
    backwards = states[::-1]
    by_newest = _by_newest(tuple(rules))
    action = backwards[0].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
    intent = backwards[0].get(USER, {}).get(INTENT)
    return {
        key
        for newest in {(action, intent), (action, None), (None, intent), (None, None)}
        for key in by_newest.get(newest, ())
        if _agrees(_backwards(key), backwards)
    }


@lru_cache(maxsize=KNOWN_LOOKUPS)
def _by_newest(rules: tuple[str, ...]) -> dict[Newest, list[str]]:
    """The rules by what they demand of the newest state, of which few can agree with one state."""
    found: dict[Newest, list[str]] = defaultdict(list)
    for key in rules:
        newest = _backwards(key)[0]
        before = newest.get(PREVIOUS_ACTION)
        # Where a conversation starts Rasa looks no further.
        intent = newest.get(USER, {}).get(INTENT) if before else None
        found[_demand((before or {}).get(ACTION_NAME)), _demand(intent)].append(key)
    return found


def _demand(value: Any) -> Any:
    return value if value and value != SHOULD_NOT_BE_SET else None


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
    """A tracker played again from its start, with the newest states on the way.

    Between two predictions of one message a few events are added at the end: only these are played.
    """

    def __init__(self, tracker: DialogueStateTracker, domain: Domain, window: int) -> None:
        self._domain = domain
        self._window = window
        self._played: list[Event] = list(tracker.events)
        self._tracker = tracker.init_copy()
        self._states: deque[State] = deque(maxlen=window - 1)  # before each action; now comes last
        self._play(tracker.applied_events())

    def follow(self, tracker: DialogueStateTracker, domain: Domain, window: int) -> bool:
        """Play what is new; False when this is no longer a replay of that tracker."""
        events = list(tracker.events)
        known = len(self._played)
        if domain is not self._domain or window != self._window:
            return False
        if len(events) < known or any(map(is_not, events, self._played)):
            return False
        new = events[known:]
        if any(isinstance(event, ActionExecuted) for event in new):
            loops = {event.name for event in events if isinstance(event, ActiveLoop)}
            if any(isinstance(one, ActionExecuted) and one.action_name in loops for one in new):
                return False
        if any(isinstance(event, REWRITING) for event in new):
            return False
        self._play(new)
        self._played = events
        return True

    def states(self) -> list[State]:
        """The newest states, the one now last; the caller may change what it gets."""
        return [
            {part: dict(values) for part, values in state.items()}
            for state in (*self._states, self._now())
        ]

    def _play(self, events: Sequence[Event]) -> None:
        actions = [place for place, event in enumerate(events) if isinstance(event, ActionExecuted)]
        wanted = set(actions[-(self._window - 1) :])
        for place, event in enumerate(events):
            if place in wanted:
                self._states.append(self._now())
            self._tracker.update(event)

    def _now(self) -> State:
        state: State = self._domain.get_active_state(self._tracker)
        return state


def _prediction_states(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """One state more than the longest rule has: older ones decide nothing.

    Rasa also looks the states up among the rules its stories lack, and finds no longer ones there.
    """
    featurizer = policy.featurizer
    if type(featurizer) is not MaxHistoryTrackerFeaturizer or featurizer.max_history:
        states: list[State] = _stock_states(
            policy, tracker, domain, use_text_for_last_user_input, rule_only_data
        )
        return states
    window = 1 + _longest(policy)
    replay: _Replay | None = vars(tracker).get(REPLAY)
    if replay is None or not replay.follow(tracker, domain, window):
        replay = vars(tracker)[REPLAY] = _Replay(tracker, domain, window)
    states = replay.states()
    featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def _longest(policy: RulePolicy) -> int:
    """The number of states of the longest rule; among rules there are names of slots and loops."""
    lookups = list(policy.lookup.values())
    known: tuple[list[Any], int] | None = vars(policy).get(LONGEST)
    if known is None or len(known[0]) != len(lookups) or any(map(is_not, known[0], lookups)):
        rules = [key for keys in lookups for key in keys if key.startswith("[")]
        known = lookups, max((len(_backwards(rule)) for rule in rules), default=1)
        vars(policy)[LONGEST] = known
    return known[1]


def _unread(_states: list[State]) -> str:
    """What the debug line would show; `quiet` keeps it from being written."""
    return ""
