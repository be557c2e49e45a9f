"""What an agent writes: a reply to the customer, or a note for colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from bot import metrics
from bot.auditing import audit
from bot.clock import now
from bot.files import attached, unsent_files
from bot.mentions import mentioned_in
from bot.ownership import lock_conversation, publish, require_owner
from bot.readable import described
from bot.records import File, Message, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.suggesting.suggestions import note_sent
from bot.text import clean, clean_or_empty
from bot.transcript import add_message

SHOWS_FILES = frozenset({"web"})  # on the others, a link stands for each


async def send_as_agent(
    services: Services,
    conversation_id: str,
    user: User,
    text: object,
    *,
    client_id: str | None,
    suggestion_id: str | None = None,
    files: Sequence[str] = (),
) -> Message:
    """An agent's reply to the customer; the same `client_id` again returns the same message.
    `suggestion_id` is the suggested reply that it was made of, `files` are those kept for it."""
    return await _write(
        services,
        conversation_id,
        user,
        text,
        client_id,
        private=False,
        suggestion_id=suggestion_id,
        files=files,
    )


async def add_note(
    services: Services, conversation_id: str, user: User, text: object, *, client_id: str | None
) -> Message:
    """A private line for colleagues; anybody of the staff may add one to any conversation. Those
    whose names stand in it behind an @ are pointed to it until they have looked."""
    return await _write(services, conversation_id, user, text, client_id, private=True)


async def _write(
    services: Services,
    conversation_id: str,
    user: User,
    text: object,
    client_id: str | None,
    *,
    private: bool,
    suggestion_id: str | None = None,
    files: Sequence[str] = (),
) -> Message:
    # Beside a file there may be no words.
    without_words = bool(files) and isinstance(text, str)
    cleaned = (
        clean_or_empty(str(text), field="text") if without_words else clean(text, field="text")
    )
    external_id = f"{user.id}:{client_id}" if client_id else None
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        if external_id:
            sent = await uow.messages.written_by_agent(conversation_id, external_id)
            if sent is not None:
                return sent
        if not private:
            require_owner(conversation, user)
        sent_along = await unsent_files(uow, conversation_id, user, files) if files else []
        at = now()
        asked = None if private else await uow.messages.last_of_customer(conversation_id)
        first_of = None if private else await uow.handoffs.replied(conversation_id, at=at)
        message, _ = await add_message(
            uow,
            conversation,
            author="agent",
            agent=user,
            text=_with_files(cleaned, sent_along, conversation.channel),
            attachments=[attached(file) for file in sent_along],
            external_id=external_id,
            in_reply_to=asked.id if asked else None,
            private=private,
            at=at,
        )
        await audit(
            uow,
            "note.added" if private else "message.sent",
            message.id,
            by=user.id,
            conversation_id=conversation_id,
            at=at,
            details={"files": len(sent_along)} if sent_along else None,
        )
        if sent_along:
            await uow.files.sent_with(message.id, [file.id for file in sent_along])
        if private:
            await _mention(uow, message, user)
        if suggestion_id is not None:
            await note_sent(uow, suggestion_id, message)
    if first_of is not None and first_of.due_at is not None:
        kept = "kept" if at <= first_of.due_at else "missed"
        metrics.first_replies.labels(queue=first_of.queue, promise=kept).inc()
    await publish(services, conversation_id, message, owner_changed=False)
    return message


def _with_files(text: str, files: Sequence[File], channel: str) -> str:
    """The words, and where the channel shows no files, a link to each."""
    if channel in SHOWS_FILES:
        return text or described(tuple(attached(file) for file in files))
    return "\n\n".join([*filter(None, [text]), *(f"{file.name}: {file.link}" for file in files)])


async def _mention(uow: UnitOfWork, note: Message, user: User) -> None:
    if "@" not in note.text:
        return
    others = [one for one in await uow.staff.everybody() if one.id != user.id]
    mentioned = mentioned_in(note.text, others)
    if mentioned:
        await uow.mentions.add(note, [one.id for one in mentioned])
