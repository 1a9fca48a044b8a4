"""What a call costs us: ``python -m benchmarks.wires``.

500 calls with 64 at once against a host that takes a second for each, beside the ideal; and the processor's time of one
call in a conversation of 1 and of 100 turns, beside the SDK's own typed call.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.lm import Conversation, Heard, Message, Results, Told, ToolResult
from lm.budget import Budget
from lm.model import Model
from lm.wire import Wire, WireSettings, open_wire
from tests.lm.desk import M2
from tests.lm.ledger import FileLedger

_CALLS, _AT_ONCE, _LATENCY = 500, 64, 1.0
_SOURCE = "We carry a lantern along every gradient and find what was lost. " * 40
_HOST = """
import sys
from tests.servers.lm import Spoken, open_hosts
said = Spoken(text="A brief. " * 60, thinking="Let me see. " * 100, calls=(("look", {"at": "x" * 200}),))
with open_hosts(lambda _: said, strict=False, latency=float(sys.argv[1])) as hosts:
    print(hosts.port, flush=True)
    sys.stdin.read()
"""


def main() -> None:
    """Print the figures."""
    for serving, protocol in (("content", "openai"), ("signed", "anthropic")):
        _at_once(serving, protocol)
        _conversation(serving, protocol)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _host(latency: float) -> tuple[subprocess.Popen[str], str]:
    host = subprocess.Popen(
        [sys.executable, "-c", _HOST, str(latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert host.stdout is not None
    return host, f"http://127.0.0.1:{host.stdout.readline().strip()}"


def _opened(url: str, serving: str, protocol: str) -> Wire:
    base = f"{url}/{serving}{'' if protocol == 'anthropic' else '/v1'}"
    return open_wire(protocol, WireSettings(base, "MiniMax-M2", "k"))


def _at_once(serving: str, protocol: str) -> None:
    host, url = _host(_LATENCY)
    model = Model(
        _opened(url, serving, protocol), Budget(FileLedger(Path(":memory:")), M2, Decimal(100)), concurrency=64
    )
    asked = Conversation("You write briefs.", (Told(_SOURCE),))

    def ask(_: int) -> None:
        model.complete(asked, stage="brief", max_tokens=2000)

    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(ask, range(_CALLS)))
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    ideal = _CALLS * _LATENCY / _AT_ONCE
    print(
        f"{protocol}: {_CALLS} calls, {_AT_ONCE} at once: {took:.2f} s, {took / ideal:.3f} of ideal {ideal:.2f} s,",
        end="",
    )
    print(f" {1000 * cpu / _CALLS:.1f} ms CPU a call")
    host.kill()


def _conversation(serving: str, protocol: str) -> None:
    host, url = _host(0.0)
    wire = _opened(url, serving, protocol)
    first = wire.read(wire.send(wire.request(Conversation("", (Told("a"),)), 9), 9.0).body.decode())
    results = Results(tuple(ToolResult(call.id, _SOURCE) for call in first.tool_calls))
    for turns in (1, 100):
        turn: tuple[Message, ...] = (Heard(first.raw), results)
        asked = Conversation("You analyse.", (Told("a"), *turn * turns))
        body = json.loads(wire.request(asked, 99))
        ours = _cpu(lambda: wire.read(wire.send(wire.request(asked, 99), 60.0).body.decode()))  # noqa: B023 - used at once
        typed = _cpu(lambda: _typed(wire, protocol, body))  # noqa: B023 - used at once
        told = f"{ours:.1f} ms CPU; by the SDK's typed call {typed:.1f} ms"
        print(f"{protocol}: a call in a conversation of {turns} turns: {told}")
    host.kill()


def _typed(wire: Any, protocol: str, body: dict[str, Any]) -> None:
    """Make the same request by the call that the SDK offers; the latest one knows no temperature for messages."""
    extra = {name: body[name] for name in ("temperature", "top_p")}
    given = {name: value for name, value in body.items() if name not in extra}
    calls = wire._client.messages if protocol == "anthropic" else wire._client.chat.completions
    calls.create(**given, extra_body=extra)


def _cpu(call: Callable[[], Any], times: int = 20) -> float:
    call()
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times * 1000


if __name__ == "__main__":
    main()
