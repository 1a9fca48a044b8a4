"""Run the loopback Slack by hand: ``python -m tests.servers.slack --port 8095 --channel agents --person ana``.

It prints what to put into the configuration and the environment, and then every message that is posted.
"""

import argparse
import contextlib
import sys
import time

from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Slack, Workspace, loopback_slack


def _workspace(asked: argparse.Namespace) -> Workspace:
    workspace = Workspace(asked.second)
    for name in asked.channel or ["agents", "models"]:
        workspace.add_channel(name)
    for name in asked.person or ["ana"]:
        workspace.add_member(name, f"{name}@team.example")
    return workspace


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _introduce(slack: Slack) -> None:
    _say(f"[slack]\nbase_url = {slack.base_url!r}")
    _say(f"\nNIGHTDESK_SLACK_BOT_TOKEN={BOT_TOKEN}\nNIGHTDESK_SLACK_APP_TOKEN={APP_TOKEN}\n")
    for channel in slack.workspace.channels.values():
        _say(f"#{channel.name} is {channel.id}")
    for member in slack.workspace.members.values():
        _say(f"{member.name} is {member.id}, {member.email}")


def _tell_posts(slack: Slack) -> None:
    told: set[str] = set()
    while True:
        for channel in list(slack.workspace.channels.values()):
            for message in slack.messages(channel.id):
                if message["ts"] not in told:
                    told.add(message["ts"])
                    where = f"#{channel.name}" if channel.name else slack.workspace.members[channel.user].name
                    _say(f"\n[{where}]{' (reply)' * (message.get('thread_ts', message['ts']) != message['ts'])}")
                    _say(message["text"])
        time.sleep(0.2)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=8095)
    parser.add_argument("--channel", action="append", help="a channel's name; may be repeated")
    parser.add_argument("--person", action="append", help="a person's name; may be repeated")
    parser.add_argument("--second", type=float, default=1.0, help="how long a message a channel has to wait")
    asked = parser.parse_args()
    with loopback_slack(_workspace(asked), asked.port) as slack:
        _introduce(slack)
        with contextlib.suppress(KeyboardInterrupt):
            _tell_posts(slack)


if __name__ == "__main__":
    main()
