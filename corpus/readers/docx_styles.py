"""Word's styles in, what they say of a paragraph: heading or title, list, indentation, hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.readers.docx_xml import Element, child, left_indent, number, switch, value, w

# Word gives built-in styles these names in every language of its menus; ids are translated.
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc [1-9]|toc heading|table of figures|index [1-9]", re.IGNORECASE)
_BODY_TEXT = 9  # the outline level of what is no heading
# Word itself allows no more; styles of a broken file are based on one another in a circle.
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What is said of a paragraph. `numbered_by` is the style that its numbering comes from.

    `heading_level` is 1–9, 0 for body text; `indent` is None where the numbering decides it.
    """

    heading_level: int = 0
    is_title: bool = False
    is_contents: bool = False
    is_hidden: bool = False
    num_id: str | None = None
    num_level: int | None = None
    numbered_by: str | None = None
    indent: int | None = None


@dataclass(slots=True)
class Styles:
    """The styles of a file by their ids, each put together with those that it is based on."""

    root: Element | None
    _elements: dict[str, Element] = field(default_factory=dict)
    _default: str | None = None
    _known: dict[str, Style] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.root.iterchildren(w("style")) if self.root is not None else ():
            style_id = one.get(w("styleId"), "")
            self._elements[style_id] = one
            is_default = one.get(w("default"), "0") in ("1", "true", "on")
            if is_default and one.get(w("type")) == "paragraph":
                self._default = style_id

    def of(self, paragraph: Element) -> Style:
        """Return what a paragraph's style and its own properties say together."""
        properties = child(paragraph, "pPr")
        style = self.named(value(properties, "pStyle") or self._default)
        return _with_properties(style, properties)

    def named(self, style_id: str | None) -> Style:
        """Return a style with all that it takes over from others; body text if it is unknown."""
        if style_id is None:
            return Style()
        if style_id not in self._known:
            style = Style()
            for ancestor in reversed([*self._line(style_id)]):
                style = _with_style(style, self._elements.get(ancestor), ancestor)
            self._known[style_id] = style
        return self._known[style_id]

    def is_hidden(self, run: Element, style: Style) -> bool:
        """Tell whether a run in a paragraph of a style is hidden text."""
        properties = child(run, "rPr")
        hidden = switch(properties, "vanish")
        if hidden is not None:
            return hidden
        return style.is_hidden or self.named(value(properties, "rStyle")).is_hidden

    @property
    def language(self) -> str | None:
        """Return the language that text is in unless it says otherwise."""
        default = self._elements.get(self._default or "")
        languages = [child(default, "rPr", "lang")]
        languages += [child(self.root, "docDefaults", "rPrDefault", "rPr", "lang")]
        codes = (one.get(w("val")) for one in languages if one is not None)
        return next((code for code in codes if code), None)

    def _line(self, style_id: str) -> Iterator[str]:
        """Yield the id of a style, of the one it is based on, and so on."""
        following: str | None = style_id
        for _ in range(_MOST_ANCESTORS):
            if following is None:
                return
            yield following
            following = value(self._elements.get(following), "basedOn")


def _with_style(style: Style, element: Element | None, style_id: str) -> Style:
    """Return a style with what another one that is based on it says differently."""
    name = value(element, "name") or style_id
    heading = _HEADING.fullmatch(name)
    if heading:
        style = replace(style, heading_level=int(heading[1]))
    hidden = switch(element, "rPr", "vanish")
    style = replace(
        style,
        is_title=name.lower() == "title" or (style.is_title and name.lower() != "subtitle"),
        is_contents=style.is_contents or _CONTENTS.fullmatch(name) is not None,
        is_hidden=style.is_hidden if hidden is None else hidden,
    )
    properties = child(element, "pPr")
    if child(properties, "numPr") is not None:
        style = replace(style, numbered_by=style_id)
    return _with_properties(style, properties)


def _with_properties(style: Style, properties: Element | None) -> Style:
    """Return a style with what properties of a paragraph or style say differently."""
    outline = number(properties, "outlineLvl")
    if outline is not None:
        style = replace(style, heading_level=outline + 1 if 0 <= outline < _BODY_TEXT else 0)
    if child(properties, "numPr") is not None:
        num_id = value(properties, "numPr", "numId")
        level = number(properties, "numPr", "ilvl")
        style = replace(
            style,
            num_id=style.num_id if num_id is None else num_id,
            num_level=style.num_level if level is None else level,
            indent=None,  # the numbering's, unless it is said here
        )
    indent = left_indent(properties)
    return style if indent is None else replace(style, indent=indent)
