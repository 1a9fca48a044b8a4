"""The Chroma index: ids and vectors only, derived from the store, thrown away and rebuilt at will.

The one module that imports chromadb. Rows that changed stand in the store's change log; ``drain`` takes them over.
Two writers would corrupt the index silently, so that writing happens under a lock beside it.
"""

from pathlib import Path

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.config import Settings
from chromadb.errors import NotFoundError
from filelock import FileLock
from sqlalchemy import Connection, delete, insert, select

from core.errors import StoreError
from kb.embedder import Vectors
from kb.schema import changes, vectors
from kb.store import Store
from kb.vectors import load_vectors

_COLLECTION = "items"
_PORTION = 1000


class Index:
    """Nearest neighbours among all items."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; Chroma itself is opened when it is first needed.

        Raises StoreError then when Chroma cannot open it.
        """
        self._folder = folder

    def drain(self, store: Store) -> int:
        """Take over what changed in the store since the last time; return how many items were written.

        An index that is new, or was deleted, is filled from all vectors.
        """
        self._make_folder()
        with FileLock(self._folder.with_suffix(".lock")):
            collection = self._writable(store)
            written = 0
            while portion := _write_portion(store, collection):
                written += portion
            return written

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return up to ``limit`` ids with their cosine similarity, the closest first; empty when nothing is indexed."""
        try:
            found = self._client().get_collection(_COLLECTION, embedding_function=None)
        except NotFoundError:
            return []
        answer = found.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"])
        distances = (answer["distances"] or [[]])[0]
        return [(item_id, 1.0 - distance) for item_id, distance in zip(answer["ids"][0], distances, strict=True)]

    def count(self) -> int:
        """Return how many vectors are indexed."""
        try:
            return int(self._client().get_collection(_COLLECTION, embedding_function=None).count())
        except NotFoundError:
            return 0

    def _client(self) -> ClientAPI:
        try:
            return chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        except Exception as error:  # Chroma raises whatever its layers do
            raise StoreError(
                f"cannot open the index {self._folder} ({error}); delete that folder and it is rebuilt"
            ) from error

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the index folder {self._folder}: {error.strerror}") from error

    def _writable(self, store: Store) -> chromadb.Collection:
        client = self._client()
        try:
            return client.get_collection(_COLLECTION, embedding_function=None)
        except NotFoundError:
            # Logged before it is made: killed in between, the next drain finds no collection and logs again.
            with store.writing() as connection:
                _log_all(connection)
            configuration = CreateCollectionConfiguration(hnsw=CreateHNSWConfiguration(space="cosine"))
            return client.create_collection(_COLLECTION, configuration=configuration, embedding_function=None)


def _log_all(connection: Connection) -> None:
    connection.execute(delete(changes))
    connection.execute(insert(changes).from_select(["item_id"], select(vectors.c.item_id)))


def _write_portion(store: Store, collection: chromadb.Collection) -> int:
    """Write the oldest changes; they leave the log only when Chroma has them, by sequence, not by item."""
    with store.reading() as connection:
        logged = connection.execute(select(changes).order_by(changes.c.seq).limit(_PORTION)).all()
        ids, matrix = load_vectors(connection, list(dict.fromkeys(row.item_id for row in logged)))
    if ids:
        collection.upsert(ids=ids, embeddings=matrix.astype(np.float32))
    if logged:
        with store.writing() as connection:
            connection.execute(delete(changes).where(changes.c.seq <= logged[-1].seq))
    return len(logged)
