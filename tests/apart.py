"""Work in processes of their own, which may die of it: forked from a server that has loaded everything once."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["chromadb.api.rust", "tests.kb.crowd", "tests.nightdesk.doomed"])


def apart(work: Callable[..., A], *values: object) -> A:
    """Return what a function does in another process; raise BrokenProcessPool when that dies of it."""
    with ProcessPoolExecutor(1, SERVER) as pool:
        return pool.submit(work, *values).result()
