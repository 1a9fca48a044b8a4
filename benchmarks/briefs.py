"""500 briefs, 64 at once, by a host that takes a second for each: ``python -m benchmarks.briefs [--stories 500]``.

The briefs are written as a night writes them - graph, check, budget and store included - by a process of its own, which
is also slowed by a storm of 429 answers, and killed and begun again. The host counts what it is asked. Baselines, in
the same run: the ideal (calls x latency / 64); the same bodies posted by 64 threads of a plain HTTP client that does
nothing with the answers; and the same by the official SDK within a LangGraph graph of three nodes that do nothing else.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock

from benchmarks.brief_desk import count_briefs, make_desk
from tests.servers.lm import Asked, Fault, Hosts, Said, open_hosts
from tests.servers.lm.reader import reads

AT_ONCE, GOAL = 64, 1.15
_WRITER = (sys.executable, "-m", "benchmarks.brief_desk")

_PLAIN = f"""
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
import httpx
url, bodies = json.load(sys.stdin)
with httpx.Client(timeout=60, limits=httpx.Limits(max_connections={AT_ONCE})) as client:
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor({AT_ONCE}) as pool:
        list(pool.map(lambda body: client.post(url, content=body).status_code, bodies))
    print(json.dumps([time.perf_counter() - started, time.process_time() - cpu]))
"""


_BARE_GRAPH = f"""
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict
import openai
from langgraph.graph import END, START, StateGraph
from lm.transport import Response, options_of
class State(TypedDict, total=False):
    body: str
    answer: Any
    checked: Any
url, bodies = json.load(sys.stdin)
client = openai.OpenAI(base_url=url.removesuffix("/chat/completions"), api_key="none", max_retries=0)
def ask(state):
    body = state["body"].encode()
    return {{"answer": client.post("/chat/completions", cast_to=Response, content=body, options=options_of(60.0)).text}}
graph = StateGraph(State)
graph.add_node("read", lambda state: {{"body": state["body"]}})
graph.add_node("ask", ask)
graph.add_node("check", lambda state: {{"checked": True}})
for one, next_one in zip((START, "read", "ask", "check"), ("read", "ask", "check", END)):
    graph.add_edge(one, next_one)
invoke = graph.compile().invoke
started, cpu = time.perf_counter(), time.process_time()
with ThreadPoolExecutor({AT_ONCE}) as pool:
    list(pool.map(lambda body: invoke({{"body": body}}), bodies))
