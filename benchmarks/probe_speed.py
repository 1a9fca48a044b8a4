"""What the probe costs beside the model: ``python -m benchmarks.probe_speed``.

3,000 attempts against a host that answers at once, beside a bare loop of the official client that sends the same
requests from as many threads; and 640 attempts with 64 at once against a host that takes a second, beside the ideal.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import openai

from core.ports import silent, system_clock
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.probing import Wish, probe
from probes.journal import NAME, read_journal
from probes.plan import Limits
from probes.question import Question
from probes.records import read_run
from tests.probes.desk import stack_of

_AT_ONCE = 64
_HOST = """
import asyncio, json, sys
body = {"id": "1", "object": "chat.completion", "created": 1, "model": "stub", "usage":
    {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}, "choices": [{"index": 0, "finish_reason":
    "stop", "message": {"role": "assistant", "content": "It is not hard.\\nAnswer: 7"}}]}
said = json.dumps(body).encode()
said = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(said) + said
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            size = next(line for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(size.split(b":")[1]))
            if float(sys.argv[1]):
                await asyncio.sleep(float(sys.argv[1]))
            writer.write(said)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.probe_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        _at_once(Path(folder), rounds)
        _at_a_second(Path(folder))


def _at_once(folder: Path, rounds: int) -> None:
    questions = stack_of(folder, sums=600, errands=0)
    with _host(0.0) as url:
        pairs = [_pair(folder / f"round-{number}", url, questions) for number in range(rounds)]
    ratio = median(ours / bare for ours, bare in pairs)
    for ours, bare in pairs:
        print(f"3,000 attempts, {_AT_ONCE} at once, no latency: {ours:.2f} s; the bare client {bare:.2f} s")
    print(f"median of the ratios: {ratio:.2f} (at most 1.5)")


def _pair(folder: Path, url: str, questions: tuple[Question, ...]) -> tuple[float, float]:
    ours = _probed(folder, url, questions, epochs=5)
    bodies = list(_bodies(next(folder.glob(f"*/{NAME}"))))
    assert len(bodies) == 3000
    return ours, _bare(url, bodies)


def _at_a_second(folder: Path) -> None:
    questions = stack_of(folder / "slow", sums=320, errands=0)
    with _host(1.0) as url:
        _probed(folder / "slow", url, questions, epochs=2)
    took, ideal = read_run(next((folder / "slow").glob(f"*/{NAME}"))).seconds, 640 / _AT_ONCE
    print(f"640 attempts at 1 s, {_AT_ONCE} at once: {took:.2f} s, {took / ideal:.3f} of ideal (at most 1.1)")


def _probed(folder: Path, url: str, questions: tuple[Question, ...], epochs: int) -> float:
    price = {"input": 0.3, "output": 1.2}
    endpoint = EndpointSettings("stub", "openai", url, "stub", "key", price, concurrency=_AT_ONCE)
    started = time.perf_counter()
    run = probe(folder, endpoint, Wish(questions, epochs, 1, "full", Limits()), system_clock(), silent)
    took = time.perf_counter() - started
    assert (run.standing, len(run.attempts)) == ("finished", epochs * len(questions)), run.why
    return took


def _bodies(journal: Path) -> Iterator[dict[str, Any]]:
    for line in read_journal(journal):
        if line["kind"] == "turn":
            told = [{"role": "user", "content": one["text"]} for one in line["turn"]["told"]]
            yield {"model": "stub", "max_tokens": 8192, "temperature": 1.0, "top_p": 0.95, "messages": told}


def _bare(url: str, bodies: list[dict[str, Any]]) -> float:
    client = openai.OpenAI(base_url=url, api_key="key", max_retries=0)
    started = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        said = list(pool.map(lambda body: client.chat.completions.create(**body).choices[0].message.content, bodies))
    took = time.perf_counter() - started
    assert len(said) == len(bodies)
    return took


@contextmanager
def _host(latency: float) -> Iterator[str]:
    command = [sys.executable, "-c", _HOST, json.dumps(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        yield f"http://127.0.0.1:{host.stdout.readline().strip()}/v1"
        host.kill()


if __name__ == "__main__":
    main()
