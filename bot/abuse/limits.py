"""How much one sender, one customer and a channel's newcomers may write, and why so much.

Each is a bucket: so many at once, and then so many a second. They are shared over Redis.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.messages import Limit

MINUTE, HOUR, DAY = 60, 3600, 86_400
# Where whoever writes makes up the address: a new one costs a visitor nothing.
MADE_UP = frozenset({"web", "socketio"})

# Whoever writes here waits for the answer to each message, so each has a turn of its own.
ONE_BY_ONE = frozenset({"rest"})


@dataclass(frozen=True, slots=True)
class AbuseLimits:
    """What is over a limit of the first kind is kept as a line without a turn; a newcomer who is
    over one is told to come again later, and costs no row."""

    #: Nobody types this fast for two minutes; a program that repeats itself does.
    sender: Limit = field(default=Limit(messages_a_second=1, burst=120))
    #: A long day's talk has a few hundred.
    sender_a_day: Limit = field(default=Limit(messages_a_second=2_000 / DAY, burst=2_000))
    #: All channels of one customer together: two hands, not ten.
    customer: Limit = field(default=Limit(messages_a_second=2, burst=240))
    customer_a_day: Limit = field(default=Limit(messages_a_second=4_000 / DAY, burst=4_000))
    #: The very same words: more often than a hesitant "yes" in a form, and less than a stuck key.
    same_words: Limit = field(default=Limit(messages_a_second=1 / 15, burst=10))
    #: An album of holiday pictures goes through; each picture is a download for an agent.
    attachments: Limit = field(default=Limit(messages_a_second=1 / MINUTE, burst=30))
    #: Newcomers whose turns are taken at once. The others' wait for a sweep, which takes sixteen in
    #: half a second, so that who is in conversation already is not behind all of them.
    newcomers_at_once: Limit = field(default=Limit(messages_a_second=4, burst=20))
    #: First messages on a channel where an address costs nothing: more than an advert on television
    #: brings, also where each of its customers writes five lines before the first is stored.
    newcomers: Limit = field(default=Limit(messages_a_second=10, burst=2_000))
    #: New conversations on any channel: the rows of an hour are bounded, whoever sends them.
    newcomers_an_hour: Limit = field(default=Limit(messages_a_second=20_000 / HOUR, burst=20_000))
    #: What one blocked sender writes in a day is kept up to here, and only counted after it.
    blocked_kept_a_day: int = 20
    #: Turns of one conversation that wait: from so many on they are taken as one.
    folded_from: int = 8
    #: Wrong guesses at one order's postcode and the like: who knows it needs fewer.
    guesses: Limit = field(default=Limit(messages_a_second=1 / 120, burst=5))
    #: The same in a day: a town has hundreds of postcodes, and patience is cheap.
    guesses_a_day: Limit = field(default=Limit(messages_a_second=10 / DAY, burst=10))
    #: Wrong guesses of one sender at whatever order: a slip now and then, not a search.
    guesses_by_sender: Limit = field(default=Limit(messages_a_second=20 / DAY, burst=20))
    #: One-time codes to one address, whoever asks for them: nobody's inbox is to be filled.
    codes_a_day: Limit = field(default=Limit(messages_a_second=10 / DAY, burst=10))
