"""What is to be asked next so that the request at hand can be done, or that nothing is."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import wording
from actions.context.model import CustomerContext
from actions.requests.choosing import ask_which, meant_by, worth_offering
from actions.requests.dialogue import CODE, CONFIRM, EMAIL, ORDER, POSTCODE, Pending, Proof
from actions.requests.heard import Heard
from actions.requests.hearing import RESEND
from actions.requests.identity import Who, send_code, try_postcode
from actions.requests.request import Case, Level, Proposal, Request, Unproven, Wrong
from actions.requests.scene import Scene, Standing
from actions.say import NO, PERSON, YES, Say, choice


async def proceed(scene: Scene, standing: Standing) -> Standing:
    """The standing with the next question, or with none: then the request is to be finished."""
    while True:
        current = standing.dialogue.current
        if current is None or current.trouble:
            return standing
        if current.confirmed:
            who, _ = await scene.identify(standing.proving)
            if _may_still(current, who):
                return standing
            # Signed out, or somebody else by now: it is planned anew, for whoever this is.
            current = current.reopened()
        if standing.proving.wrong >= scene.policy.proof.most_wrong:
            return _now(standing, replace(current, trouble="unverified"))
        request = scene.requests[current.intent]
        who, context = await scene.identify(standing.proving)
        after: Standing | None = None
        if request.suits is not None and (current.order is None or context is None):
            after = await _order(scene, standing, request, current, context)
        if after is None:
            return await _details(scene, standing, request, current, who, context)
        asked = after.dialogue.current
        # A question that was open before may have been answered without being asked again.
        if asked is not None and asked.awaiting and asked.question is not current.question:
            return after
        standing = after


async def _order(
    scene: Scene,
    standing: Standing,
    request: Request,
    current: Pending,
    context: CustomerContext | None,
) -> Standing | None:
    """The standing with the order, or with the question for it; None if it goes without one."""
    number = current.number
    if scene.vouched and number in (None, scene.vouched):
        order = await scene.shop.order(scene.vouched)
        mine = order is not None and scene.caller.owner in (None, order.customer_reference)
        if order is not None and mine:
            proof = Proof(order.customer_reference, "agent")
            known = replace(current, number=order.number, order=order.number, awaiting=None)
            return replace(_now(standing, known), proving=replace(standing.proving, proof=proof))
    if context is None:
        if not request.needs_order and (number is None or request.level is Level.ANYONE):
            return None
        return await _guests_order(scene, standing, request, current)
    if number is not None:
        if context.order(number) is not None:
            return _now(standing, replace(current, order=number))
        proving = replace(standing.proving, wrong=standing.proving.wrong + 1)
        says = (*standing.says, Say("utter_order_not_found"))
        unnamed = replace(current, number=None, text="")
        standing = replace(_now(standing, unnamed), proving=proving, says=says)
        is_over = proving.wrong >= scene.policy.proof.most_wrong
        if is_over or not (request.needs_order and context.orders):
            return standing
        # The only one left is not what was asked for.
        return _now(standing, unnamed.asking(ORDER, ask_which(request, unnamed, context)))
    chosen = _meant(scene, request, current, context)
    if chosen is not None:
        return _now(standing, replace(current, order=chosen))
    if not request.needs_order:
        return None
    if not context.orders:
        return _now(standing, replace(current, trouble="no_orders"))
    return _ask(standing, request, current, ORDER, ask_which(request, current, context))


def _meant(
    scene: Scene, request: Request, current: Pending, context: CustomerContext
) -> str | None:
    """The order that the request's own words mean, or that it can only be meant for."""
    named = meant_by(_own_words(scene, current), request, current, context)
    if named is not None:
        return named.number
    talked_about = context.order(scene.talked_about) if scene.talked_about else None
    another = wording.means_another(current.text)
    offered = worth_offering(request, current, context)
    if another and talked_about in offered and len(offered) > 1:
        offered.remove(talked_about)
    if talked_about in offered and not another and talked_about is not None:
        return talked_about.number
    return offered[0].number if len(offered) == 1 and request.needs_order else None


async def _guests_order(
    scene: Scene, standing: Standing, request: Request, current: Pending
) -> Standing:
    recalled = scene.said_postcode if scene.heard.postcode is None else None
    if current.number is None and scene.talked_about and recalled:
        # Both were said before, as to an agent: who was asked already is not asked again.
        proving, order = await try_postcode(
            scene.shop, scene.talked_about, recalled, None, standing.proving
        )
        standing = replace(standing, proving=proving)
        if order is not None and not wording.means_another(current.text):
            return _now(standing, replace(current, number=order.number))
    if current.number is None:
        return _ask(standing, request, current, ORDER, Say("utter_ask_order_number"))
    postcode = wording.postcode(list(current.entities.get("postcode", ())))
    if postcode and not any(detail.name == "address" for detail in request.details):
        # Given with the number and wrong, it must not be tried with the next one.
        tried = replace(current, entities={})
        proving, order = await try_postcode(
            scene.shop, current.number, postcode, None, standing.proving
        )
        if order is not None:
            return replace(_now(standing, tried), proving=proving)
        says = (*standing.says, Say("utter_order_not_found"))
        return replace(_now(standing, replace(tried, number=None)), proving=proving, says=says)
    return _now(standing, current.asking(POSTCODE, Say("utter_ask_postcode")))


