"""What a model gives to each of the analyst's tools: the schemas that it is shown, and what its arguments must fit."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from nightdesk.arithmetic import KNOWN

_Offset = Annotated[int, Field(ge=0, description="Where to go on, in characters.")]
_Id = Annotated[str, Field(description="Its id, as another tool told it; empty for the item that you analyse.")]
_Until = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$", description="Only up to this day, such as 2026-05-31.")]


class Query(BaseModel):
    """Arguments of ``search``."""

    query: str = Field(min_length=1, description='Words, "a phrase" that must occur, -word to leave out.')
    kind: Literal["any", "paper", "post", "release"] = "any"
    until: _Until = ""


class Named(BaseModel):
    """Arguments of ``open_item``."""

    id: _Id = ""


class Likeness(Named):
    """Arguments of ``find_related``."""

    until: _Until = ""


class Place(Named):
    """Arguments of ``read_text``."""

    offset: _Offset = 0


class Look(BaseModel):
    """Arguments of ``look_at_repository``."""

    repository: str = Field(description="owner/name on GitHub, as an item or text that you opened names it.")
    path: str = Field("", description="A folder, to list it, or a file, to read it; empty for all and the README.")
    offset: _Offset = 0


class Sum(BaseModel):
    """Arguments of ``calculate``."""

    expression: str = Field(description=f"In Python's notation: + - * / // % ** and {KNOWN}.")