print(json.dumps([time.perf_counter() - started, time.process_time() - cpu]))
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many briefs are written, and how many seconds an answer takes."""

    stories: int
    latency: float

    @property
    def ideal(self) -> float:
        """The seconds that the answers take, 64 at once."""
        return self.stories * self.latency / AT_ONCE


@dataclass(frozen=True, slots=True)
class Trial:
    """A desk beside its host."""

    hosts: Hosts
    config: Path
    size: Size


def main() -> None:
    """Print the figures; end with 1 where a promise is broken."""
    arguments = argparse.ArgumentParser(description="Briefs beside the ideal, in a storm, and killed.")
    arguments.add_argument("--stories", type=int, default=500)
    arguments.add_argument("--latency", type=float, default=1.0, help="seconds that an answer takes")
    size = Size(**vars(arguments.parse_args()))
    print(f"{size.stories} briefs, {AT_ONCE} at once, {size.latency:g} s an answer; ideal {size.ideal:.2f} s")
    held = [plain(size), storm(size), killed(size)]
    sys.exit(0 if all(held) else 1)


@contextmanager
def trial(size: Size, script: Callable[[Asked], Said] = reads) -> Iterator[Trial]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hosts(script, latency=size.latency) as hosts,
    ):
        yield Trial(hosts, make_desk(Path(folder), hosts.url("content"), size.stories, AT_ONCE), size)


def written(desk: Trial) -> dict[str, float]:
    done = subprocess.run([*_WRITER, str(desk.config)], check=True, stdout=subprocess.PIPE)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def plain(size: Size) -> bool:
    with trial(size) as desk:
        told = written(desk)
        calls, most = len(desk.hosts.asked), desk.hosts.most_at_once
        baseline, cpu = posted(desk, _PLAIN)
        frameworks, _ = posted(desk, _BARE_GRAPH)
    ratio = told["seconds"] / (calls * size.latency / AT_ONCE)
    print(f"brief stage: {calls} calls, {told['model']:.0f} by the model, at most {most} at once")
    print(f"  {told['seconds']:6.2f} s  {ratio:.3f} of the ideal (goal: at most {GOAL})")
    print(f"  {baseline:6.2f} s  {baseline / size.ideal:.3f} of the ideal: the same bodies by a plain client")
    print(f"  {frameworks:6.2f} s  {frameworks / size.ideal:.3f} of the ideal: the same by SDK and graph, nothing else")
    print(
        f"  {1000 * told['cpu'] / size.stories:.1f} ms CPU a brief, {told['cpu'] / cpu:.1f} times the plain client's",
        end="",
    )
    print(f" {1000 * cpu / size.stories:.1f} ms; peak memory {told['peak']:.0f} MB")
    return ratio <= GOAL and told["model"] == size.stories


def posted(desk: Trial, client: str) -> tuple[float, float]:
    """Post what was asked once more, by a client that does nothing else; return seconds, and those of the processor."""
    bodies = [asked.text for asked in desk.hosts.asked[: desk.size.stories]]
    work = json.dumps([f"{desk.hosts.url('content')}/chat/completions", bodies])
    done = subprocess.run([sys.executable, "-c", client], input=work, check=True, stdout=subprocess.PIPE, text=True)
    took, cpu = json.loads(done.stdout)
    return took, cpu


def storm(size: Size) -> bool:
    """From the 100th to the 300th request three of four are answered by 429; some ask for half a second of quiet."""
    places, lock, throttled = count(), Lock(), Counter[bool]()

    def script(asked: Asked) -> Said:
        with lock:
            place = next(places)
        is_throttled = 100 <= place < 300 and place % 4 != 0
        throttled[is_throttled] += 1
        return Fault.throttled("0.5" if place % 3 else "") if is_throttled else reads(asked)

    with trial(size, script) as desk:
        told = written(desk)
    print(f"storm of 429: {throttled[True]} refusals among {sum(throttled.values())} calls")
    ratio, lost = told["seconds"] / size.ideal, size.stories - told["model"]
    print(f"  {told['seconds']:6.2f} s  {ratio:.3f} of the ideal; {lost:.0f} lost")
    return told["model"] == size.stories


def killed(size: Size) -> bool:
    """Kill the writer when a third and two thirds have been asked for, and begin it again."""
    with trial(size) as desk:
        under_way = [_kill_at(desk, size.stories * part // 3) for part in (1, 2)]
        written(desk)
        bodies = Counter(asked.text for asked in desk.hosts.asked)
        told = count_briefs(desk.config)
    repeated = bodies.total() - len(bodies)
    print(f"killed by SIGKILL twice, with {under_way} calls under way, and begun again")
    print(
        f"  {repeated} of {size.stories} calls made twice (at most {AT_ONCE} a kill); {size.stories - told} briefs lost"
    )
    return repeated <= AT_ONCE * len(under_way) and told == size.stories


def _kill_at(desk: Trial, asked: int) -> int:
    """Kill a writer once the host was asked so often; return how many calls were under way at the host."""
    writer = subprocess.Popen([*_WRITER, str(desk.config)], stdout=subprocess.DEVNULL)
    while writer.poll() is None and len(desk.hosts.asked) < asked:
        time.sleep(0.002)
    writer.kill()
    under_way = desk.hosts.at_once
    writer.wait()
    return under_way


if __name__ == "__main__":
    main()
