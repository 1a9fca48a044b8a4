import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import ConfigError
from probes.question_file import read_question
from probes.stack import Selection, load_stack, selected, stack_folders
from tests.probes.conftest import Write


def test_a_file_becomes_a_question(write: Write) -> None:
    question = read_question(write(more='tags = ["smoke"]\nmax_turns = 3'), "ours")
    assert (question.id, question.stack, question.tags, question.max_turns) == ("a-sum", "ours", ("smoke",), 3)


def test_a_seed_decides_what_is_drawn(write: Write) -> None:
    question = read_question(write(), "ours")
    drawn = [question.instance(seed) for seed in range(20)]
    assert len({one.prompt for one in drawn}) == 4
    assert drawn == [question.instance(seed) for seed in range(20)]
    for one in drawn:
        assert one.prompt.startswith(f"What is {one.expected['answer']} plus 4?")
        assert isinstance(one.expected["answer"], int)


def test_the_version_is_of_the_content(write: Write) -> None:
    first = read_question(write(), "ours").version
    assert read_question(write(), "ours").version == first
    assert read_question(write(change=("plus 4", "plus 5")), "ours").version != first


_VERSION = """
import sys
from pathlib import Path
from probes.question_file import read_question
print(read_question(Path(sys.argv[1]), "ours").version)
"""


@pytest.mark.parametrize("taken", ["from lamps.words import WICK", "from .words import WICK"])
def test_the_version_is_of_what_its_generator_draws_from(write: Write, tmp_path: Path, taken: str) -> None:
    path = write(change=("[choices]", 'generator = "lamps.drawing:lamp"\n[choices]'))
    (tmp_path / "lamps").mkdir()

    def version(wick: str, unused: str = "") -> str:
        made = f"{taken}\nfrom probes.generators import Made\nlamp = lambda *_: Made({{}}, {{}}, WICK, WICK)\n"
        for name, text in {"drawing": made, "words": f"WICK = {wick!r}\n", "unused": unused}.items():
            (tmp_path / "lamps" / f"{name}.py").write_text(text, "utf-8")
        told = subprocess.run(
            [sys.executable, "-c", _VERSION, str(path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout

    first = version("flax")
    assert version("hemp") != first
    assert version("flax", "OIL = 1") == first


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("family", "famly"), "unknown key 'famly'; did you mean 'family'?"),
        (('family = "sums"', ""), "family: is missing"),
        (('id = "a-sum"', 'id = "another"'), "id: 'another', but the file is at logic/a-sum.toml"),
        (('domain = "logic"', 'domain = "proofs"'), "domain: 'proofs', but the file is at logic/a-sum.toml"),
        (('name = "exact"', 'name = "exakt"'), "unknown scorer 'exakt'; there are choice"),
        (('name = "exact"', 'name = "exact"\nany_oder = true'), "[scorer]: unknown key 'any_oder'; did you mean 'any_"),
        (('name = "exact"', 'name = "exact"\nany_order = "often"'), "[scorer]: any_order"),
        (('name = "exact"', "any_order = true"), "[scorer]: name is missing"),
        (("plus 4", "plus {second}"), "{second} has no value"),
        (("[choices]", 'generator = "nothing:here"\n[choices]'), "there is no generator 'nothing:here'"),
        (("[choices]", "[environment.moon]\n[choices]"), "unknown environment 'moon'; there are calendar"),
        (("[choices]", "[environment.notes]\nnots = {}\n[choices]"), "[environment.notes]: unknown key 'nots'"),
        (("[choices]", "[choices"), "is not TOML"),
        (("[3, 30, 300, 3000]", "[3]"), "choices.first"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_file_and_key(write: Write, change: tuple[str, str], named: str) -> None:
    path = write(change=change)
    with pytest.raises(ConfigError) as told:
        read_question(path, "ours")
    assert str(path) in str(told.value)
    assert named in str(told.value)
    assert "\n" not in str(told.value)


def test_braces_that_are_no_names_stand(write: Write) -> None:
    path = write(change=("plus 4", 'plus 4 in {{first}} or {\\"a\\": {}} or {1, 2}'))
    assert 'in {first} or {"a": {}} or {1, 2}' in read_question(path, "ours").instance(1).prompt


def test_a_team_has_its_own_stack_beside_ours(write: Write) -> None:
    own = write("one").parent.parent
    write("two")
    folders = stack_folders([own])
    assert {"standard", "fun", "ours"} <= set(folders)
    assert [question.id for question in selected(folders, Selection(("ours",)))] == ["one", "two"]
    assert len(selected(folders, Selection(("standard", "ours")))) == len(load_stack(folders["standard"])) + 2


def test_what_is_not_there_is_named(write: Write) -> None:
    own = write().parent.parent
    with pytest.raises(ConfigError, match="no stack 'standart'; did you mean 'standard'"):
        selected(stack_folders(), Selection(("standart",)))
    with pytest.raises(ConfigError, match="no question of ours is in any domain and the tier smoke"):
        selected(stack_folders([own]), Selection(("ours",), tier="smoke"))
    with pytest.raises(ConfigError, match="no folder of questions"):
        stack_folders([own / "nowhere"])


def test_one_id_is_one_question(write: Write) -> None:
    path = write()
    twin = path.parent.parent / "proofs" / path.name
    twin.parent.mkdir()
    twin.write_text(path.read_text("utf-8").replace('domain = "logic"', 'domain = "proofs"'), "utf-8")
    with pytest.raises(ConfigError, match="a question 'a-sum' in"):
        selected(stack_folders([path.parent.parent]), Selection(("ours",)))
