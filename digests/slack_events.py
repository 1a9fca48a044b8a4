"""What people do in Slack, as it comes over Socket Mode: payloads read with pydantic and turned into events at once.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,40}$")]
_Ts = Annotated[str, StringConstraints(pattern=r"^\d{1,11}\.\d{1,6}$")]
_Text = Annotated[str, StringConstraints(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed or an option chosen, under the message ``ts`` of ``channel``.

    ``action`` is an entry of Slack's ``actions``, ``at`` the time in microseconds since 1970, ``answer_to`` the address
    that takes an answer which the person alone sees, ``thread`` the head of the message's thread or "".
    """

    user: str
    channel: str
    ts: str
    at: int
    action: Mapping[str, Any]
    answer_to: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction was put under a message, or taken away."""

    user: str
    channel: str
    ts: str
    at: int
    reaction: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """``/nightdesk`` was typed with a text."""

    user: str
    text: str
    answer_to: str


Event = Pressed | Reacted | Typed
M = TypeVar("M", bound=BaseModel)


def event_of(kind: str, payload: Mapping[str, Any]) -> Event | None:
    """Return what an envelope's payload tells of, or None where it is nothing that nightdesk hears.

    Raises ValueError when it is not in the form that Slack documents.
    """
    if kind == "interactive" and payload.get("type") == "block_actions":
        return _read(_BlockActions, payload).event()
    if kind == "events_api":
        told = _read(_EventCallback, payload).event
        return _read(_Reaction, told).event() if told.get("type") in ("reaction_added", "reaction_removed") else None
    if kind == "slash_commands":
        return _read(_Command, payload).event()
    return None


def _read(model: type[M], payload: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}") from error


def _microseconds(ts: str) -> int:
    return int(Decimal(ts) * 1_000_000)


def _is_web(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("no address")
    return url


_Url = Annotated[str, AfterValidator(_is_web)]


class _User(BaseModel):
    id: _Id


class _Container(BaseModel):
    channel_id: _Id
    message_ts: _Ts
    thread_ts: _Ts | None = None


class _Message(BaseModel):
    thread_ts: _Ts | None = None


class _BlockActions(BaseModel):
    user: _User
    container: _Container
    actions: Annotated[list[dict[str, Any]], Field(min_length=1)]
    response_url: _Url
    message: _Message = _Message()

    def event(self) -> Pressed:
        action = self.actions[0]
        at = _read(_Action, action).action_ts
        thread = self.container.thread_ts or self.message.thread_ts or ""
        where = (self.container.channel_id, self.container.message_ts)
        return Pressed(self.user.id, *where, _microseconds(at), action, self.response_url, thread)


class _Action(BaseModel):
    action_ts: _Ts


class _EventCallback(BaseModel):
    event: dict[str, Any] = {}


class _Place(BaseModel):
    channel: _Id
    ts: _Ts


class _Reaction(BaseModel):
    type: Literal["reaction_added", "reaction_removed"]
    user: _Id
    reaction: _Text
    item: dict[str, Any]
    event_ts: _Ts

    def event(self) -> Reacted | None:
        if self.item.get("type") != "message":
            return None
        where, is_added = _read(_Place, self.item), self.type == "reaction_added"
        at = _microseconds(self.event_ts)
        return Reacted(self.user, where.channel, where.ts, at, self.reaction, is_added)


class _Command(BaseModel):
    user_id: _Id
    text: _Text = ""
    response_url: _Url

    def event(self) -> Typed:
        return Typed(self.user_id, self.text, self.response_url)
