"""What the newest message does to the request at hand: answers it, corrects it, or adds another."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import wording
from actions.requests.choosing import meant_by
from actions.requests.dialogue import CODE, CONFIRM, EMAIL, ORDER, POSTCODE, Dialogue, Pending
from actions.requests.heard import Heard, Wish
from actions.requests.identity import code_in, send_code, try_code, try_postcode
from actions.requests.request import Request, Wrong
from actions.requests.scene import Scene, Standing
from actions.say import Say

_ENGINES_OWN = frozenset((ORDER, POSTCODE, EMAIL, CODE, CONFIRM))
#: "It's 10432, thanks": so few other words ask for nothing else.
_FEW_WORDS = 3
_FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "it",
        "it's",
        "its",
        "is",
        "that's",
        "order",
        "number",
        "no",
        "postcode",
        "code",
        "email",
        "address",
        "thanks",
        "thank",
        "you",
        "please",
        "sorry",
        "yes",
        "ok",
        "hi",
        "for",
        "of",
        "to",
        "w",
    ]
)
RESEND = "send the code again"


async def take_in(scene: Scene, standing: Standing) -> Standing | None:
    """What the message changes; None when it is about nothing that is being asked."""
    wishes = _wishes(scene)
    current = standing.dialogue.current
    if current is None:
        return _begun(standing, wishes) if wishes else None
    if len(wishes) > 1 and all(wish.intent != current.intent for wish in wishes):
        return _begun(standing, wishes)  # who asks for two other things answers no question
    answered = await _answer(scene, standing, current)
    if answered is not None:
        return answered
    # To "Cancel order 10432?" a mere "cancel" may mean either.
    if current.awaiting not in (None, CONFIRM) and scene.heard.gives_up:
        return Standing(standing.dialogue.next(), standing.proving, (Say("utter_nothing_changed"),))
    others = [wish for wish in wishes if wish.intent != current.intent]
    if others:
        return _begun(standing, others)
    if wishes:
        again = await _correction(scene, standing, current)
        return again or _with(standing, current)
    if not _may_answer(scene, current):
        return None
    if current.awaiting in _ENGINES_OWN:
        return None
    return await _correction(scene, standing, current)


def _wishes(scene: Scene) -> list[Wish]:
    heard = scene.heard
    several = [wish for wish in heard.wishes if wish.intent in scene.requests]
    if len(several) > 1:
        return several
    if heard.intent is not None and heard.intent in scene.requests:
        return [Wish(heard.intent, heard.text, heard.entities)]
    return []


def _begun(standing: Standing, wishes: list[Wish]) -> Standing:
    """The wishes in their order; what was at hand is taken up again after them, once: whoever then
    asks for something else again wants it no more."""
    dialogue, left = standing.dialogue, standing.dialogue.current
    waiting = dialogue.waiting
    if left is not None and not left.left:
        waiting = (replace(left, left=1), *waiting)
    first, *rest = (_pending(wish) for wish in wishes)
    return replace(standing, dialogue=replace(dialogue, current=first, waiting=(*rest, *waiting)))


def _pending(wish: Wish) -> Pending:
    number = wording.order_number(list(wish.entities.get("order_number", ())))
    return Pending(wish.intent, wish.text, wish.entities, number=number)


async def _answer(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    awaiting = current.awaiting
    if awaiting is None:
        return None
    if awaiting == CONFIRM:
        return await _confirmed(scene, standing, current)
    if awaiting == ORDER:
        return await _order(scene, standing, current)
    if awaiting == POSTCODE and scene.heard.choice != RESEND:
        return await _postcode(scene, standing, current)
    if awaiting == EMAIL:
        return await _email(scene, standing, current)
    if awaiting in (CODE, POSTCODE):
        return await _code(scene, standing, current)
    return await _detail(scene, standing, current, awaiting)


async def _confirmed(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    heard = scene.heard
    if heard.says_yes:
        return _with(standing, replace(current, confirmed=True, awaiting=None))
    number = heard.order_number
    is_about = heard.is_about(current.intent) or (
        number is not None and _may_answer(scene, current, number)
    )
    corrected = None
    if is_about:
        corrected = await _correction(scene, standing, current)
    elif heard.says_no:
        request = scene.requests[current.intent]
        corrected = await _corrected_detail(scene, standing, current, request)
    if corrected is not None:
        return corrected
    # "Wait, what cards do you take?" is no no; "no, tell me where it is" is one, and more.
    others = [wish for wish in _wishes(scene) if wish.intent != current.intent]
    if not (heard.gives_up or (heard.says_no and (is_about or others))):
        return None
    dropped = Standing(standing.dialogue.next(), standing.proving, (Say("utter_nothing_changed"),))
    return _begun(dropped, others) if others and not is_about else dropped


async def _correction(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    """Something else than was known: another order, or another detail. None if nothing is."""
    heard, request = scene.heard, scene.requests[current.intent]
    number = heard.order_number
    if request.suits is not None and number and number not in (current.order, current.number):
        return _with(standing, current.reopened(number=number, order=None, details={}))
    # "No, the jumper" is one of the things in this order before it is another order.
    corrected = await _corrected_detail(scene, standing, current, request)
    if corrected is not None:
        return corrected
    if request.suits is not None:
        others = replace(current, refused=(*current.refused, current.order or ""))
        _, context = await scene.identify(standing.proving)
        other = meant_by(heard, request, others, context) if context and heard.typed else None
        if other is not None:
            return _with(standing, current.reopened(number=other.number, order=None, details={}))
    if request.suits is not None and current.order and wording.means_another(heard.text):
        refused = (*current.refused, current.order)
        again = current.reopened(order=None, number=None, details={}, refused=refused, text="")
        return _with(standing, again)
    return None


async def _corrected_detail(
    scene: Scene, standing: Standing, current: Pending, request: Request
) -> Standing | None:
    """With the first detail that the words give another value. The case holds all the answers, so
    that a part of one, such as a postcode, can be told with the rest in sight."""
    who, context = await scene.identify(standing.proving)
    case = await scene.case(standing.dialogue, current, who, context)
    known: dict[str, object] = {}
    for detail in request.details:
        before = current.details.get(detail.name)
        if before is None and not detail.optional:
            if detail.needed(case):
                break
            continue
        value = detail.read(case, scene.heard, False)
        if value is not None and not isinstance(value, Wrong) and value != before:
            # What was answered after it may no longer fit.
            lasting = {
                each.name: current.details[each.name]
                for each in request.details
                if each.lasts and each.name in current.details
            }
            known |= {**lasting, detail.name: value}
            return _with(standing, current.reopened(details=known))
        if before is not None:
            known[detail.name] = before
    return None


async def _order(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    heard, request = scene.heard, scene.requests[current.intent]
    if heard.order_number and _may_answer(scene, current, heard.order_number):
        numbered = replace(current, number=heard.order_number, awaiting=None)
        return _with(standing, _with_postcode(heard, numbered))
    if not (heard.typed and _may_answer(scene, current)):
        return None
    _, context = await scene.identify(standing.proving)
    meant = meant_by(heard, request, current, context) if context else None
    if meant is not None:
        return _with(standing, replace(current, number=meant.number, awaiting=None))
    if heard.says_no:
        return Standing(standing.dialogue.next(), standing.proving, (Say("utter_no_order_number"),))
    return None


def _with_postcode(heard: Heard, current: Pending) -> Pending:
    """With the postcode that was said along with the number, which proves it at once."""
    if heard.postcode is None:
        return current
    return replace(current, entities={**current.entities, "postcode": (heard.postcode,)})


async def _postcode(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    postcode, number = scene.heard.postcode, current.order or current.number
    other = scene.heard.order_number
    if postcode and other not in (None, number) and _may_answer(scene, current, other):
        renamed = current.reopened(number=other, order=None)
        return _with(standing, _with_postcode(scene.heard, renamed))
    if number is None or postcode is None or not _may_answer(scene, current, postcode):
        if scene.heard.order_number and _may_answer(scene, current, scene.heard.order_number):
            number = scene.heard.order_number
            return _with(standing, current.reopened(number=number, order=None))
        return None
    owner = scene.caller.owner
    proving, order = await try_postcode(scene.shop, number, postcode, owner, standing.proving)
    if order is not None:
        return Standing(_put(standing.dialogue, replace(current, awaiting=None)), proving)
    # Both are dropped, so that nothing hints which one was wrong.
    again = current if current.order else replace(current, number=None)
    says = (Say("utter_order_not_found"),)
    return Standing(_put(standing.dialogue, replace(again, awaiting=None)), proving, says)


async def _email(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    email, number = scene.heard.first("email"), scene.heard.order_number
    if email is None and number is not None and _may_answer(scene, current, number):
        return _with(standing, replace(current, number=number, awaiting=None))
    if email is None or not _may_answer(scene, current, email):
        return None
    proving = await send_code(
        scene.shop,
        scene.heard.id,
        email=email,
        customer=None,
        proving=standing.proving,
        limits=scene.policy.proof,
        now=scene.now,
    )
    return Standing(_put(standing.dialogue, replace(current, awaiting=None)), proving)


async def _code(scene: Scene, standing: Standing, current: Pending) -> Standing | None:
    if scene.heard.choice == RESEND:
        return await _resent(scene, standing, current)
    code = code_in(scene.heard.text) if scene.heard.typed else None
    if code is None:
        return None
    proving = try_code(standing.proving, code, scene.now)
    wrong = proving.wrong > standing.proving.wrong
    says = (Say("utter_code_wrong"),) if wrong else ()
    return Standing(_put(standing.dialogue, replace(current, awaiting=None)), proving, says)


async def _resent(scene: Scene, standing: Standing, current: Pending) -> Standing:
    """Another code to where the last one went; an old button sends no more than may be sent."""
    proving, limits = standing.proving, scene.policy.proof
    if proving.codes < limits.most_codes:
        who, _ = await scene.identify(proving)
        email = proving.code.email if proving.code else None
        proving = await send_code(
            scene.shop,
            scene.heard.id,
            email=email,
            customer=None if email else who.reference,
            proving=proving,
            limits=limits,
            now=scene.now,
        )
    return Standing(_put(standing.dialogue, replace(current, awaiting=None)), proving)


async def _detail(scene: Scene, standing: Standing, current: Pending, name: str) -> Standing | None:
    request = scene.requests[current.intent]
    detail = next(each for each in request.details if each.name == name)
    who, context = await scene.identify(standing.proving)
    case = await scene.case(standing.dialogue, current, who, context)
    heard = scene.heard
    held = heard.first("phone") or heard.first("email") or heard.first("postcode")
    may_answer = not heard.typed or _may_answer(scene, current, held)
    value = detail.read(case, heard, may_answer)
    if value is None:
        return None
    if isinstance(value, Wrong):
        return replace(_with(standing, current), says=(value.say,)) if may_answer else None
    known = replace(current, details={**current.details, name: value}, awaiting=None)
    return _with(standing, await _told_along(scene, standing, known, request))


async def _told_along(
    scene: Scene, standing: Standing, current: Pending, request: Request
) -> Pending:
    """With what the answer says of details that have not been asked for: "Take out the mug"."""
    if not scene.heard.typed:
        return current
    who, context = await scene.identify(standing.proving)
    for detail in request.details:
        case = await scene.case(standing.dialogue, current, who, context)
        if detail.name in current.details or not detail.needed(case):
            continue
        value = detail.read(case, scene.heard, False)
        if value is None or isinstance(value, Wrong):
            return current
        current = replace(current, details={**current.details, detail.name: value})
    return current


def _may_answer(scene: Scene, current: Pending, value: str | None = None) -> bool:
    """Whether the message asks for nothing else; a mere `value` never does, and one with few words
    around it only if they are a request of their own."""
    heard = scene.heard
    if heard.is_about(current.intent):
        return True
    if value is None:
        return False
    besides = _words_besides(heard, value)
    return not besides or (heard.intent not in scene.requests and len(besides) <= _FEW_WORDS)


def _words_besides(heard: Heard, value: str) -> list[str]:
    """The words that say something besides the value."""
    rest = heard.text.lower().replace(value.lower(), " ")
    return [word for word in re.findall(r"[\w']+", rest) if word not in _FILLERS]


def _put(dialogue: Dialogue, pending: Pending) -> Dialogue:
    return replace(dialogue, current=pending)


def _with(standing: Standing, pending: Pending) -> Standing:
    return replace(standing, dialogue=_put(standing.dialogue, pending))
