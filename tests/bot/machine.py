"""Whether a regular expression can blow up: take time that doubles with each character of a text.

It can when one text leads in two ways from a place of the pattern back to the same place, because a
text that fails in the end is then tried in every combination of them. So the pattern's characters
become the places of a machine, and two copies of it, reading the same text, look for such a way.

Looks ahead and behind are machines of their own, and are taken to hold; so are anchors. What is
found may then be impossible, but nothing that is possible is missed.
"""

from __future__ import annotations

import re
import sre_compile
import sre_constants as sre
import sre_parse
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

MANY = 10  # from so many times on, what is counted is taken for a loop
# Besides the pattern's own characters: one of each kind that patterns ask for.
SAMPLES = "aZé5 \n-_'.,\x00中😀"

Ways = Counter[int]
Pair = tuple[int, int]


class Part(NamedTuple):
    """A piece of a pattern: where it may begin and end, each in how many ways, and in how many it
    may be empty."""

    first: Ways
    last: Ways
    empty: int


EMPTY = Part(Counter(), Counter(), 1)


class Machine:
    """The places of one pattern, the characters that each takes, and what may follow each."""

    def __init__(self, tree: sre_parse.SubPattern) -> None:
        self.takes: list[frozenset[str]] = []
        self.follow: dict[int, Ways] = {}
        self.inner: list[sre_parse.SubPattern] = []
        self._state = tree.state
        self._alphabet = sorted({*SAMPLES, *_characters(tree)})
        self._all(tree, tree.state.flags)

    def blows_up(self) -> bool:
        for loop in _components(self.follow):
            if len(loop) == 1 and not self.follow[next(iter(loop))][next(iter(loop))]:
                continue
            inside = {one: [n for n in self.follow[one] if n in loop] for one in loop}
            if any(self.follow[one][n] > 1 for one in loop for n in inside[one]):
                return True
            if self._two_ways(inside):
                return True
        return any(Machine(tree).blows_up() for tree in self.inner)

    def _two_ways(self, inside: dict[int, list[int]]) -> bool:
        """Whether two copies part and meet again where they were together before."""
        graph: dict[Pair, list[Pair]] = {}
        todo: list[Pair] = [(one, one) for one in inside]
        while todo:
            pair = todo.pop()
            if pair in graph:
                continue
            graph[pair] = [
                (a, b)
                for a in inside[pair[0]]
                for b in inside[pair[1]]
                if a == b or self.takes[a] & self.takes[b]
            ]
            todo += graph[pair]
        return any(
            any(a == b for a, b in loop) and any(a != b for a, b in loop)
            for loop in _components(graph)
        )

    def _all(self, nodes: Any, flags: int) -> Part:
        whole = EMPTY
        for node in nodes:
            whole = self._then(whole, self._one(node, flags))
        return whole

    def _one(self, node: Any, flags: int) -> Part:
        kind, value = node
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, body = value
            return self._repeated(body, least, int(most), flags)
        if kind is sre.BRANCH:
            parts = [self._all(branch, flags) for branch in value[1]]
            return Part(
                sum((part.first for part in parts), Counter()),
                sum((part.last for part in parts), Counter()),
                sum(part.empty for part in parts),
            )
        if kind is sre.SUBPATTERN:
            _group, added, removed, body = value
            return self._all(body, (flags | added) & ~removed)
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            self.inner.append(value[1])
            return EMPTY
        if kind in (sre.AT, sre.GROUPREF):
            return EMPTY
        place = len(self.takes)
        one = sre_compile.compile(sre_parse.SubPattern(self._state, [node]), flags)
        self.takes.append(frozenset(each for each in self._alphabet if one.fullmatch(each)))
        self.follow[place] = Counter()
        return Part(Counter({place: 1}), Counter({place: 1}), 0)

    def _repeated(self, body: Any, least: int, most: int, flags: int) -> Part:
        if most >= MANY:
            part = self._all(body, flags)
            self._joined(part.last, part.first)
            return part._replace(empty=1 if least == 0 else part.empty)
        whole = EMPTY
        for number in range(most, 0, -1):
            part = self._then(self._all(body, flags), whole)
            # Python stops at what is empty, so that a part that may be left out is so in one way.
            whole = part._replace(empty=1) if number > least else part
        return whole

    def _then(self, one: Part, other: Part) -> Part:
        self._joined(one.last, other.first)
        return Part(
            one.first + _times(other.first, one.empty),
            other.last + _times(one.last, other.empty),
            one.empty * other.empty,
        )

    def _joined(self, ends: Ways, begins: Ways) -> None:
        for end, number in ends.items():
            self.follow[end] += _times(begins, number)


def blows_up(pattern: re.Pattern[str]) -> bool:
    """Whether there may be a text on which the time doubles with each character."""
    return Machine(sre_parse.parse(pattern.pattern, pattern.flags)).blows_up()


def _times(ways: Ways, number: int) -> Ways:
    return Counter({place: min(2, each * number) for place, each in ways.items() if number})


def _characters(nodes: Any) -> Iterator[str]:
    """Every character that the tree names, and the ends of its ranges."""
    for node in nodes:
        if not isinstance(node, tuple):
            yield from _characters(node) if isinstance(node, (list, sre_parse.SubPattern)) else ()
        elif node[0] in (sre.LITERAL, sre.NOT_LITERAL):
            yield chr(node[1])
        elif node[0] is sre.RANGE:
            yield from map(chr, node[1])
        elif isinstance(node[1], (tuple, list, sre_parse.SubPattern)):
            yield from _characters(node[1])


def _components(graph: Any) -> Iterator[set[Any]]:
    """The sets of places from each of which every other is reached (Tarjan, without recursion)."""
    index: dict[Any, int] = {}
    low: dict[Any, int] = {}
    open_: list[Any] = []
    is_open: set[Any] = set()
    for start in graph:
        if start in index:
            continue
        work = [(start, iter(graph[start]))]
        index[start] = low[start] = len(index)
        open_.append(start)
        is_open.add(start)
        while work:
            place, following = work[-1]
            for each in following:
                if each not in index:
                    index[each] = low[each] = len(index)
                    open_.append(each)
                    is_open.add(each)
                    work.append((each, iter(graph[each])))
                    break
                if each in is_open:
                    low[place] = min(low[place], index[each])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[place])
                if low[place] == index[place]:
                    found = set()
                    while place not in found:
                        found.add(open_.pop())
                    is_open -= found
                    yield found
