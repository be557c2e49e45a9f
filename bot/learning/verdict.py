"""The report's first sentence: what became of the messages that judge the candidate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def verdict(report: Mapping[str, Any]) -> str:
    """In words: how many were right before and are now, and what was fixed and broken."""
    paired = report["held_out"]["paired"]
    if paired is None:
        asked = report["held_out"]["asked"]["new"]
        right = report["held_out"]["accuracy"]["new"]["value"]
        if right is None:
            return "There is no live model to compare with, and too few labels to say more."
        return (
            f"{right:.0%} of {asked} held-out messages are right; there was no live model before."
        )
    return f"{_held_out(paired)}; {_replayed(report['replay'])}."


def _held_out(paired: Mapping[str, Any]) -> str:
    asked = paired["asked"]
    if not asked:
        return "No labelled message was held out"
    return (
        f"{paired['old_right']:,} of {asked:,} right before, "
        f"{paired['new_right']:,} of {asked:,} now"
    )


def _replayed(replay: Mapping[str, Any]) -> str:
    if not replay["judged"]:
        return "no logged turn could be replayed"
    counts = replay["counts"]
    fixed, broken, changed = counts["fixed"], counts["broken"], counts["changed"]
    if not fixed + broken + changed:
        return f"nothing changes in {replay['judged']:,} replayed turns"
    said = [f"{fixed:,} fixed" if fixed else "", f"{broken:,} broken" if broken else ""]
    told = " and ".join(one for one in said if one)
    if not broken:
        told = f"{told}, nothing broken" if told else "nothing broken"
    changed_too = f", {changed:,} changed whose truth is not known" if changed else ""
    return f"in {replay['judged']:,} replayed turns {told}{changed_too}"
