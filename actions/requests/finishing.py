"""Doing what a request came to: its answer, the change that was agreed to, or a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.context.changes import Change, Changed
from actions.context.reading import forget
from actions.documents import url_of
from actions.effects import once
from actions.requests.dialogue import Dialogue, Made, Pending
from actions.requests.identity import Who
from actions.requests.request import Answer, Prepared, Proposal, Referral, Unproven
from actions.requests.scene import Scene, Standing
from actions.say import PERSON, Button, Say, choice, said


@dataclass(frozen=True, slots=True)
class Finished:
    """What is said, where the talk stands after it, and what a person is asked for, if one is."""

    standing: Standing
    says: tuple[Say, ...]
    handoff: Mapping[str, Any] | None = None
    order: str | None = None


async def finish(scene: Scene, standing: Standing, tracker: Tracker) -> Finished:
    """Finish the request at hand; the next of those that wait is at hand then."""
    current = standing.dialogue.current
    if current is None:
        return Finished(standing, ())
    if current.trouble is not None:
        return _troubled(scene, standing, current)
    who, context = await scene.identify(standing.proving)
    request = scene.requests[current.intent]
    if current.confirmed and current.confirming is not None:
        return await _change(scene, standing, current, current.confirming, who, tracker)
    case = await scene.case(standing.dialogue, current, who, context)
    outcome = await request.plan(case)
    after = replace(standing, dialogue=standing.dialogue.next(), says=())
    if isinstance(outcome, Answer):
        return Finished(after, outcome.say, order=current.order)
    if isinstance(outcome, Unproven):
        raise LookupError(f"{current.intent} finished before who asks was known well enough")
    referral = outcome if isinstance(outcome, Referral) else _not_offered(outcome)
    return Finished(after, referral.say, _handoff(scene, standing, referral), current.order)


async def _change(
    scene: Scene,
    standing: Standing,
    current: Pending,
    confirming: Mapping[str, Any],
    who: Who,
    tracker: Tracker,
) -> Finished:
    """Make the change that was agreed to, once, however often this turn is taken."""
    change = Change(**confirming["change"])
    by = {"customer": who.reference, "verification": who.level.name.lower(), "how": who.how}

    async def make(key: str) -> dict[str, Any]:
        return {**asdict(await scene.shop.apply(key, change)), "key": key}

    result = await once(
        tracker, change.name, {"change": asdict(change), "by": by}, make, repeatable=True
    )
    key = result.pop("key")
    changed = Changed(**result)
    if who.reference is not None:
        forget(who.reference)
    dialogue = _with_the_rest(standing.dialogue, current, confirming)
    if changed.refused is not None:
        refusal = Say(
            f"utter_refused_{changed.refused}",
            {"what": scene.requests[current.intent].title},
            (PERSON,),
        )
        return Finished(replace(standing, dialogue=dialogue, says=()), (refusal,))
    done = said(confirming["done"])
    values = {**changed.after, **done.values, "reference": changed.reference or ""}
    if confirming["document"] is not None and changed.reference is not None:
        values["link"] = url_of(confirming["document"], changed.reference)
    buttons: tuple[Button, ...] = done.buttons
    if changed.undoable:
        buttons = (*buttons, choice("Undo", "undo", key))
    dialogue = dialogue.with_made(Made(key, change.name, who.reference))
    return Finished(
        replace(standing, dialogue=dialogue, says=()),
        (Say(done.response, values, buttons),),
        order=current.order,
    )


def _with_the_rest(dialogue: Dialogue, current: Pending, confirming: Mapping[str, Any]) -> Dialogue:
    """The next request at hand: what the same yes agreed to comes before all others."""
    after = dialogue.next()
    for each in reversed(confirming["also"]):
        after = after.begun(replace(current, confirming=each))
    return after


def _troubled(scene: Scene, standing: Standing, current: Pending) -> Finished:
    if current.trouble == "no_orders":
        after = replace(standing, dialogue=standing.dialogue.next(), says=())
        return Finished(after, (Say("utter_no_orders"),))
    wanted = scene.requests[current.intent].title
    if current.trouble == "shop_unavailable":
        referral = Referral(
            "shop_unavailable",
            f"The shop's system did not answer while this was wanted: {wanted}.",
            (Say("utter_shop_unavailable"),),
        )
    else:
        tries = f"{standing.proving.wrong} wrong tries, {standing.proving.codes} codes sent"
        referral = Referral(
            "verification_failed", f"Who is asking could not be verified ({tries}): {wanted}."
        )
    # After the hand-off whoever asks begins anew.
    proving = replace(standing.proving, wrong=0, codes=0, code=None)
    after = Standing(standing.dialogue.next(), proving)
    return Finished(after, referral.say, _handoff(scene, standing, referral))


def _not_offered(outcome: Proposal) -> Referral:
    """The shop's systems cannot make the change through us: a person makes it in the shop's own."""
    title = outcome.change.name.replace("_", " ").capitalize()
    told = ", ".join(f"{name} {value}" for name, value in outcome.change.arguments.items())
    return Referral("needs_approval", f"To be made in the shop's own system: {title} ({told}).")


def _handoff(scene: Scene, standing: Standing, referral: Referral) -> dict[str, Any]:
    """What the slot `handoff_request` holds: why, and what an agent can approve."""
    others = [scene.requests[each.intent].title for each in standing.dialogue.waiting]
    also = f" Also wanted: {', '.join(others)}." if others else ""
    return {
        "reason": referral.reason,
        "evidence": f"{referral.evidence}{also}",
        "prepared": [_prepared(each) for each in referral.prepared],
    }


def _prepared(prepared: Prepared) -> dict[str, Any]:
    change = prepared.change
    return {
        "title": prepared.title,
        "why": prepared.why,
        "name": change.name,
        "arguments": dict(change.arguments),
    }
