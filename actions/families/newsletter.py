"""The newsletter: wanted, no longer wanted, or asked about."""

from __future__ import annotations

from typing import Any

from actions import contact
from actions.context.changes import Change
from actions.requests.heard import Heard
from actions.requests.request import Answer, Case, Detail, Level, Outcome, Proposal, Request
from actions.say import PERSON, Button, Say, choice
from actions.wording import any_of, meant

#: What words may mean, in the order in which they tell: "unsubscribe" also subscribes.
_MEANT = {
    "another's": any_of(
        r"my (?:\w+ )?(?:mother|father|mum|mom|dad|son|daughter|sister|brother)(?:'?s)?",
        "my (?:wife|husband|partner|friend|boss)(?:'?s)?",
        "(?:different|another|other) (?:e-?mail|address)",
    ),
    "facts": any_of(
        *(
            "how often",
            "what(?:'?s| is) in",
            "without (?:an )?account",
            "once a",
            "fewer",
            "to spam",
        ),
        *("(?:know|hear) more about", "only (?:want|get|mails?)"),
    ),
    "state": any_of(
        *(
            "am i",
            "i'?m (?:still )?(?:signed|subscribed|on)",
            "(?:did|has) my",
            "check",
            "used to get",
        ),
        *("see (?:if|my)", "stopped (?:coming|arriving)", "do(?:es)?(?:n'?t| not) (?:come|arrive)"),
    ),
    "off": any_of(
        *(
            r"un-?sub\w*",
            r"stop\w*",
            "off",
            "out",
            "no more",
            "no longer",
            "quit",
            r"cancel\w*",
            "end",
        ),
        *(
            "do(?:n'?t| not) (?:want|like|send|need)",
            "remove",
            "withdraw",
            "enough",
            r"bor(?:es|ing|ed)",
        ),
        *(
            "get rid",
            "never (?:signed|asked|wanted)",
            "delete",
            "leave",
            "full of",
            "(?:too|2) many",
        ),
        r"spam\w*",
    ),
    "on": any_of(
        *(
            r"(?:re)?subscri\w*",
            "sub me",
            "sign(?:ing)? (?:me )?up",
            "on",
            "put (?:me|my)",
            "add me",
        ),
        *(
            "receive",
            "get",
            "want",
            "like",
            "love",
            "join",
            "opt in",
            "keep me",
            "kept",
            r"enrol\w*",
        ),
        *("register", "start", "send me"),
    ),
}
_CHOICES = {"on": "Send it to me", "off": "Stop it"}


def _read_wish(case: Case, heard: Heard, asked: bool) -> Any:
    if not heard.typed:
        return heard.choice if heard.choice in _CHOICES else None
    return meant(heard.words_about(case.intent, asked), _MEANT)


def _ask_wish(case: Case) -> Say:
    return Say("utter_ask_newsletter", buttons=_buttons(case, *_CHOICES))


def _needs(case: Case) -> Level:
    return Level.KNOWN if case.details.get("wish") in ("on", "off", "state") else Level.ANYONE


async def _subscribe(case: Case) -> Outcome:
    wish = case.details["wish"]
    if wish == "facts":
        return Answer((Say("utter_about_the_newsletter", buttons=_buttons(case, *_CHOICES)),))
    if wish == "another's":
        return Answer((Say("utter_newsletter_of_another", buttons=(PERSON,)),))
    customer = case.known().customer
    values = {"email": contact.email_hint(customer.email)}
    if wish == "state" or customer.newsletter == (wish == "on"):
        state, other = ("on", "off") if customer.newsletter else ("off", "on")
        buttons = (*_buttons(case, other), PERSON)
        return Answer((Say(f"utter_newsletter_is_{state}", values, buttons),))
    return Proposal(
        Change("set_newsletter", {"customer": customer.reference, "on": wish == "on"}),
        Say(f"utter_confirm_newsletter_{wish}", values),
        Say(f"utter_done_newsletter_{wish}", values),
    )


def _buttons(case: Case, *wishes: str) -> tuple[Button, ...]:
    return tuple(choice(_CHOICES[wish], case.intent, wish) for wish in wishes)


REQUESTS = (
    Request(
        "newsletter_subscription",
        "the newsletter",
        _needs,
        _subscribe,
        details=(Detail("wish", _ask_wish, _read_wish),),
    ),
)