async def _proof(
    scene: Scene,
    standing: Standing,
    request: Request,
    current: Pending,
    who: Who,
    needed: Level,
) -> Standing:
    """The question whose answer makes whoever asks as surely known as is needed."""
    proving, limits = standing.proving, scene.policy.proof
    if who.reference is None and current.order is None and current.number is not None:
        return _now(standing, current.asking(POSTCODE, Say("utter_ask_postcode")))
    resend = choice("Send me a code", current.intent, RESEND)
    by_order = needed <= Level.VERIFIED and current.order is not None
    if proving.code is None and by_order:
        question = Say("utter_ask_postcode_of_order", {"number": current.order}, (resend,))
        return _now(standing, current.asking(POSTCODE, question))
    if proving.code is None or proving.code.is_over(scene.now):
        if proving.codes >= limits.most_codes:
            return _now(standing, replace(current, trouble="unverified"))
        if who.reference is None:
            # An order's number leads to a proof of the order, which would not do.
            enough = needed <= Level.VERIFIED
            ask = "utter_ask_email" if enough else "utter_ask_email_of_owner"
            return _ask(standing, request, current, EMAIL, Say(ask))
        proving = await send_code(
            scene.shop,
            scene.heard.id,
            email=None,
            customer=who.reference,
            proving=proving,
            limits=limits,
            now=scene.now,
        )
    again = (choice("Send it again", current.intent, RESEND), PERSON)
    buttons = again if proving.codes < limits.most_codes else (PERSON,)
    # A guest named an address that may be nobody's; that of an account is on file.
    guest = proving.code is not None and proving.code.email is not None
    ask = "utter_ask_code" if guest else "utter_ask_code_on_file"
    question = Say(ask, {"minutes": limits.code_minutes}, buttons)
    return replace(_now(standing, current.asking(CODE, question)), proving=proving)


async def _details(
    scene: Scene,
    standing: Standing,
    request: Request,
    current: Pending,
    who: Who,
    context: CustomerContext | None,
) -> Standing:
    """The standing with what the request's own words say of the details, as far as may be asked
    for, and the question for the first that is missing."""
    said = _own_words(scene, current)
    for detail in request.details:
        case = await scene.case(standing.dialogue, current, who, context)
        if who.level < request.needs(case):
            break
        if detail.name in current.details or not detail.needed(case):
            continue
        value = detail.read(case, said, False)
        if value is None and detail.optional:
            continue
        if isinstance(value, Wrong) and current.awaiting != detail.name:
            # Asked already, it has been told of.
            standing = replace(standing, says=(*standing.says, value.say))
        if value is None or isinstance(value, Wrong):
            return _now(standing, current.asking(detail.name, detail.ask(case)))
        current = replace(current, details={**current.details, detail.name: value})
    case = await scene.case(standing.dialogue, current, who, context)
    if who.level < request.needs(case):
        return await _proof(scene, standing, request, current, who, request.needs(case))
    return await _planned(scene, standing, request, current, case, who)


async def _planned(
    scene: Scene, standing: Standing, request: Request, current: Pending, case: Case, who: Who
) -> Standing:
    outcome = await request.plan(case)
    if isinstance(outcome, Unproven):
        if not _asked_for_proof(current):
            standing = replace(standing, says=(*standing.says, *outcome.say))
        return await _proof(scene, standing, request, current, who, outcome.level)
    current = replace(current, awaiting=None)
    if not isinstance(outcome, Proposal) or outcome.change.name not in scene.shop.offers:
        return _now(standing, current)
    confirming = _read_back(outcome, who)
    current = replace(current, confirming=confirming, confirmed=outcome.without_asking)
    if outcome.without_asking:
        return _now(standing, current)
    question = replace(outcome.ask, buttons=(*outcome.ask.buttons, YES, NO))
    return _now(standing, current.asking(CONFIRM, question))


def _asked_for_proof(current: Pending) -> bool:
    """Whether the last question was for a proof: what led to it has been said."""
    asked = str((current.question or {}).get("response"))
    return asked.startswith(("utter_ask_postcode", "utter_ask_code", "utter_ask_email"))


def _read_back(proposal: Proposal, who: Who) -> dict[str, Any]:
    """What a yes agrees to and whose yes it has to be, as the slot keeps it."""
    return {
        "change": asdict(proposal.change),
        "done": proposal.done.as_json(),
        "document": proposal.document,
        "also": [_read_back(each, who) for each in proposal.also],
        "customer": who.reference,
        "level": int(who.level),
    }


def _may_still(current: Pending, who: Who) -> bool:
    """Whether who says yes is who was asked, and still as surely known."""
    asked = current.confirming or {}
    return bool(who.reference == asked["customer"] and who.level >= asked["level"])


def _ask(
    standing: Standing, request: Request, current: Pending, awaiting: str, question: Say
) -> Standing:
    """Ask for what a general question would not need; so before the first such question the facts
    are told."""
    facts = request.facts if current.question is None else None
    says = (*standing.says, facts) if facts else standing.says
    return replace(_now(standing, current.asking(awaiting, question)), says=says)


def _own_words(scene: Scene, current: Pending) -> Heard:
    """The words the request was made with, as a message of their own."""
    typed = not current.text.startswith("/")
    return Heard(scene.heard.id, current.text, current.intent, current.entities, typed, True)


def _now(standing: Standing, pending: Pending) -> Standing:
    return replace(standing, dialogue=replace(standing.dialogue, current=pending))
