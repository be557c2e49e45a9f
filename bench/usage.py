"""How much CPU and memory programs take, each with the processes that it starts."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

CLIENT = "this client"


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used between two moments: seconds, and CPU seconds by program."""

    seconds: float
    cpu_seconds: Mapping[str, float]

    def cores(self, program: str) -> float:
        """How many cores this program kept busy on average."""
        return self.cpu_seconds[program] / self.seconds


class Meter:
    """Watches programs by the ids of their first processes, and this process beside them."""

    def __init__(self, programs: Mapping[str, int]) -> None:
        self._programs = {**programs, CLIENT: os.getpid()}
        self._begun = time.perf_counter()
        self._before = self._cpu_seconds()

    def read(self) -> Usage:
        """What was used since the meter was made."""
        seconds, now = time.perf_counter() - self._begun, self._cpu_seconds()
        spent = {name: now[name] - before for name, before in self._before.items()}
        return Usage(seconds, spent)

    def _cpu_seconds(self) -> dict[str, float]:
        # This process has started the others: they are not part of it.
        return {
            name: _cpu_seconds(pid, with_children=name != CLIENT)
            for name, pid in self._programs.items()
        }


def memory_mib(programs: Mapping[str, int]) -> float:
    """What all of them have in RAM, pages shared among a program's processes counted once.

    Where the system does not tell shares (macOS), such pages count for each process.
    """
    return sum(_memory_mib(process) for pid in programs.values() for process in _family(pid))


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _cpu_seconds(pid: int, *, with_children: bool) -> float:
    total = 0.0
    for process in _family(pid) if with_children else [psutil.Process(pid)]:
        with suppress(psutil.NoSuchProcess):  # its time is its parent's from here on
            times = process.cpu_times()
            total += times.user + times.system
            if with_children:
                total += times.children_user + times.children_system
    return total


def _memory_mib(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        found = process.memory_full_info()
        return float(getattr(found, "pss", found.rss)) / 1024**2
    return 0.0
