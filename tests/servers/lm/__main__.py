"""Serve the hosts by hand: ``python -m tests.servers.lm [--port 8765] [--latency 0.2] [--throttle 0.1]``."""

import argparse
import random
import sys
from threading import Event

from tests.servers.lm.asked import Asked
from tests.servers.lm.reader import reads
from tests.servers.lm.server import Fault, Said, open_hosts
from tests.servers.lm.spoken import SERVINGS


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.lm", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--model", default="MiniMax-M2")
    parser.add_argument("--latency", type=float, default=0.2, help="seconds an answer takes")
    parser.add_argument("--throttle", type=float, default=0.0, help="share of requests answered by 429")
    parser.add_argument("--fail", type=float, default=0.0, help="share of requests answered by 500")
    given = parser.parse_args()

    def script(asked: Asked) -> Said:
        chance = random.random()
        if chance < given.throttle:
            return Fault.throttled("1")
        return Fault() if chance < given.throttle + given.fail else reads(asked)

    with open_hosts(script, given.port, model=given.model, latency=given.latency, prompt_cache=True) as hosts:
        for serving, protocol in SERVINGS.items():
            sys.stdout.write(f'wire = "{protocol}"  base_url = "{hosts.url(serving)}"  # thinking: {serving}\n')
        sys.stdout.write(f'model = "{given.model}", any key; Ctrl-C ends\n')
        sys.stdout.flush()
        try:
            Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
