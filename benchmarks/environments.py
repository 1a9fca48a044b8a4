"""How many virtual environments are opened and used for one step in ten seconds, on two cores."""

import time
from concurrent.futures import ProcessPoolExecutor

from probes.environments import environment, environments, options_of
from probes.world import ToolFailed, World

_COUNT = 6000


def _used(name: str) -> None:
    world = World({name: environment(name).open_environment(options_of(name, {}))})
    tool = world.tools[0]
    try:
        world.call(tool.name, dict.fromkeys(tool.parameters["properties"], "ls /home"))
    except ToolFailed:
        return


def _many(count: int) -> None:
    names = environments()
    for turn in range(count):
        _used(names[turn % len(names)])


def _only(name: str) -> float:
    began = time.perf_counter()
    for _ in range(300):
        _used(name)
    return (time.perf_counter() - began) / 300 * 1000


def main() -> None:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_many, [1, 1]))
        began = time.perf_counter()
        list(pool.map(_many, [_COUNT // 20] * 20))
        seconds = time.perf_counter() - began
    print(f"{_COUNT} environments of all kinds: {seconds:.2f} s, {_COUNT / seconds * 10:.0f} in 10 s (goal: 5000)")
    for name in environments():
        print(f"  {name}: {_only(name):.2f} ms each, one core")


if __name__ == "__main__":
    main()
