"""What is costly to make and never changes: the embedding model and its graph, one for the whole session."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from kb.embedder import Embedder

# A slow machine is no failure; hangs are cut by pytest's own timeout.
# The same code passes or fails alike on every machine; HYPOTHESIS_PROFILE=explore tries other examples each time.
settings.register_profile("nightdesk", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "nightdesk")
settings.load_profile(PROFILE)
if PROFILE == "nightdesk" and hasattr(providers, "_get_local_constants"):
    # It draws constants of the modules loaded so far as well, which differ with the order of the tests.
    providers._get_local_constants = Constants


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the model's graph is kept, for this process and those that tests start."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def embedder(model_cache: Path) -> Embedder:
    return Embedder(model_cache)
