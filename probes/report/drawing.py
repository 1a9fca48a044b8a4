"""A model's SVG as a picture that can do nothing: cleaned to shapes, and shown as an image, never as markup."""

import re
from base64 import b64encode
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_DRAWING = re.compile(r"(?>.*?(?=<svg\b))(.*</svg\s*>)", re.DOTALL | re.IGNORECASE)
"""From the first beginning, and no other where that has no end, to the last end."""
_LONGEST, _DEEPEST, _MOST = 200_000, 60, 5_000
_SHAPES = frozenset(
    "svg g defs title desc style path rect circle ellipse line polyline polygon text tspan linearGradient "
    "radialGradient stop clipPath mask animate animateTransform animateMotion set".split()
)
_DECLARED = re.compile(r"<!(?!--)")
_CUTS = re.compile(r"\b(?:mask|clip-path|clip)\b", re.IGNORECASE)
"""What applies a mask or clip: one within another doubles a browser's work with each."""
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression|javascript:|data:|\\", re.IGNORECASE)


def drawing(text: str) -> str | None:
    """Return the address of the picture in an answer, its bytes within it, or None where there is none to be shown.

    What is no shape, reacts to anything or points outside is left out; a browser runs and loads nothing in an image.
    """
    found = _DRAWING.match(text[: 2 * _LONGEST])
    # Without a document type there are no entities, so that nothing can be made large or fetched by parsing.
    if found is None or len(found[1]) > _LONGEST or _DECLARED.search(found[1]):
        return None
    try:
        root = ET.fromstring(_with_namespace(found[1]))  # noqa: S314 - see above
    except ET.ParseError:
        return None
    return _address(_unnested(root)) if _cleaned(root) else None


def _with_namespace(text: str) -> str:
    head, _, _ = text.partition(">")
    return text if _SVG in head else re.sub(r"<svg\b", f'<svg xmlns="{_SVG}"', text, count=1, flags=re.IGNORECASE)


def _address(root: ET.Element) -> str:
    ET.register_namespace("", _SVG)
    return f"data:image/svg+xml;base64,{b64encode(ET.tostring(root)).decode()}"


def _cleaned(root: ET.Element) -> bool:
    """Leave only what draws; tell whether it is a drawing of bounded size and depth."""
    level, seen = [root], 0
    for _ in range(_DEEPEST):
        for element in level:
            _clean(element)
        seen += len(level)
        level = [child for element in level for child in element]
        if not level:
            return root.tag == f"{{{_SVG}}}svg" and seen <= _MOST
    return False


def _unnested(root: ET.Element) -> ET.Element:
    """Let no mask or clip have another: a dozen would keep a browser busy for minutes."""
    for cut in root.iter():
        if cut.tag.endswith(("}mask", "}clipPath")):
            for element in cut.iter():
                element.attrib = {name: value for name, value in element.attrib.items() if not _cuts(name, value)}
    return root


def _cuts(name: str, value: str) -> bool:
    return bool(_CUTS.fullmatch(name)) or (name in ("style", "attributeName") and bool(_CUTS.search(value)))


def _clean(element: ET.Element) -> None:
    for child in list(element):
        if not _draws(child):
            element.remove(child)
    for name, value in list(element.attrib.items()):
        if name.startswith(("on", "{")) or name == "href" or _OUTSIDE.search(value):
            del element.attrib[name]


def _draws(element: ET.Element) -> bool:
    space, _, name = element.tag.rpartition("}") if isinstance(element.tag, str) else ("", "", "")
    rules = element.text or "" if name == "style" else ""
    return space == f"{{{_SVG}" and name in _SHAPES and not (_OUTSIDE.search(rules) or _CUTS.search(rules))
