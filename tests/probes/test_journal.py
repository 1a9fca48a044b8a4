import json
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError, StoreError
from core.lm import Completion, Finding, Heard, Results, Told, ToolCall, ToolResult, Usage
from probes.attempt import Answer, Attempt, Grade, Key, ToolUse, Turn
from probes.journal import NAME, Journal, JournalClosed, read_journal
from probes.plan import ProbeRun
from probes.records import read_plan, read_run, write_attempt, write_plan, write_run, write_turn
from probes.world import Act, Effect
from tests.probes.desk import plan_of, stack_of

TEXT = st.text(st.characters(), max_size=20)  # halves of surrogate pairs too: hosts send them
TURNS = st.builds(
    Turn,
    told=st.tuples(
        st.one_of(
            st.builds(Told, TEXT),
            st.builds(Heard, TEXT),
            st.builds(Results, st.tuples(st.builds(ToolResult, TEXT, TEXT, st.booleans()))),
        )
    ),
    heard=st.builds(
        Completion,
        raw=TEXT,
        text=TEXT,
        thinking=TEXT,
        tool_calls=st.tuples(st.builds(ToolCall, TEXT, TEXT, TEXT)),
        usage=st.one_of(st.none(), st.builds(Usage, st.integers(0, 99), st.integers(0, 99))),
        cost=st.decimals(0, 9, places=12),
    ),
    seconds=st.floats(0, 900),
)
NAMES = st.text("aäж\n", max_size=5)
VALUES = st.one_of(st.integers(), TEXT, st.none())
ACTS = st.builds(
    Act, st.integers(0, 9), NAMES, st.dictionaries(NAMES, VALUES), st.tuples(st.builds(Effect, NAMES, NAMES))
)
ANSWERS = st.builds(
    Answer,
    text=TEXT,
    texts=st.tuples(TEXT),
    uses=st.tuples(st.builds(ToolUse, TEXT, st.one_of(st.none(), st.dictionaries(NAMES, TEXT)), TEXT, st.booleans())),
    state=st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES)),
    acts=st.tuples(ACTS),
)
GRADES = st.one_of(
    st.builds(Grade, st.floats(0, 1), TEXT, evidence=st.tuples(TEXT)),
    st.builds(Grade, st.none(), TEXT, st.sampled_from(["refused", "error"])),
)


@settings(max_examples=40)
@given(st.lists(TURNS, max_size=2), ANSWERS, GRADES)
def test_a_run_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, turns: list[Turn], answer: Answer, grade: Grade
) -> None:
    folder = tmp_path_factory.mktemp("run")
    questions = stack_of(folder, sums=1, errands=0)
    attempt = Attempt(Key("sum-0", 0), 7, tuple(turns), answer, grade, 1.5, "why")
    findings = (Finding("reachable", ok=True, detail="yes"), Finding("thinking replayed", ok=None, detail="–"))
    run = ProbeRun(plan_of(questions), findings, (attempt,), "finished", seconds=2.0)
    with Journal(folder) as journal:
        write_run(journal, run)
    assert read_run(folder / NAME) == run
    assert read_plan(folder / NAME) == run.plan


def begun(folder: Path) -> Journal:
    journal = Journal(folder / "run")
    write_plan(journal, plan_of(stack_of(folder, sums=1, errands=0)))
    journal.write("session")
    return journal


def turn(text: str) -> Turn:
    return Turn((Told("?"),), Completion("{}", text=text, usage=Usage(10, 5)), 0.1)


def test_a_torn_last_line_is_read_over_and_cut_off(tmp_path: Path) -> None:
    with begun(tmp_path) as journal:
        write_turn(journal, Key("sum-0", 0), turn("one"))
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + b'{"kind":"turn","key"')
    assert len(list(read_journal(journal.path))) == 3
    with Journal(tmp_path / "run") as again:
        again.write("session")
    assert journal.path.read_bytes() == whole + b'{"kind":"session"}\n'


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    with begun(tmp_path) as journal:
        journal.write("session")
    damaged = journal.path.read_bytes().replace(b'{"kind":"session"}\n', b"{\n", 1)
    journal.path.write_bytes(damaged)
    with pytest.raises(StoreError, match="line 2 is no JSON"):
        read_run(journal.path)
    journal.path.write_bytes(damaged.replace(b"{\n", b'{"kind":"attempt","key":{}}\n'))
    with pytest.raises(StoreError, match="line 2: no attempt as this version writes it"):
        read_run(journal.path)


@pytest.mark.parametrize("plan", ['{"kind":"plan"}', '{"kind":"plan","plan":{}}'])
def test_a_plan_of_another_version_is_named(tmp_path: Path, plan: str) -> None:
    (tmp_path / NAME).write_text(f"{plan}\n", "utf-8")
    with pytest.raises(StoreError, match="line 1: no plan as this version writes it"):
        read_plan(tmp_path / NAME)


def test_a_full_disk_leaves_no_torn_line(tmp_path: Path) -> None:
    with begun(tmp_path) as journal:
        whole = journal.path.read_bytes()
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 20, usual[1]))
        try:
            with pytest.raises(StoreError, match="no room left"):
                write_turn(journal, Key("sum-0", 0), turn("one"))
            assert journal.path.read_bytes() == whole
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        journal.write("session")
    assert [line["kind"] for line in read_journal(journal.path)] == ["plan", "session", "session"]


def test_a_journal_without_a_plan_is_named(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.write("session")
    with pytest.raises(StoreError, match="begins with no plan"):
        read_run(journal.path)
    with pytest.raises(StoreError, match="cannot read"):
        read_run(tmp_path / "nowhere")


def test_secrets_are_blotted_out(tmp_path: Path) -> None:
    key = 'sk-"lantern"-7781'
    with Journal(tmp_path, [key, ""]) as journal:
        journal.write("turn", said=f"your key {key} is wrong", raw=json.dumps({"key": key}))
    assert "lantern" not in journal.path.read_text("utf-8").replace("\\", "")
    assert next(read_journal(journal.path))["said"] == "your key … is wrong"


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    with Journal(tmp_path / "run"), pytest.raises(ConfigError, match="run is being probed by another process"):
        Journal(tmp_path / "run")
    Journal(tmp_path / "run").close()


def test_a_closed_journal_takes_no_more(tmp_path: Path) -> None:
    with begun(tmp_path) as journal:
        pass
    with pytest.raises(JournalClosed):
        journal.write("session")


def test_turns_of_a_session_that_was_killed_are_void_and_its_money_is_spent(tmp_path: Path) -> None:
    key = Key("sum-0", 0)
    with begun(tmp_path) as journal:
        journal.write("reserved", number=1, amount="0.5", stage="probe")
        write_turn(journal, key, turn("before"))
        journal.write("session")
        journal.write("reserved", number=1, amount="0.25", stage="probe")
        write_turn(journal, key, turn("after"))
        journal.write("settled", number=1, amount="0.125")
        write_attempt(journal, Attempt(key, 7, (), Answer("after"), Grade(1.0, "right"), 0.1))
    run = read_run(journal.path)
    assert [one.heard.text for one in run.attempts[0].turns] == ["after"]
    assert (str(run.spent), run.tokens) == ("0.625", 30)
    assert run.standing == "unfinished"
