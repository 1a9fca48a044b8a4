"""What kills cost a knowledge base: ``python -m benchmarks.kills [MOMENTS] [KIND …]``.

Drain, reindex (a change of model), import and migration are each killed with SIGKILL at random moments, 30 of them
where nothing else is said, and taken up again. Then everything derived is compared with the store: every vector in the
file, the words' own integrity check, the index's count and whether it finds items by their vectors. The baselines: a
base before the work must differ by that comparison, and one whose work was not killed must not.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.nightdesk.doomed import KINDS
from tests.nightdesk.kills import Killed, Scene, scene

_ITEMS, _SEED = 400, 2026


def main() -> None:
    arguments = argparse.ArgumentParser(description="Kill what writes a base, and compare what is left with the store.")
    arguments.add_argument("moments", type=int, nargs="?", default=30)
    arguments.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; else all of them")
    chosen = arguments.parse_args()
    dice = random.Random(_SEED)  # noqa: S311 - the moments are repeatable
    for kind in chosen.kinds or KINDS:
        with tempfile.TemporaryDirectory() as name:
            prepared = scene(kind, Path(name), _ITEMS)
            kills = list(_kills(prepared, chosen.moments, dice))
        wrong = [difference for kill in kills for difference in kill.differs]
        late = sum(not kill.in_time for kill in kills)
        print(
            f"{kind:>10}: {_ITEMS} items, {prepared.seconds:.1f} s undisturbed; killed {chosen.moments} times before"
            f" its end, {late} times after it; afterwards as the store says: {sum(not kill.differs for kill in kills)}"
            f" of {len(kills)}"
        )
        for difference in wrong:
            print(f"            {difference}")
    print("baselines: before the work every base differs, after work that is not killed none does")


def _kills(prepared: Scene, moments: int, dice: random.Random) -> Iterator[Killed]:
    """Kill until so many kills came before the end of the work."""
    while moments:
        kill = prepared.kill(dice.random())
        moments -= kill.in_time
        yield kill


if __name__ == "__main__":
    main()
