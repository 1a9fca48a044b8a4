"""Texts to vectors, on this machine: tokenizers and onnxruntime, nothing downloaded."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime

from kb import minilm
from kb.embedding import Vectors

Use = Literal["texts", "questions", "once"]
_BATCH = 4


class Embedder:
    """Turns texts into unit vectors of ``dimensions`` float32 numbers."""

    name = minilm.NAME
    dimensions = minilm.DIMENSIONS

    def __init__(self, cache: Path, use: Use = "texts") -> None:
        """Load the model, building its graph below ``cache`` the first time.

        "questions" come one at a time, so that two threads share each. What is used "once" is loaded in two thirds of
        the time, and takes some milliseconds longer for a text.

        Raises EmbedderError when the model's package is missing or damaged.
        """
        self._tokenizer = minilm.tokenizer()
        self._session = _session(minilm.onnx_file(cache), use)
        self._workers = ThreadPoolExecutor(_processors(), "embed")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimensions); each text is read up to 256 tokens.

        A text's vector does not depend on the texts beside it, but for rounding.
        """
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        encodings = self._tokenizer.encode_batch([text or " " for text in texts])
        batches = list(_by_length([encoding.ids for encoding in encodings]))
        found = self._workers.map(lambda batch: self._run([encodings[i].ids for i in batch]), batches)
        for batch, new in zip(batches, found, strict=True):
            vectors[batch] = new
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        padded = np.zeros((len(ids), max(map(len, ids))), np.int32)
        mask = np.zeros_like(padded)
        for row, tokens in enumerate(ids):
            padded[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        embedding: Vectors = self._session.run(["embedding"], {"ids": padded, "mask": mask})[0]
        return embedding


def _session(graph: Path, use: Use) -> onnxruntime.InferenceSession:
    """Open the graph for one thread a batch: threads that share a batch wait for the slowest at every operator."""
    options = onnxruntime.SessionOptions()
    # The words of a question are looked for meanwhile, so that on two processors one is left.
    options.intra_op_num_threads = 2 if use != "texts" and _processors() > 2 else 1
    if use == "once":
        # Laying the weights out for fast products takes longer than the few slower products of one question.
        options.add_session_config_entry("session.disable_prepacking", "1")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_length(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield positions in batches of texts of like length, so that little is padded; the longest come first."""
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
