"""The methods of the Web API as functions of a workspace and the arguments; each names the scopes that it needs.

Errors are those that the reference of each method lists.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.slack.schema import MOST_CHARACTERS, characters, problems, view_problems
from tests.servers.slack.workspace import Channel, Member, Workspace

Arguments = Mapping[str, Any]
Method = Callable[[Workspace, Arguments], dict[str, Any]]
BOT = {"user_id": "U0LOOPBOT", "bot_id": "B0LOOP", "app_id": "A0LOOP", "team_id": "T0LOOP"}
_MOST_TEXT = 40_000
_MOST_METADATA = 8_000


class ApiError(Exception):
    """A refusal: its name, and what Slack says besides."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error, **more}


@dataclass(frozen=True)
class Offer:
    """A method and the scope that it needs, by the kind of conversation where ``scope`` has a place for it."""

    call: Method
    scope: str = ""


METHODS: dict[str, Offer] = {}


def _offers(name: str, scope: str = "") -> Callable[[Method], Method]:
    def keep(method: Method) -> Method:
        METHODS[name] = Offer(method, scope)
        return method

    return keep


def check_scope(workspace: Workspace, offer: Offer, arguments: Arguments) -> None:
    """Raise missing_scope as Slack does, naming what is needed and what was provided."""
    channel = workspace.channels.get(str(arguments.get("channel", "")))
    needed = offer.scope.format(channel.prefix if channel else "channels")
    if needed and needed not in workspace.scopes:
        raise ApiError("missing_scope", needed=needed, provided=",".join(workspace.scopes))


def _visible(workspace: Workspace, named: object) -> Channel:
    channel = workspace.channels.get(str(named or ""))
    if channel is None or (channel.is_private and not channel.is_member):
        raise ApiError("channel_not_found")
    return channel


def _joined(workspace: Workspace, named: object) -> Channel:
    channel = _visible(workspace, named)
    if not channel.is_member:
        raise ApiError("not_in_channel")
    return channel


def _member(workspace: Workspace, named: object) -> Member:
    member = workspace.members.get(str(named or ""))
    if member is None:
        raise ApiError("user_not_found")
    return member


@_offers("auth.test")
def _auth_test(_workspace: Workspace, _arguments: Arguments) -> dict[str, Any]:
    return {"url": "https://loopback.slack.example/", "team": "Loopback", "user": "nightdesk", **BOT}


def _addressed(workspace: Workspace, named: str) -> Channel:
    """Return where a post is to go: a channel by id or name, or a person."""
    if named in workspace.members:
        return workspace.direct(named)
    by_name = next((one.id for one in workspace.channels.values() if one.name and one.name == named.lstrip("#")), named)
    channel = _visible(workspace, by_name)
    if channel.is_archived:
        raise ApiError("is_archived")
    return _joined(workspace, channel.id)


@_offers("chat.postMessage", "chat:write")
def _post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _addressed(workspace, str(arguments.get("channel", "")))
    _check_message(arguments)
    message = _message(arguments) | {"ts": workspace.new_ts()}
    thread = arguments.get("thread_ts")
    if thread is not None:
        _reply(channel, message, str(thread))
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def _message(arguments: Arguments) -> dict[str, Any]:
    told = {"type": "message", "user": BOT["user_id"], "bot_id": BOT["bot_id"], "app_id": BOT["app_id"]}
    told["text"] = str(arguments.get("text") or "")[:_MOST_TEXT]
    kept = {name: arguments[name] for name in ("blocks", "metadata") if arguments.get(name)}
    links = {"unfurls": arguments.get("unfurl_links", True) or arguments.get("unfurl_media", True)}
    return {**told, **kept, **links}


def _reply(channel: Channel, message: dict[str, Any], thread: str) -> None:
    parent = next((told for told in channel.messages if told["ts"] == thread), None)
    if parent is None:
        raise ApiError("thread_not_found")
    message["thread_ts"] = parent.get("thread_ts", thread)
    parent["thread_ts"] = parent.get("thread_ts", thread)
    parent["reply_count"] = parent.get("reply_count", 0) + 1


def _check_message(arguments: Arguments) -> None:
    blocks = arguments.get("blocks")
    if not blocks and not arguments.get("text"):
        raise ApiError("no_text")
    if blocks:
        if told := problems(blocks):
            raise ApiError("invalid_blocks", errors=told, response_metadata={"messages": told})
        if characters(blocks) > MOST_CHARACTERS:
            raise ApiError("msg_blocks_too_long")
    if (metadata := arguments.get("metadata")) is not None:
        _check_metadata(metadata)


def _check_metadata(metadata: object) -> None:
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", event_type):
        raise ApiError("invalid_metadata_schema")
    if not isinstance(payload, dict) or set(metadata) - {"event_type", "event_payload"}:
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(payload)) > _MOST_METADATA:
        raise ApiError("metadata_too_large")


@_offers("chat.update", "chat:write")
def _update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _joined(workspace, arguments.get("channel"))
    message = workspace.find(channel.id, str(arguments.get("ts")))
    if message is None:
        raise ApiError("message_not_found")
    if message.get("bot_id") != BOT["bot_id"]:
        raise ApiError("cant_update_message")
    _check_message(arguments)
    message.update({name: arguments[name] for name in ("text", "blocks", "metadata") if arguments.get(name)})
    message["edited"] = {"user": BOT["user_id"], "ts": workspace.new_ts()}
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


