"""What Slack accepts in a message or a view: types, lengths and counts, as its reference states them.

``problems`` speaks as Slack does in ``response_metadata.messages``. Where the reference is silent this is strict.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

MOST_BLOCKS = 50
MOST_IN_VIEW = 100
MOST_CHARACTERS = 13_200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _up_to(most: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=most)


_Id = Annotated[str, _up_to(255)]
_Url = Annotated[str, StringConstraints(min_length=1, max_length=3000, pattern=r"^(https?|mailto|slack)[:]\S+$")]


class _Plain(_Strict):
    type: Literal["plain_text"]
    text: Annotated[str, _up_to(3000)]
    emoji: bool = True


class _Mrkdwn(_Strict):
    type: Literal["mrkdwn"]
    text: Annotated[str, _up_to(3000)]
    verbatim: bool = False


_Text = Annotated[_Plain | _Mrkdwn, Field(discriminator="type")]


class _Plain24(_Plain):
    text: Annotated[str, _up_to(24)]


class _Plain30(_Plain):
    text: Annotated[str, _up_to(30)]


class _Plain75(_Plain):
    text: Annotated[str, _up_to(75)]


class _Plain100(_Plain):
    text: Annotated[str, _up_to(100)]


class _Plain150(_Plain):
    text: Annotated[str, _up_to(150)]


class _Plain2000(_Plain):
    text: Annotated[str, _up_to(2000)]


class _Field(_Strict):
    type: Literal["plain_text", "mrkdwn"]
    text: Annotated[str, _up_to(2000)]
    emoji: bool | None = None
    verbatim: bool | None = None


class _Confirm(_Strict):
    title: _Plain100
    text: _Text
    confirm: _Plain30
    deny: _Plain30
    style: Literal["primary", "danger"] | None = None


class _Option(_Strict):
    text: _Plain75
    value: Annotated[str, _up_to(150)]
    description: _Plain75 | None = None


class _LinkedOption(_Option):
    url: _Url | None = None


class _OptionGroup(_Strict):
    label: _Plain75
    options: list[_Option] = Field(min_length=1, max_length=100)


class _Button(_Strict):
    type: Literal["button"]
    text: _Plain75
    action_id: _Id | None = None
    url: _Url | None = None
    value: Annotated[str, _up_to(2000)] | None = None
    style: Literal["primary", "danger"] | None = None
    confirm: _Confirm | None = None
    accessibility_label: Annotated[str, _up_to(75)] | None = None


class _Overflow(_Strict):
    type: Literal["overflow"]
    action_id: _Id | None = None
    options: list[_LinkedOption] = Field(min_length=1, max_length=5)
    confirm: _Confirm | None = None


class _StaticSelect(_Strict):
    type: Literal["static_select"]
    action_id: _Id | None = None
    placeholder: _Plain150 | None = None
    options: list[_Option] | None = Field(None, min_length=1, max_length=100)
    option_groups: list[_OptionGroup] | None = Field(None, min_length=1, max_length=100)
    initial_option: _Option | None = None
    confirm: _Confirm | None = None
    focus_on_load: bool | None = None

    @model_validator(mode="after")
    def _one_kind_of_options(self) -> "_StaticSelect":
        if (self.options is None) == (self.option_groups is None):
            raise ValueError("must have either options or option_groups")
        return self


class _Choices(_Strict):
    type: Literal["checkboxes", "radio_buttons"]
    action_id: _Id | None = None
    options: list[_Option] = Field(min_length=1, max_length=10)
    initial_options: list[_Option] | None = None
    initial_option: _Option | None = None
    confirm: _Confirm | None = None
    focus_on_load: bool | None = None


class _Picker(_Strict):
    type: Literal["users_select", "conversations_select", "channels_select", "datepicker", "timepicker"]
    action_id: _Id | None = None
    placeholder: _Plain150 | None = None
    confirm: _Confirm | None = None
    focus_on_load: bool | None = None


class _TextInput(_Strict):
    type: Literal["plain_text_input"]
    action_id: _Id | None = None
    initial_value: Annotated[str, StringConstraints(max_length=3000)] | None = None
    multiline: bool = False
    min_length: int | None = Field(None, ge=0, le=3000)
    max_length: int | None = Field(None, ge=1, le=3000)
    placeholder: _Plain150 | None = None
    focus_on_load: bool | None = None


class _ImageElement(_Strict):
    type: Literal["image"]
    image_url: _Url
    alt_text: Annotated[str, _up_to(2000)]


_Action = Annotated[_Button | _Overflow | _StaticSelect | _Choices | _Picker, Field(discriminator="type")]
_Accessory = Annotated[
    _Button | _Overflow | _StaticSelect | _Choices | _Picker | _ImageElement, Field(discriminator="type")
]
_Input = Annotated[_TextInput | _StaticSelect | _Choices | _Picker, Field(discriminator="type")]


class _Style(_Strict):
    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    code: bool | None = None
    underline: bool | None = None


class _RichText(_Strict):
    type: Literal["text"]
    text: Annotated[str, StringConstraints(min_length=1)]
    style: _Style | None = None


class _RichLink(_Strict):
    type: Literal["link"]
    url: _Url
    text: Annotated[str, StringConstraints(min_length=1)] | None = None
    unsafe: bool | None = None
    style: _Style | None = None


class _RichEmoji(_Strict):
    type: Literal["emoji"]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]+$")]
    unicode: str | None = None
    skin_tone: int | None = None


class _RichMention(_Strict):
    type: Literal["user", "channel", "usergroup", "broadcast"]
    user_id: str | None = None
    channel_id: str | None = None
    usergroup_id: str | None = None
    range: Literal["here", "channel", "everyone"] | None = None
    style: _Style | None = None


class _RichDate(_Strict):
    type: Literal["date"]
    timestamp: int
    format: Annotated[str, StringConstraints(min_length=1)]
    url: _Url | None = None
    fallback: str | None = None


_Rich = Annotated[_RichText | _RichLink | _RichEmoji | _RichMention | _RichDate, Field(discriminator="type")]


class _RichSection(_Strict):
    type: Literal["rich_text_section"]
    elements: list[_Rich]


class _RichQuote(_Strict):
    type: Literal["rich_text_quote"]
    elements: list[_Rich] = Field(min_length=1)
    border: Literal[0, 1] | None = None


class _RichPreformatted(_Strict):
    type: Literal["rich_text_preformatted"]
    elements: list[Annotated[_RichText | _RichLink, Field(discriminator="type")]] = Field(min_length=1)
    border: Literal[0, 1] | None = None


class _RichList(_Strict):
    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[_RichSection] = Field(min_length=1)
    indent: int | None = Field(None, ge=0, le=8)
    offset: int | None = Field(None, ge=0)
    border: Literal[0, 1] | None = None


class _Block(_Strict):
    block_id: _Id | None = None


class _RichBlock(_Block):
    type: Literal["rich_text"]
    elements: list[
        Annotated[_RichSection | _RichQuote | _RichPreformatted | _RichList, Field(discriminator="type")]
    ] = Field(min_length=1)


class _Section(_Block):
    type: Literal["section"]
    text: _Text | None = None
    fields: list[_Field] | None = Field(None, min_length=1, max_length=10)
    accessory: _Accessory | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "_Section":
        if self.text is None and self.fields is None:
            raise ValueError("must have text or fields")
        return self


class _Header(_Block):
    type: Literal["header"]
    text: _Plain150


class _Divider(_Block):
    type: Literal["divider"]


class _Context(_Block):
    type: Literal["context"]
    elements: list[Annotated[_ImageElement | _Plain | _Mrkdwn, Field(discriminator="type")]] = Field(
        min_length=1, max_length=10
    )


class _Actions(_Block):
    type: Literal["actions"]
    elements: list[_Action] = Field(min_length=1, max_length=25)


class _Image(_Block):
    type: Literal["image"]
    image_url: _Url
    alt_text: Annotated[str, _up_to(2000)]
    title: _Plain2000 | None = None


class _Markdown(_Block):
    type: Literal["markdown"]
    text: Annotated[str, _up_to(12_000)]


class _InputBlock(_Block):
    type: Literal["input"]
    label: _Plain2000
    element: _Input
    dispatch_action: bool = False
    hint: _Plain2000 | None = None
    optional: bool = False


_InMessage = _Section | _Header | _Divider | _Context | _Actions | _Image | _RichBlock | _Markdown
_MESSAGE: TypeAdapter[list[Any]] = TypeAdapter(
    Annotated[list[Annotated[_InMessage, Field(discriminator="type")]], Field(max_length=MOST_BLOCKS)]
)


class _View(_Strict):
    type: Literal["modal", "home"]
    title: _Plain24 | None = None
    blocks: list[Annotated[_InMessage | _InputBlock, Field(discriminator="type")]] = Field(
        min_length=1, max_length=MOST_IN_VIEW
    )
    close: _Plain24 | None = None
    submit: _Plain24 | None = None
    private_metadata: Annotated[str, StringConstraints(max_length=3000)] | None = None
    callback_id: _Id | None = None
    clear_on_close: bool = False
    notify_on_close: bool = False
    external_id: _Id | None = None


def problems(blocks: object) -> list[str]:
    """Return what Slack would refuse in a message's blocks; nothing where it accepts them."""
    return [*_refused(_MESSAGE, blocks), *(_repeated(blocks) if isinstance(blocks, list) else ())]


