"""Imported before numpy: lets one thread multiply matrices, as the command does for a search."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
