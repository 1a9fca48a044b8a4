"""How a digest is kept in the store: as JSON, and back."""

from typing import Any

from pydantic import TypeAdapter

from core.digest import Digest

_DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)


def dump(digest: Digest) -> dict[str, Any]:
    """Return the digest in its JSON form."""
    content: dict[str, Any] = _DIGEST.dump_python(digest, mode="json")
    return content


def load(content: dict[str, Any]) -> Digest:
    """Return the digest that ``dump`` gave."""
    return _DIGEST.validate_python(content)
