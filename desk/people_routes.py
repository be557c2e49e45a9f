"""The people who get in, for admins."""

from __future__ import annotations

from pydantic import BaseModel, StrictStr

from bot.access import people
from bot.records import Role
from desk import account_shapes, shapes, views
from desk.routes import Call, Route
from desk.session_cookie import is_of_a_page


class NewPerson(BaseModel):
    email: StrictStr
    name: StrictStr
    role: Role = "agent"


class PersonChange(BaseModel):
    role: Role


class PasswordLink(BaseModel):
    """Give it to the person: it is good for one day and once. A program has none."""

    link: str | None
    user: shapes.User


class PeopleRoutes:
    """`public_url` is where links lead."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def table(self) -> list[Route]:
        return [
            Route(
                "POST",
                "/users",
                "admin",
                "Add somebody; the answer holds a link by which they choose a password",
                self.add,
                scope="person",
                body=NewPerson,
                answer=PasswordLink,
                status=201,
            ),
            Route(
                "PATCH",
                "/users/{id}",
                "admin",
                "Give somebody another role; they are signed out",
                self.change,
                scope="person",
                body=PersonChange,
            ),
            Route(
                "POST",
                "/users/{id}/unlock",
                "admin",
                "Forget how often somebody's password was wrong",
                self.unlock,
                scope="person",
            ),
            Route(
                "POST",
                "/users/{id}/password-link",
                "admin",
                "A new link by which somebody chooses a password, in the place of an earlier one",
                self.link,
                scope="person",
                answer=PasswordLink,
            ),
            Route(
                "POST",
                "/password/choose",
                "anyone",
                "Choose a password by a link",
                self.choose,
                body=account_shapes.PasswordChoice,
            ),
        ]

    async def add(self, call: Call) -> PasswordLink:
        wish: NewPerson = call.body
        user, secret = await people.add_person(
            call.services, email=wish.email, name=wish.name, role=wish.role, by=call.staff
        )
        return PasswordLink(link=self._link(secret) if secret else None, user=views.user(user))

    async def change(self, call: Call) -> None:
        await people.change_role(
            call.services, call.request.match_info["id"], call.body.role, call.staff
        )

    async def unlock(self, call: Call) -> None:
        await people.let_in(call.services, call.request.match_info["id"], call.staff)

    async def link(self, call: Call) -> PasswordLink:
        user, secret = await people.new_link(
            call.services, call.request.match_info["id"], call.staff
        )
        return PasswordLink(link=self._link(secret), user=views.user(user))

    async def choose(self, call: Call) -> None:
        is_of_a_page(call.request)
        choice: account_shapes.PasswordChoice = call.body
        await people.choose_password(call.services, choice.token, choice.password)

    def _link(self, secret: str) -> str:
        # Behind the #: no server on the way is told it, and no log.
        return f"{self._public_url}/choose-password#{secret}"
