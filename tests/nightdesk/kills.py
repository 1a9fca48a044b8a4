"""Work that is killed with SIGKILL at a moment, and what is left of it when it has been taken up again."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.apart import SERVER, apart
from tests.nightdesk.doomed import finished, left_over, prepare, worker


@dataclass(frozen=True)
class Killed:
    """Whether a kill came before the work was done, and how the base differed afterwards."""

    in_time: bool
    differs: list[str]


@dataclass(frozen=True)
class Scene:
    """A base with work before it, and how many seconds that takes undisturbed."""

    kind: str
    folder: Path
    count: int
    seconds: float

    def kill(self, share: float) -> Killed:
        """Kill the work after a share of its seconds, on a copy of the base; take it up again and compare."""
        copy = Path(shutil.copytree(self.folder, self.folder.with_name(f"{self.folder.name}-killed")))
        try:
            seconds = _worked(self.kind, copy, share * self.seconds)
            return Killed(seconds is None, apart(finished, self.kind, copy, self.count))
        finally:
            shutil.rmtree(copy)


def scene(kind: str, folder: Path, count: int) -> Scene:
    """Prepare a base, and time the work on a copy of it; the comparison tells the one from the other."""
    apart(prepare, kind, folder / kind, count)
    copy = Path(shutil.copytree(folder / kind, folder / f"{kind}-calm"))
    assert apart(left_over, kind, copy, count), "the comparison does not see that the work is not done"
    shutil.rmtree(copy)
    shutil.copytree(folder / kind, copy)
    seconds = _worked(kind, copy, None)
    assert seconds is not None
    assert apart(left_over, kind, copy, count) == []
    shutil.rmtree(copy)
    return Scene(kind, folder / kind, count, seconds)


def _worked(kind: str, folder: Path, at_most: float | None) -> float | None:
    """Kill work after some seconds; return how many it took, or None when it had not come to its end."""
    here, there = SERVER.Pipe()
    process = SERVER.Process(target=worker, args=(kind, folder, there))
    process.start()
    there.close()
    with here:
        here.recv()
        began = time.perf_counter()
        here.send("go")
        is_done = here.poll(at_most) and here.recv() == "done"
        seconds = time.perf_counter() - began
        process.kill()
        process.join()
    return seconds if is_done else None
