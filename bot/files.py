"""Files that agents send: what may be one, and keeping it until it is sent with a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, InvalidInput, NotFound, TooLarge
from bot.messages import Attachment
from bot.ownership import lock_conversation, require_owner
from bot.records import File, User
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.text import label

LARGEST = 5 * 1000 * 1000  # bytes; in the database, and for a moment in memory
MOST_AT_ONCE = 5
MOST_UNSENT = 50  # an agent keeps; those are forgotten after a day
LONGEST_NAME = 120
UNSENT_FOR = timedelta(days=1)
# What a file is says its beginning; what it is called, and what a browser calls it, proves nothing.
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
TEXTS = {".txt": "text/plain", ".csv": "text/csv"}


def checked_name(name: str) -> str:
    """The name on one line, without what hides or reorders; raise InvalidInput for none."""
    shown = label(name.replace("\\", "/").rpartition("/")[2])
    if not shown:
        raise InvalidInput("name", "'name' is missing: say what the file is called.")
    if len(shown) <= LONGEST_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    ending = f"{dot}{ending}"[:12] if stem else ""
    return shown[: LONGEST_NAME - len(ending)] + ending


def content_type_of(name: str, body: bytes) -> str:
    """What the file is; raise TooLarge or InvalidInput, with its name, for what cannot be sent."""
    if len(body) > LARGEST:
        raise too_large(name)
    if not body:
        raise InvalidInput("name", f"“{name}” is empty.")
    for beginning, content_type in BEGINNINGS:
        if body.startswith(beginning):
            return content_type
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    for ending, content_type in TEXTS.items():
        if name.lower().endswith(ending) and _is_text(body):
            return content_type
    raise InvalidInput(
        "name",
        f"“{name}” cannot be sent. Send a picture (PNG, JPEG, GIF, WebP), a PDF, or plain text "
        "(.txt, .csv).",
    )


def too_large(name: str) -> TooLarge:
    return TooLarge(f"“{name}” is too large. At most {LARGEST // 1_000_000} MB can be sent.")


def attached(file: File) -> Attachment:
    """The file as part of a message."""
    return Attachment(
        "image" if file.content_type.startswith("image/") else "file",
        reference=file.id,
        content_type=file.content_type,
        name=file.name,
        size=file.size,
        link=file.link,
    )


async def keep_file(
    services: Services,
    conversation_id: str,
    user: User,
    *,
    file_id: str,
    name: str,
    content_type: str,
    body: bytes,
    link: str,
) -> File:
    """Keep it for the conversation's owner, to be sent with their next message; raise Conflict
    for anybody else. What nobody sent within a day is forgotten then."""
    at = now()
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        await uow.files.sweep(before=at - UNSENT_FOR)
        file = File(
            id=file_id,
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            agent_id=user.id,
            name=name,
            content_type=content_type,
            size=len(body),
            link=link,
            created_at=at,
        )
        await uow.files.add(file, body)
        await audit(
            uow,
            "file.added",
            file.id,
            by=user.id,
            conversation_id=conversation.id,
            at=at,
            details={"size": file.size},
        )
    return file


async def check_may_add(services: Services, conversation_id: str, user: User) -> None:
    """Before a file is read: raise NotFound, Conflict or NotAllowed where it would not be kept."""
    async with services.database.read() as uow:
        conversation = await uow.conversations.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        require_owner(conversation, user)
        if await uow.files.count_unsent(user.id) >= MOST_UNSENT:
            raise Conflict(
                "You have added many files today that were not sent. Send some of them first.",
                code="too_many_files",
            )


async def unsent_files(
    uow: UnitOfWork, conversation_id: str, user: User, ids: Sequence[str]
) -> list[File]:
    """The files, in this order; raise InvalidInput for one that is not there to be sent."""
    if len(ids) > MOST_AT_ONCE:
        raise InvalidInput("files", f"At most {MOST_AT_ONCE} files can be sent at once.")
    found = {one.id: one for one in await uow.files.unsent(conversation_id, user.id, ids)}
    if set(found) != set(ids):
        raise InvalidInput("files", "A file is not there any more. Add it again.")
    return [found[one] for one in dict.fromkeys(ids)]


def _is_text(body: bytes) -> bool:
    try:
        return "\x00" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False
