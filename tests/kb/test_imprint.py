"""The imprint of files that another program writes."""

from pathlib import Path

import pytest

from kb.imprint import Imprint


def _written(folder: Path) -> Imprint:
    (folder / "graph").mkdir()
    (folder / "graph" / "levels.bin").write_bytes(b"owl" * 1000)
    (folder / "graph" / "names").write_bytes(b"")
    return Imprint.of_all(folder, folder.glob("*/*"))


def test_files_that_are_the_same_fit(tmp_path: Path) -> None:
    imprint = _written(tmp_path)
    assert not imprint.is_cut(tmp_path)
    assert not imprint.is_overwritten(tmp_path)
    assert Imprint.told(imprint.as_json()) == imprint


def test_one_byte_less_is_cut(tmp_path: Path) -> None:
    imprint = _written(tmp_path)
    (tmp_path / "graph" / "levels.bin").write_bytes(b"owl" * 999 + b"ow")
    assert imprint.is_cut(tmp_path)


def test_file_that_is_gone_is_cut(tmp_path: Path) -> None:
    imprint = _written(tmp_path)
    (tmp_path / "graph" / "names").unlink()
    assert imprint.is_cut(tmp_path)


def test_one_other_byte_is_overwritten_but_not_cut(tmp_path: Path) -> None:
    imprint = _written(tmp_path)
    (tmp_path / "graph" / "levels.bin").write_bytes(b"owl" * 999 + b"owe")
    assert not imprint.is_cut(tmp_path)
    assert imprint.is_overwritten(tmp_path)


def test_sizes_alone_let_files_grow(tmp_path: Path) -> None:
    _written(tmp_path)
    imprint = Imprint.of_sizes(tmp_path, tmp_path.glob("*/*"))
    (tmp_path / "graph" / "levels.bin").write_bytes(b"moth" * 1000)
    assert not imprint.is_cut(tmp_path)
    assert not imprint.is_overwritten(tmp_path)


@pytest.mark.parametrize("told", [{"sizes": 3, "sums": []}, {"sizes": [["a"]], "sums": []}, {"sizes": [["a", "b"]]}])
def test_what_is_no_imprint_raises(told: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        Imprint.told(told)
