"""Stacks: folders of question files, ours and a team's own beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError
from probes.question import SMOKE, Question
from probes.question_file import read_question
from probes.tables import nearest

SHIPPED = Path(__file__).parent / "stacks"
"""The stacks that come with nightdesk: ``standard``, which is scored, and ``fun``, which is shown."""
DEFAULT = ("standard", "fun")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions: of these stacks, in these domains (all when empty), perhaps only those tagged ``smoke``."""

    stacks: tuple[str, ...] = DEFAULT
    domains: tuple[str, ...] = ()
    tier: str = "full"

    def takes(self, question: Question) -> bool:
        """Tell whether a question of one of the stacks is asked."""
        is_domain = not self.domains or question.domain in self.domains
        return is_domain and (self.tier != SMOKE or SMOKE in question.tags)


def stack_folders(own: Iterable[Path] = ()) -> Mapping[str, Path]:
    """Return the folder of each stack; a team's own ones are called as their folders are.

    Raises ConfigError when one is not there, or two are called the same.
    """
    found = {folder.name: folder for folder in sorted(SHIPPED.iterdir()) if folder.is_dir() and folder.name[0] != "_"}
    for folder in own:
        if not folder.is_dir():
            raise ConfigError(f"there is no folder of questions {folder}")
        if folder.name in found:
            raise ConfigError(f"{folder}: there is a stack {folder.name!r} already; rename the folder")
        found[folder.name] = folder
    return found


def load_stack(folder: Path) -> tuple[Question, ...]:
    """Read every question of a stack, by domain and id.

    Raises ConfigError, naming the file and the key.
    """
    return tuple(read_question(path, folder.name) for path in sorted(folder.glob("*/*.toml")))


def selected(folders: Mapping[str, Path], selection: Selection) -> tuple[Question, ...]:
    """Return the questions of a selection.

    Raises ConfigError when there are none, a stack is unknown, or two questions have one id.
    """
    unknown = next((name for name in selection.stacks if name not in folders), None)
    if unknown is not None:
        raise ConfigError(f"there is no stack {unknown!r}{nearest(unknown, list(folders))}")
    loaded = [question for name in selection.stacks for question in load_stack(folders[name])]
    check_ids(loaded)
    taken = tuple(question for question in loaded if selection.takes(question))
    if not taken:
        domains = ", ".join(selection.domains) or "any domain"
        raise ConfigError(f"no question of {', '.join(selection.stacks)} is in {domains} and the tier {selection.tier}")
    return taken


def check_ids(questions: Sequence[Question]) -> None:
    """Raise ConfigError when two questions have one id."""
    seen: dict[str, Question] = {}
    for question in questions:
        if question.id in seen:
            raise ConfigError(f"{question.path}: there is a question {question.id!r} in {seen[question.id].path} too")
        seen[question.id] = question
