"""The Chroma index: ids and vectors only, derived from the store, thrown away and rebuilt at will.

The one module that imports chromadb. Rows that changed stand in the store's change log; ``drain`` takes them over.
Two writers would corrupt the index silently, so that writing happens under a lock beside it. A marker in the folder
tells how far the index follows the store: one that was put back from an older copy, or from elsewhere, is noticed.
Each embedding model has a collection of its own.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from core.errors import StoreError
from core.ports import Progress, silent
from kb.embedding import EmbeddingModel, Vectors
from kb.imprint import Imprint
from kb.store import Store
from kb.vector_file import VectorFile
from kb.vector_rows import count_vectors, current_model, drained_to, load_vectors

if TYPE_CHECKING:
    import chromadb
    from chromadb.api import ClientAPI
    from chromadb.config import System
    from filelock import BaseFileLock
    from sqlalchemy import Connection as Writing

IndexState = Literal["whole", "empty", "missing", "older", "damaged"]
A = TypeVar("A")
_PORTION = 1000
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class _Marker:
    """How far a folder's index follows the store, of which model it is, and what the files of Chroma's graph were."""

    model: str
    drained: int
    graph: Imprint = field(default_factory=Imprint)


class Index:
    """Nearest neighbours among all items."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; Chroma itself is opened when it is first needed."""
        self._folder = folder
        self.vectors = VectorFile(folder.with_name("vectors"))
        self._open: tuple[ClientAPI, System, _Marker | None] | None = None

    def state(self, connection: Connection) -> IndexState:
        """Tell whether the folder holds what the store was drained into; Chroma is not opened for it."""
        model, drained = current_model(connection), drained_to(connection)
        if model is None or drained < 0:
            return "empty"
        file, marker = self._folder / "chroma.sqlite3", self._marker()
        if not file.is_file() or marker is None:
            return "missing"
        with file.open("rb") as opened:
            if opened.read(len(_SQLITE)) != _SQLITE:
                return "damaged"
        return "whole" if marker.model == model.name and marker.drained >= drained else "older"

    def drain(self, store: Store, progress: Progress = silent) -> int:
        """Take over what changed in the store since the last time; return how many items were written.

        An index that is new, was deleted, or is an older one, is filled from all vectors; a drain that was killed goes
        on where it was. Raises StoreError when Chroma cannot open or write it.
        """
        with store.searching() as connection:
            model = current_model(connection)
        if model is None:
            return 0
        self._make_folder()
        with self._locked():
            self.vectors.follow(store)
            self._throw_away_torn(store)
            return self._guarded(lambda: self._fill(store, model, progress))

    def rebuild(self, store: Store, progress: Progress = silent) -> int:
        """Fill the index; one that Chroma cannot read, or that lacks what it should hold, is thrown away first.

        The file of vectors is written anew.
        """
        self.vectors.forget()
        try:
            written = self.drain(store, progress)
            with store.searching() as connection:
                if self.state(connection) in ("whole", "empty") and self.count() == _count(connection):
                    return written
        except StoreError:
            progress("the index cannot be read: it is made anew")
        self._forget_client()
        with self._locked():
            shutil.rmtree(self._folder, ignore_errors=True)
        return self.drain(store, progress)

    def _locked(self) -> "BaseFileLock":
        from filelock import FileLock

        return FileLock(self._folder.with_suffix(".lock"))

    def _throw_away_torn(self, store: Store) -> None:
        """Remove a damaged index; the caller holds the lock, so that no file is just being written."""
        marker = self._marker()
        with store.searching() as connection:
            is_damaged = self.state(connection) == "damaged"
        if is_damaged or (marker and (marker.graph.is_cut(self._folder) or marker.graph.is_overwritten(self._folder))):
            self._forget_client()
            shutil.rmtree(self._folder)
            self._make_folder()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return up to ``limit`` ids with their cosine similarity, the closest first; empty when nothing is indexed.

        Raises StoreError when Chroma cannot read the index.
        """
        marker = self._marker()
        if marker and marker.graph.is_cut(self._folder):
            raise StoreError(f"the index {self._folder} is torn; `nightdesk reindex` makes it anew")
        return self._guarded(lambda: self._nearest(marker, vector, limit)) if marker else []

    def count(self) -> int:
        """Return how many vectors are indexed.

        Raises StoreError when Chroma cannot read the index.
        """
        marker = self._marker()
        return self._guarded(lambda: int(self._collection(marker).count())) if marker else 0

    def _nearest(self, marker: _Marker, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        found = self._collection(marker)
        answer = found.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"])
        distances = (answer["distances"] or [[]])[0]
        return [(item_id, 1.0 - distance) for item_id, distance in zip(answer["ids"][0], distances, strict=True)]

    def _collection(self, marker: _Marker) -> "chromadb.Collection":
        return self._client(marker).get_collection(_name(marker.model), embedding_function=None)

    def _fill(self, store: Store, model: EmbeddingModel, progress: Progress) -> int:
        collection = self._writable(store, model)
        written = 0
        while portion := _portion(store):
            self.vectors.follow(store)
            # Killed at the writing, the next drain shall not take what is new for damage.
            self._note(Imprint.of_sizes(self._folder, self._graphs()))
            _write(store, collection, portion)
            self._mark(_Marker(model.name, portion[-1][0], Imprint.of_sizes(self._folder, self._graphs())))
            _strike(store, portion[-1][0])
            written += len(portion)
            progress(f"indexed {written} items")
        if written:
            self._note(Imprint.of_all(self._folder, self._graphs()))
        return written

    def _graphs(self) -> list[Path]:
        """Return the files of the graphs that Chroma has written.

        A small collection has files of a graph too, of no meaning: whoever opens it fills them with other bytes.
        """
        return [file for told in self._folder.glob("*/index_metadata.pickle") for file in told.parent.iterdir()]

    def _note(self, graph: Imprint) -> None:
        if marker := self._marker():
            self._mark(replace(marker, graph=graph))

    def _writable(self, store: Store, model: EmbeddingModel) -> "chromadb.Collection":
        with store.searching() as connection:
            is_fit = self.state(connection) in ("whole", "empty")
        marker = self._marker()
        client = self._client(marker)
        names = {collection.name for collection in client.list_collections()}
        for former in names - {_name(model.name)}:
            client.delete_collection(former)
        if is_fit and marker and marker.model == model.name and _name(model.name) in names:
            return client.get_collection(_name(model.name), embedding_function=None)
        if _name(model.name) in names:
            client.delete_collection(_name(model.name))
        # Logged before it is made: killed in between, the next drain finds no collection and logs again.
        with store.writing() as connection:
            _log_all(connection, model)
        made = _create(client, _name(model.name))
        self._mark(_Marker(model.name, 0))
        return made

    def _guarded(self, work: Callable[[], A]) -> A:
        """Let Chroma work; whatever its layers raise means that the index is of no use as it is."""
        try:
            return work()
        except StoreError:
            raise
        except Exception as error:
            self._forget_client()
            raise StoreError(
                f"cannot use the index {self._folder} ({error}); `nightdesk reindex`, or delete that folder"
            ) from error

    def _client(self, marker: _Marker | None) -> "ClientAPI":
        """Return the open client, opened again when another process has written since: it would not see what."""
        if self._open is None or self._open[2] != marker:
            self._forget_client()
            self._open = (*_opened(self._folder), marker)
        return self._open[0]

    def _forget_client(self) -> None:
        if self._open is not None:
            with suppress(Exception):  # what cannot even be stopped is of no use either
                self._open[1].stop()
        self._open = None

    def _marker(self) -> _Marker | None:
        try:
            told: dict[str, Any] = json.loads((self._folder / "marker.json").read_text("utf-8"))
            return _Marker(str(told["model"]), int(told["drained"]), Imprint.told(told.get("graph", {})))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _mark(self, marker: _Marker) -> None:
        file = self._folder / "marker.json"
        unfinished = file.with_suffix(".tmp")
        told = {"model": marker.model, "drained": marker.drained, "graph": marker.graph.as_json()}
        unfinished.write_text(json.dumps(told), "utf-8")
        unfinished.replace(file)
        if self._open is not None:
            self._open = (*self._open[:2], marker)

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the index folder {self._folder}: {error.strerror}") from error


def _opened(folder: Path) -> "tuple[ClientAPI, System]":
    """Open a folder, and return what keeps its files open too.

    Chroma would give that out to whoever opens the folder next, although it failed or the folder was made anew.
    """
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        return client, SharedSystemClient._identifier_to_system[str(folder)]
    finally:
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


def _name(model: str) -> str:
    return f"items-{hashlib.sha256(model.encode()).hexdigest()[:16]}"


def _create(client: "ClientAPI", name: str) -> "chromadb.Collection":
    from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration

    configuration = CreateCollectionConfiguration(hnsw=CreateHNSWConfiguration(space="cosine"))
    return client.create_collection(name, configuration=configuration, embedding_function=None)


def _count(connection: Connection) -> int:
    model = current_model(connection)
    if model is None:
        return 0
    return count_vectors(connection, model)


def _log_all(connection: "Writing", model: EmbeddingModel) -> None:
    connection.exec_driver_sql("DELETE FROM changes")
    connection.exec_driver_sql(
        "INSERT INTO changes (item_id) SELECT item_id FROM vectors WHERE model = ?", (model.name,)
    )


def _portion(store: Store) -> Sequence[tuple[int, str]]:
    """Return the oldest changes as sequence numbers and ids."""
    with store.searching() as connection:
        return connection.execute("SELECT seq, item_id FROM changes ORDER BY seq LIMIT ?", (_PORTION,)).fetchall()


def _write(store: Store, collection: "chromadb.Collection", portion: Sequence[tuple[int, str]]) -> None:
    with store.searching() as connection:
        ids, matrix = load_vectors(connection, list(dict.fromkeys(item_id for _, item_id in portion)))
    if ids:
        collection.upsert(ids=ids, embeddings=matrix.astype(np.float32))


def _strike(store: Store, up_to: int) -> None:
    """Take changes off the log, now that Chroma has them: by sequence, not by item, which may have changed again."""
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM changes WHERE seq <= ?", (up_to,))
        connection.exec_driver_sql("UPDATE collections SET drained = ? WHERE current = 1", (up_to,))