@_offers("chat.postEphemeral", "chat:write")
def _post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _joined(workspace, arguments.get("channel"))
    if str(arguments.get("user", "")) not in workspace.members:
        raise ApiError("user_not_in_channel")
    _check_message(arguments)
    ts = workspace.new_ts()
    workspace.ephemerals.append({**arguments, "channel": channel.id, "message_ts": ts})
    return {"message_ts": ts}


def _paged(told: list[dict[str, Any]], arguments: Arguments) -> dict[str, Any]:
    limit = min(int(arguments.get("limit", 100)), 999)
    cursor = str(arguments.get("cursor") or "0")
    if not cursor.isdigit():
        raise ApiError("invalid_cursor")
    start = int(cursor)
    more = len(told) > start + limit
    shown = [_shown(message, arguments) for message in told[start : start + limit]]
    next_cursor = str(start + limit) if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": next_cursor}}


def _shown(message: dict[str, Any], arguments: Arguments) -> dict[str, Any]:
    if str(arguments.get("include_all_metadata", "")).lower() in ("1", "true") or "metadata" not in message:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}


def _within(message: dict[str, Any], arguments: Arguments) -> bool:
    ts, oldest, latest = (float(one or 0) for one in (message["ts"], arguments.get("oldest"), arguments.get("latest")))
    return ts > oldest and (not latest or ts < latest)


@_offers("conversations.history", "{}:history")
def _history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _joined(workspace, arguments.get("channel"))
    told = [one for one in channel.messages if one.get("thread_ts", one["ts"]) == one["ts"]]
    return _paged([one for one in reversed(told) if _within(one, arguments)], arguments)


@_offers("conversations.replies", "{}:history")
def _replies(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel, thread = _joined(workspace, arguments.get("channel")), str(arguments.get("ts"))
    if workspace.find(channel.id, thread) is None:
        raise ApiError("thread_not_found")
    told = [one for one in channel.messages if thread in (one["ts"], one.get("thread_ts"))]
    return _paged([one for one in told if one["ts"] == thread or _within(one, arguments)], arguments)


def _channel_json(channel: Channel) -> dict[str, Any]:
    if channel.user:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_archived": channel.is_archived}
    plain = {"is_channel": not channel.is_private, "is_group": channel.is_private, "is_im": False}
    names = ("id", "name", "is_private", "is_member", "is_archived", "previous_names")
    return {**plain, **{name: getattr(channel, name) for name in names}}


@_offers("conversations.info", "{}:read")
def _info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    return {"channel": _channel_json(_visible(workspace, arguments.get("channel")))}


@_offers("conversations.list", "channels:read")
def _list(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    types = str(arguments.get("types", "public_channel")).split(",")
    kinds = {"channels": "public_channel", "groups": "private_channel", "im": "im"}
    without_archived = str(arguments.get("exclude_archived", "")).lower() in ("1", "true")
    told = [
        one
        for one in workspace.channels.values()
        if kinds[one.prefix] in types
        and not (one.is_private and not one.is_member)
        and not (without_archived and one.is_archived)
    ]
    page = _paged([_channel_json(one) for one in told], arguments)
    return {"channels": page["messages"], "response_metadata": page["response_metadata"]}


@_offers("conversations.open", "im:write")
def _open(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    users = [user for user in str(arguments.get("users", "")).split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    member = _member(workspace, users[0])
    if member.deleted:
        raise ApiError("user_disabled")
    return {"channel": {"id": workspace.direct(member.id).id}}


def _member_json(member: Member) -> dict[str, Any]:
    profile = {"real_name": member.name, "display_name": member.name, "email": member.email}
    return {"id": member.id, "name": member.name, "deleted": member.deleted, "tz": member.tz, "profile": profile}


@_offers("users.info", "users:read")
def _user_info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    return {"user": _member_json(_member(workspace, arguments.get("user")))}


@_offers("users.lookupByEmail", "users:read.email")
def _by_email(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    found = next((one for one in workspace.members.values() if one.email == arguments.get("email")), None)
    if found is None or found.deleted:
        raise ApiError("users_not_found")
    return {"user": _member_json(found)}


def _reacted(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    channel = _joined(workspace, arguments.get("channel"))
    message = workspace.find(channel.id, str(arguments.get("timestamp")))
    if message is None:
        raise ApiError("message_not_found")
    return message


@_offers("reactions.add", "reactions:write")
def _add_reaction(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    message, name = _reacted(workspace, arguments), str(arguments.get("name", ""))
    reactions = message.setdefault("reactions", [])
    if any(one["name"] == name and BOT["user_id"] in one["users"] for one in reactions):
        raise ApiError("already_reacted")
    reactions.append({"name": name, "users": [BOT["user_id"]], "count": 1})
    return {}


@_offers("reactions.remove", "reactions:write")
def _remove_reaction(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    message, name = _reacted(workspace, arguments), str(arguments.get("name", ""))
    kept = [one for one in message.get("reactions", []) if one["name"] != name or BOT["user_id"] not in one["users"]]
    if len(kept) == len(message.get("reactions", [])):
        raise ApiError("no_reaction")
    message["reactions"] = kept
    return {}


@_offers("reactions.get", "reactions:read")
def _get_reactions(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    return {"type": "message", "message": _reacted(workspace, arguments)}


@_offers("views.open")
def _open_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    view = arguments.get("view")
    if told := view_problems(view):
        raise ApiError("invalid_arguments", response_metadata={"messages": told})
    trigger = str(arguments.get("trigger_id", ""))
    if trigger not in workspace.triggers:
        raise ApiError("invalid_trigger_id")
    workspace.triggers.remove(trigger)
    opened = {"id": f"V{len(workspace.views):04}", "team_id": BOT["team_id"], **dict(view or {})}
    workspace.views.append(opened)
    return {"view": opened}
