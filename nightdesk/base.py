"""The knowledge base of one data folder, opened part by part."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StoreError
from kb.store import Store
from nightdesk.config_base import BaseSettings

if TYPE_CHECKING:
    from kb.embedder import Use
    from kb.embedding import Embeds
    from kb.endpoint import Patience
    from kb.index import Index
    from nightdesk.config_kb import EmbedderSettings


class Base:
    """The store, the index and the embedder of one data folder; each is opened when it is first used."""

    def __init__(self, settings: BaseSettings, use: "Use" = "texts") -> None:
        """Work on the data folder that the settings name; the model on this machine is loaded for a ``use``."""
        self.settings = settings
        self._use: Use = use

    @cached_property
    def data_dir(self) -> Path:
        """The data folder, made if it is not there.

        Raises StoreError when it cannot be.
        """
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the data folder {folder}: {error.strerror}") from error
        return folder

    @cached_property
    def store(self) -> Store:
        """The SQL store."""
        return Store(self.data_dir / "nightdesk.db")

    @cached_property
    def index(self) -> "Index":
        """The Chroma index."""
        from kb.index import Index

        return Index(self.data_dir / "chroma")

    @cached_property
    def embedder(self) -> "Embeds":
        """The configured embedding model."""
        if self.settings.embedder is None:
            return self._local
        from kb.endpoint import PATIENT

        return _endpoint(self.settings.embedder, PATIENT)

    @property
    def questioner(self) -> "Embeds":
        """What reads a person's question: quickly or not at all.

        While another model's vectors are built, the base is still compared by the former's; where that is the one on
        this machine, it goes on reading.
        """
        if self.settings.embedder is None:
            return self._local
        from kb.minilm import NAME
        from kb.vector_rows import current_model

        with self.store.searching() as connection:
            current = current_model(connection)
        return self._local if current and current.name == NAME else self.hasty

    def begin_questioner(self) -> "Future[Embeds]":
        """Begin to load what reads a question, while other parts are imported and words are looked for."""
        if self.settings.embedder is None:
            # Two threads that import would take turns, and the model would be the later for it.
            import kb.embedder  # noqa: F401
        _ = self.store
        return ThreadPoolExecutor(1, "questioner").submit(lambda: self.questioner)

    @property
    def model_name(self) -> str:
        """The name of the configured embedding model, which is not loaded for it."""
        from kb.minilm import NAME

        return self.embedder.name if self.settings.embedder else NAME

    @cached_property
    def _local(self) -> "Embeds":
        from kb.embedder import Embedder

        return Embedder(self.data_dir / "models", self._use)

    @cached_property
    def hasty(self) -> "Embeds":
        """The configured model; an endpoint is asked once, and given seconds."""
        if self.settings.embedder is None:
            return self._local
        from kb.endpoint import HASTY

        return _endpoint(self.settings.embedder, HASTY)


def _endpoint(told: "EmbedderSettings", patience: "Patience") -> "Embeds":
    from kb.endpoint import EndpointEmbedder

    return EndpointEmbedder(told.url, told.model, told.api_key, dimensions=told.dimensions, patience=patience)
