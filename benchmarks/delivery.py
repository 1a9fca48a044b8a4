"""Count what random histories of one delivery lose, tell twice or out of order, for three channels and two people.

Every history kills the delivering process with SIGKILL up to four times, loses answers, fails, throttles and accepts
late, then restarts until everything is sent. Beside ours two baselines live through histories of the same kind: one
that posts again whatever got no answer, and one that never does.
``python -m benchmarks.delivery [HISTORIES [BASELINE HISTORIES]]``
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from digests.sinks import InDoubt
from tests.nightdesk.histories import History, live
from tests.servers.slack import loopback_slack

_READERS, _POSTS = 5, 4
_AT_ONCE = 2
# A request may take effect up to so many seconds after its answer was lost; ten of ours wait it out.
_LATE, _SCALE = 0.03, 0.03
_WAYS: tuple[tuple[str, InDoubt], ...] = (
    ("ours: looks into the history", "look"),
    ("without the look: posts again", "repeat"),
    ("without the look: never again", "ask"),
)


def lived(seed: int, in_doubt: InDoubt) -> History:
    with loopback_slack() as slack, TemporaryDirectory() as folder:
        return live(History(seed, slack, Path(folder), in_doubt, _LATE, _SCALE))


def measure(in_doubt: InDoubt, histories: int) -> list[History]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda seed: lived(seed, in_doubt), range(histories)))


def tell(name: str, lives: list[History], seconds: float) -> None:
    posts = len(lives) * _READERS * _POSTS
    kills, runs, faults = (sum(getattr(one, what) for one in lives) for what in ("kills", "runs", "faults"))
    print(
        f"{name}: {len(lives)} histories, {posts} posts, {kills} kills, {runs} runs, {faults} faults, {seconds:.0f} s"
    )
    for what in ("lost", "twice", "disordered"):
        each = [len(getattr(one, what)) for one in lives]
        print(f"    {what:<11}{sum(each):>5} posts in {sum(map(bool, each)):>4} histories")


def main() -> int:
    asked = [int(one) for one in sys.argv[1:]]
    histories, baseline = (*asked, *(300, 40)[len(asked) :])
    bad = 0
    for name, in_doubt in _WAYS:
        began = time.perf_counter()
        lives = measure(in_doubt, histories if in_doubt == "look" else baseline)
        tell(name, lives, time.perf_counter() - began)
        if in_doubt == "look":
            bad = sum(len(one.lost) + len(one.twice) + len(one.disordered) for one in lives)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
