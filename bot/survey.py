"""The survey after a chat: how satisfied its customer is, and how easy it was to get help.

Asked once for a hand-off that an agent resolved, where `handoff.yml` names the channel. The widget
shows a panel; elsewhere the questions are lines of the transcript, the second asked by the answer
to the first. An answer has no turn and opens nothing again. While the conversation stays resolved
a rating typed within a day is one; a press of a survey's button always is, though it counts only
for a week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.assistant.reply import ReplyMessage
from bot.clock import new_id
from bot.conversation import Conversation, State
from bot.live_model import Assistant
from bot.messages import Button, InboundMessage, channel_of
from bot.rating import HIGHEST, Question, payload_of, pressed_in, typed_in
from bot.records import Handoff, Message, Survey, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.transcript import add_message

# The widget's own channel: its page asks, and no line is sent.
IN_A_PANEL = "web"
PRESSED_WITHIN = timedelta(days=7)
TYPED_WITHIN = timedelta(days=1)
# Longer windows are for what a person writes.
LONGEST_WINDOW = timedelta(hours=24)
QUESTIONS: dict[Question, str] = {"csat": "utter_survey_csat", "effort": "utter_survey_effort"}
THANKS = "utter_survey_thanks"


@dataclass(frozen=True, slots=True)
class Answered:
    """The line that is the answer, and the messages that may go out now."""

    line: Message
    to_send: tuple[str, ...]


async def ask_survey(
    uow: UnitOfWork,
    services: Services,
    conversation: Conversation,
    handoff: Handoff,
    agent: User,
    *,
    at: datetime,
) -> Message | None:
    """Begin the survey of a hand-off that was just resolved, if its customer may be asked; the line
    that asks, where one does. Lock the conversation first."""
    if not await _may_be_asked(uow, services, conversation, handoff, at=at):
        return None
    survey = Survey(
        id=new_id(),
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        handoff_id=handoff.id,
        agent_id=agent.id,
        channel=conversation.channel,
        address=conversation.address,
        queue=handoff.queue,
        day=at.date(),
        csat=None,
        effort=None,
        comment=None,
        asked_at=at,
        answered_at=None,
        closed_at=None,
    )
    if channel_of(conversation.channel) == IN_A_PANEL:
        await uow.surveys.add(survey)
        return None
    words = await services.assistant.words(QUESTIONS["csat"], channel_of(conversation.channel))
    if words is None:
        return None
    await uow.surveys.add(survey)
    return await _say(uow, conversation, words, survey, "csat", at=at)


async def _may_be_asked(
    uow: UnitOfWork,
    services: Services,
    conversation: Conversation,
    handoff: Handoff,
    *,
    at: datetime,
) -> bool:
    here = (conversation.channel, conversation.address)
    if channel_of(conversation.channel) not in services.rules.survey.channels:
        return False
    if handoff.replied_at is None:
        return False  # no person wrote a word that could be rated
    if await uow.opt_outs.since(*here) is not None:
        return False
    window = services.windows.get(conversation.channel)
    if window is None:
        return True
    heard_at = await uow.messages.heard_at(conversation.customer_id, *here)
    return heard_at is not None and at < heard_at + min(window, LONGEST_WINDOW)


async def take_answer(
    uow: UnitOfWork, assistant: Assistant, inbound: InboundMessage, text: str, *, at: datetime
) -> Answered | None:
    """What came of the message if it answers a survey; None, and nothing is written, if it is a
    message like any other."""
    pressed, typed = pressed_in(inbound), typed_in(inbound)
    if pressed is not None:
        survey = await _survey_of_press(uow, inbound, pressed.survey_id)
        question, rating = pressed.question, pressed.rating
    elif typed is not None:
        survey = await _survey_waiting(uow, inbound, at=at)
        question, rating = "csat" if survey and survey.csat is None else "effort", typed
    else:
        return None
    conversation = await uow.conversations.lock(survey.conversation_id) if survey else None
    if survey is None or conversation is None:
        return None
    line, conversation = await add_message(
        uow,
        conversation,
        author="customer",
        text=f"{rating} of {HIGHEST}" if pressed else text,
        channel=inbound.channel,
        address=inbound.address,
        external_id=inbound.external_id,
        data={"event": "survey", "question": question, "rating": rating},
        at=at,
    )
    to_send = await uow.outbox.reopened(conversation.id, inbound.channel, inbound.address)
    if at < survey.asked_at + PRESSED_WITHIN:
        follow = await _rate(uow, assistant, conversation, survey, question, rating, at=at)
        to_send += (follow.id,) if follow else ()
    return Answered(line, to_send)


async def _survey_of_press(
    uow: UnitOfWork, inbound: InboundMessage, survey_id: str
) -> Survey | None:
    """The survey, if it was this customer who was asked."""
    identity = await uow.customers.identity(inbound.channel, inbound.address)
    found = await uow.surveys.get(survey_id)
    conversation = await uow.conversations.lock(found.conversation_id) if found else None
    if identity is None or conversation is None:
        return None
    if conversation.customer_id != identity.customer_id:
        return None
    # Another press may have been written while this one waited for the lock.
    return await uow.surveys.get(survey_id)


async def _survey_waiting(
    uow: UnitOfWork, inbound: InboundMessage, *, at: datetime
) -> Survey | None:
    """The survey whose question was the last that was heard at this address, as far as a bare
    number may still be the answer. Under a panel that asks, what is typed is a message."""
    conversation = await uow.conversations.lock_of_address(inbound.channel, inbound.address)
    if conversation is None or conversation.state is not State.RESOLVED:
        return None
    survey = await uow.surveys.current(conversation.id)
    if survey is None or channel_of(survey.channel) == IN_A_PANEL:
        return None
    if survey.closed_at is not None or (survey.csat is not None and survey.effort is not None):
        return None
    here = (survey.channel, survey.address) == (inbound.channel, inbound.address)
    asked_at = survey.answered_at or survey.asked_at
    return survey if here and at < asked_at + TYPED_WITHIN else None


async def _rate(
    uow: UnitOfWork,
    assistant: Assistant,
    conversation: Conversation,
    survey: Survey,
    question: Question,
    rating: int,
    *,
    at: datetime,
) -> Message | None:
    """Keep the answer, a later one in place of an earlier; what is said to it, where it is the
    first and the customer has not moved on."""
    is_first = getattr(survey, question) is None
    rated = _rated(survey, question, rating, at=at)
    is_over = rated.csat is not None and rated.effort is not None
    in_a_panel = channel_of(survey.channel) == IN_A_PANEL  # where a comment may follow
    if is_over and not in_a_panel:
        rated = replace(rated, closed_at=survey.closed_at or at)
    await uow.surveys.update(rated)
    here = (survey.channel, survey.address)
    goes_on = conversation.state is State.RESOLVED and not in_a_panel
    if not (is_first and goes_on) or await uow.opt_outs.since(*here) is not None:
        return None
    following = THANKS if is_over else QUESTIONS["effort"]
    words = await assistant.words(following, channel_of(survey.channel))
    if words is None:
        return None
    here_alone = replace(conversation, channel=survey.channel, address=survey.address)
    return await _say(uow, here_alone, words, rated, None if is_over else "effort", at=at)


def _rated(survey: Survey, question: Question, rating: int, *, at: datetime) -> Survey:
    answered = replace(survey, answered_at=survey.answered_at or at)
    if question == "csat":
        return replace(answered, csat=rating)
    return replace(answered, effort=rating)


async def _say(
    uow: UnitOfWork,
    conversation: Conversation,
    words: ReplyMessage,
    survey: Survey,
    question: Question | None,
    *,
    at: datetime,
) -> Message:
    """A line of the survey's, its buttons saying what they answer."""
    buttons = [
        Button(button.title, payload_of(survey.id, question, button.payload))
        for button in words.buttons
        if question is not None
    ]
    line, _ = await add_message(
        uow,
        conversation,
        author="system",
        text=words.text,
        buttons=buttons,
        data={"event": "survey_question" if question else "survey_thanks"},
        at=at,
    )
    return line
