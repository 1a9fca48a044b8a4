"""A question of the stack, and how an instance is drawn from it."""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from probes import environments, scorers
from probes.generators import Made, generator
from probes.instance import Instance
from probes.script import Script, says
from probes.tables import read_options
from probes.template import filled, filled_data, filled_script
from probes.unsafe import Watch
from probes.world import World

DOMAINS = ("logic", "proofs", "reports", "agentic", "safety", "fun")
SMOKE = "smoke"
"""The tag of the questions that a first, quick look asks."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question file, checked; ``version`` is a hash of its content and of its generator's code.

    Texts may hold ``{names}`` of ``parameters``, ``choices`` (each a list, one of which is drawn) and of what the
    generator made. ``scoring``, ``environment`` and ``watch`` are options, not yet drawn.
    """

    id: str
    family: str
    domain: str
    stack: str
    path: Path
    version: str
    scorer: str
    prompt: str
    system: str = ""
    then: tuple[str, ...] = ()
    generator: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    scoring: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    watch: Mapping[str, Any] = field(default_factory=dict)
    reference: Script = ()
    wrong: Script = ()
    tags: tuple[str, ...] = ()
    is_private: bool = False
    max_turns: int = 1
    max_tokens: int = 8192
    max_seconds: float = 900.0

    def instance(self, seed: int) -> Instance:
        """Draw an instance; equal seeds give equal ones.

        Raises ConfigError, naming the file, when the question cannot be drawn.
        """
        try:
            return self._drawn(random.Random(seed), seed)  # noqa: S311 - repeatable on purpose
        except ConfigError as error:
            raise ConfigError(f"{self.path}: {error}") from error

    def _drawn(self, dice: random.Random, seed: int) -> Instance:
        chosen = {name: dice.choice(list(options)) for name, options in self.choices.items()}
        parameters = {**self.parameters, **chosen}
        made = generator(self.generator)(dice, parameters) if self.generator else Made({}, {}, (), ())
        values = {**parameters, **made.values}
        return Instance(
            question_id=self.id,
            seed=seed,
            system=filled(self.system, values),
            prompt=filled(self.prompt, values),
            then=tuple(filled(text, values) for text in self.then),
            scorer=self.scorer,
            options=scorers.options_of(self.scorer, filled_data(self.scoring, values)),
            expected={**made.expected, **filled_data(self.expected, values)},
            open_world=self._opener(made, values),
            reference=_script(self.reference, made.reference, values),
            wrong=_script(self.wrong, made.wrong, values),
            max_turns=self.max_turns,
            max_tokens=self.max_tokens,
            max_seconds=self.max_seconds,
            watch=_watch({**filled_data(self.watch, values), **made.watch}),
        )

    def _opener(self, made: Made, values: Mapping[str, Any]) -> Callable[[], World] | None:
        names = [*self.environment, *(name for name in made.environment if name not in self.environment)]
        given = {
            name: environments.options_of(
                name, {**filled_data(self.environment.get(name, {}), values), **made.environment.get(name, {})}
            )
            for name in names
        }
        if not given:
            return None
        return lambda: World(
            {name: environments.environment(name).open_environment(own) for name, own in given.items()}
        )


def _script(written: Script, made: str | Script, values: Mapping[str, Any]) -> Script:
    """Return what the file says, filled, else what the generator made."""
    if written:
        return filled_script(written, values)
    return says(made) if isinstance(made, str) else made


def _watch(given: Mapping[str, Any]) -> Watch:
    watch = read_options(Watch, given, "[watch]")
    assert isinstance(watch, Watch)  # noqa: S101 - narrows the type
    return watch


def seed_of(run_seed: int, question_id: str, epoch: int) -> int:
    """Return the seed of one attempt, the same for every model: a hash, so that neighbours have nothing in common."""
    digest = hashlib.sha256(f"{run_seed}/{question_id}/{epoch}".encode()).digest()
    return int.from_bytes(digest[:8])
