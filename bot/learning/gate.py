"""Whether a candidate may be promoted without anybody taking it upon themselves.

Each check says what it found, also when it passes, and when it could not be made: what cannot be
checked does not fail, or a young project could promote nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SIGNIFICANT = 0.05
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: `passed` is None when it could not be checked."""

    code: str
    passed: bool | None
    text: str


def gate(checks: Sequence[Check]) -> dict[str, Any]:
    """The verdict, as the report holds it; `reasons` are the checks that failed."""
    reasons = [
        {"code": check.code, "text": check.text} for check in checks if check.passed is False
    ]
    return {
        "passed": not reasons,
        "reasons": reasons,
        "checks": [asdict(check) for check in checks],
    }


def no_loss(code: str, what: str, tally: Mapping[str, Any] | None) -> Check:
    """Nothing significant is lost; `tally` has fixed, broken and p, of messages neither model
    learnt from."""
    if tally is None:
        return Check(code, None, f"{what}: there is no live model to compare with.")
    fixed, broken, p = int(tally["fixed"]), int(tally["broken"]), float(tally["p"])
    if not tally["asked"]:
        return Check(code, None, f"{what}: none whose truth is known.")
    said = f"{what}: {_count(fixed)} fixed, {_count(broken)} broken of {tally['asked']:,}"
    if broken > fixed and p < SIGNIFICANT:
        return Check(code, False, f"{said}; by chance that comes {p:.1%} of the time.")
    return Check(code, True, f"{said}.")


def keeps_promises(classes: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Every risk class stays within the wrong rate that `handoff.yml` accepts, and none that was
    answered is answered no more."""
    checks = []
    for one in classes:
        name, new, old = one["name"], one["new"], one["old"]
        accepted = f"{one['accepted_wrong_rate']:.0%}"
        if new is None:
            checks.append(Check("risk_class", False, f"“{name}”: the candidate has none of it."))
        elif new["above"]:
            checks.append(
                Check(
                    "risk_class",
                    False,
                    f"“{name}”: {new['wrong']} of {new['answered']} held-out answers are wrong; "
                    f"{accepted} are accepted.",
                )
            )
        elif new["from"] is None and old is not None and old["from"] is not None:
            text = f"“{name}”: it keeps no threshold within {accepted} wrong; the live model does."
            checks.append(Check("risk_class", False, text))
        elif new["from"] is None:
            text = f"“{name}”: too little evidence to promise {accepted} wrong, so it asks."
            checks.append(Check("risk_class", None, text))
        else:
            text = (
                f"“{name}”: at most {new['bound']:.1%} of its answers are wrong; "
                f"{accepted} are accepted."
            )
            checks.append(Check("risk_class", True, text))
    return checks


def must_pass(examples: Sequence[Mapping[str, Any]]) -> Check:
    """Every must-pass example is served as it has to be."""
    if not examples:
        return Check("must_pass", None, "There are no must-pass examples.")
    wrong = [one for one in examples if not one["new_right"]]
    if not wrong:
        return Check("must_pass", True, f"All {len(examples)} must-pass examples are right.")
    listed = ", ".join(f"“{one['text'][:60]}” ({one['intent']})" for one in wrong[:SHOWN])
    more = f", and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    text = f"{len(wrong)} of {len(examples)} must-pass examples are wrong: {listed}{more}."
    return Check("must_pass", False, text)


def stories(failed: Sequence[str] | None, problem: str | None = None) -> Check:
    """Every test story holds; None: the project has none, or there is a `problem` with them."""
    if problem is not None:
        return Check("stories", False, f"The test stories could not be run: {problem}")
    if failed is None:
        return Check("stories", None, "The project has no test stories (tests/stories).")
    if failed:
        listed = ", ".join(f"“{name}”" for name in failed[:SHOWN])
        return Check("stories", False, f"{len(failed)} test stories fail: {listed}.")
    return Check("stories", True, "Every test story holds.")


def _count(number: int) -> str:
    return f"{number:,}" if number else "none"
