"""Random histories of one delivery: lost answers, refusals, limits, ``kill -9`` and restarts, over a loopback Slack.

A worker is a process of its own, forked from one that has imported everything, so that a restart costs milliseconds.
"""

import multiprocessing
import random
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from core.errors import NightdeskError
from digests.sinks import InDoubt
from nightdesk.delivering import Patience, deliver
from tests.nightdesk.posts import NIGHTS, letter, round_of, workspace_sink
from tests.servers.slack import LOST, REFUSED, Fault, Slack, Workspace, by_chance

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.nightdesk.histories", "slack_sdk", "slack_sdk.errors"])
_SHARE = 0.15
_MOST_KILLS = 4
_MOST_RUNS = 12
POSTS = 4


@dataclass(frozen=True)
class Errand:
    """What a worker is sent to do; ``scale`` is how long its seconds last."""

    base_url: str
    folder: Path
    readers: tuple[str, ...]
    in_doubt: InDoubt = "look"
    scale: float = 0.01


def start(errand: Errand) -> BaseProcess:
    """Start a worker."""
    process = _FORKS.Process(target=_work, args=(errand,))
    process.start()
    return process


def _work(errand: Errand) -> None:
    sink = workspace_sink(errand.base_url)
    sink.in_doubt = errand.in_doubt
    with ThreadPoolExecutor(len(errand.readers)) as pool:
        patience = Patience(scale=errand.scale)
        rounds = round_of(errand.folder, {"slack": sink}, patience=patience, fan_out=pool.map)
        try:
            rows = deliver(rounds, [letter(reader, POSTS) for reader in errand.readers], NIGHTS)
        except NightdeskError as error:
            sys.exit(str(error))
    rounds.store.close()
    sys.exit(0 if all(row.state in ("sent", "unknown") for row in rows) else 1)


@dataclass
class History:
    """One history and what came of it: posts that were lost, told twice, or out of order or thread."""

    seed: int
    slack: Slack
    folder: Path
    in_doubt: InDoubt = "look"
    delay: float = 0.0
    scale: float = 0.01
    kills: int = 0
    runs: int = 0
    faults: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)


def live(history: History) -> History:
    """Live through a history until everything is delivered, and return it with what came of it."""
    chance = random.Random(history.seed)
    readers = _inhabit(history.slack)
    errand = Errand(history.slack.base_url, history.folder, tuple(readers), history.in_doubt, history.scale)
    kills = chance.randint(1, _MOST_KILLS)
    while True:
        process = start(errand)
        fate = _Fate(chance, process if kills else None, history.delay)
        history.slack.faults = fate
        process.join()
        history.slack.settle()
        history.runs, history.kills = history.runs + 1, history.kills + (process.exitcode == -9)
        kills = max(kills - 1, 0)
        if process.exitcode == 0 or history.runs == _MOST_RUNS:
            break
    history.faults = sum(call.fault is not None for call in history.slack.calls)
    _judge(history, readers)
    return history


def _inhabit(slack: Slack) -> dict[str, str]:
    """Fill a workspace with three channels and two people; return the conversation of each reader."""
    slack.workspace, slack.faults = Workspace(second=0.01), None
    slack.calls.clear()
    workspace = slack.workspace
    channels = [workspace.add_channel(name) for name in ("agents", "models", "reading")]
    ana, bo = workspace.add_member("ana"), workspace.add_member("bo", "bo@team.example")
    people = {ana.id: workspace.direct(ana.id).id, bo.email: workspace.direct(bo.id).id}
    return {f"#{channel.name}": channel.id for channel in channels} | people


class _Fate:
    """Decides on each call: most go well, some fail, and at one of them the process is killed."""

    def __init__(self, chance: random.Random, process: BaseProcess | None, delay: float) -> None:
        self._chance, self._process = chance, process
        self._fault = by_chance(chance, _SHARE, delay)
        self._left = chance.randint(1, 30)

    def __call__(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        self._left -= 1
        if self._left or self._process is None:
            return self._fault(method, arguments)
        self._process.kill()
        return self._chance.choice((LOST, REFUSED, None))


def _judge(history: History, readers: Mapping[str, str]) -> None:
    for reader, channel in readers.items():
        messages = history.slack.messages(channel)
        meant = [post.text for post in letter(reader, POSTS).posts]
        there = [message["text"] for message in messages]
        history.lost += [text for text in meant if text not in there]
        history.twice += [text for text, times in Counter(there).items() if times > 1]
        head = next((message["ts"] for message in messages if message["text"] == meant[0]), None)
        strayed = [one["text"] for one in messages if one["ts"] != head and one.get("thread_ts") != head]
        first_seen = list(dict.fromkeys(there))
        in_order = first_seen == [text for text in meant if text in there]
        history.disordered += strayed or ([] if in_order else [reader])