def view_problems(view: object) -> list[str]:
    """Return what Slack would refuse in a view."""
    told = _refused(TypeAdapter(_View), view)
    if isinstance(view, dict) and view.get("type") == "modal" and "title" not in view:
        told.append("[ERROR] missing required field: title [json-pointer:/title]")
    return told


def _refused(schema: TypeAdapter[Any], value: object) -> list[str]:
    try:
        schema.validate_python(value)
    except ValidationError as error:
        return [f"[ERROR] {one['msg']} [json-pointer:{_pointer(one['loc'])}]" for one in error.errors()]
    return []


def _pointer(location: Sequence[int | str]) -> str:
    # The tags of discriminated unions follow the place they choose for; in Slack's pointers they do not occur.
    before = ["", *location][: len(location)]
    kept = [part for part, one in zip(location, before, strict=True) if isinstance(part, int) or not _is_tag(part, one)]
    return "/" + "/".join(map(str, kept))


def _is_tag(part: str, before: int | str) -> bool:
    follows_union = isinstance(before, int) or before in ("text", "accessory", "element")
    return follows_union and part not in ("text", "value", "label", "description", "options", "elements")


def _repeated(blocks: list[Any]) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block)
    for block_id in (known for known, times in ids.items() if times > 1):
        yield f"[ERROR] block_id `{block_id}` already exists [json-pointer:/blocks]"
    for place, block in enumerate(blocks):
        actions = Counter(element["action_id"] for element in interactive(block) if "action_id" in element)
        for action_id in (known for known, times in actions.items() if times > 1):
            yield f"[ERROR] action_id `{action_id}` already exists for block [json-pointer:/{place}/elements]"


def interactive(block: object) -> list[dict[str, Any]]:
    """Return the elements of a block that a reader may press."""
    if not isinstance(block, dict):
        return []
    elements = block.get("elements", ()) if block.get("type") == "actions" else [block.get("accessory")]
    return [element for element in elements if isinstance(element, dict)]


def characters(value: object) -> int:
    """Return how long blocks are together: every string in them but the names of types.

    Slack does not say how it counts what ``msg_blocks_too_long`` refuses; this is how people report it.
    """
    if isinstance(value, dict):
        return sum(characters(part) for name, part in value.items() if name != "type")
    if isinstance(value, list | tuple):
        return sum(map(characters, value))
    return len(value) if isinstance(value, str) else 0
