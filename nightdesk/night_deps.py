"""What the stages of one night work with."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from core.delivery import DeliveryRow
from core.ports import FanOut, Progress
from core.sources import SourceSpec
from core.types import Night
from lm.model import Model
from nightdesk.lessons import Matcher
from nightdesk.models import Asking
from nightdesk.wiring import Desk, Wire


@dataclass(frozen=True, slots=True)
class NightDeps:
    """What the stages of one night work with."""

    desk: Desk
    wire: Wire
    night: Night
    run_id: int
    fan_out: FanOut
    progress: Progress
    embedding: ThreadPoolExecutor
    """Embedding is not Python, so that it goes on beside the reading of the next feeds."""
    ready: Future[Matcher]
    """What sorts items by subject; when it is there, so is the embedding model."""
    model: Model | None = None
    asking: Asking | None = None
    sources: tuple[SourceSpec, ...] | None = None
    """The only sources to poll; None stands for all."""
    embeddings: list[Future[int]] = field(default_factory=list)
    """What was begun there, a source each."""
    deliver: "Deliver | None" = None
    """Brings the composed digest to its readers; None where nobody is to be told."""


Deliver = Callable[[NightDeps], tuple[DeliveryRow, ...]]
