"""From the text of an answer to data, with one error for whatever it is that came."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import ModelUnreadable

M = TypeVar("M", bound=BaseModel)


def read_document(form: type[M], document: str, host: str) -> M:
    """Read a JSON document into its form.

    Raises ModelUnreadable. The standard parser reads it: pydantic's refuses half a surrogate pair, which hosts do send.
    """
    try:
        return form.model_validate(json.loads(document))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        why = f"{host} sent another answer than promised: {place}: {first['msg']}"
        raise ModelUnreadable(why, is_paid=True) from error
    except (ValueError, RecursionError) as error:
        raise ModelUnreadable(f"{host} sent no JSON: {document[:80]!r}", is_paid=True) from error


def mended(text: str) -> str:
    """Return a text with halves of surrogate pairs replaced, so that it can be stored and shown."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
