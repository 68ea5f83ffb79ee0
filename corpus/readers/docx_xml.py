"""The XML of Word's parts: names of elements, what they say, and what stands in them.

Names are those of ECMA-376, part 1 (https://ecma-international.org/publications-and-standards/).
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml.etree import _Element

Element: TypeAlias = _Element  # of a part

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_INTEGER = re.compile(r"\s*(-?\d{1,9})")


def w(name: str) -> str:
    """Return the full name of an element or attribute of Word."""
    return f"{{{_WORD}}}{name}"


MATHS_TEXT = f"{{{_MATHS}}}t"
_ALTERNATIVES = f"{{{_COMPATIBILITY}}}AlternateContent"
_CHOICE = f"{{{_COMPATIBILITY}}}Choice"
_FALLBACK = f"{{{_COMPATIBILITY}}}Fallback"
# What only holds other things, at the level of blocks, rows and cells as well as inside a line.
# Insertions are among them: a document is read as if all its changes were accepted.
_WRAPPERS = {
    *map(w, ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink")),
    *map(w, ("fldSimple", "dir", "bdo", "ruby", "rubyBase")),
}
_LEFT_OUT = set(map(w, ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "rubyPr", "rt")))


def inside(element: Element) -> Iterator[Element]:
    """Yield what stands in an element, wrappers opened; neither properties nor what was deleted.

    What is written in several ways, as a text box is for old and new versions, comes once.
    """
    for one in element.iterchildren("*"):
        if one.tag in _WRAPPERS:
            yield from inside(one)
        elif one.tag == _ALTERNATIVES:
            choice = one.find(_CHOICE)
            shown = one.find(_FALLBACK) if choice is None else choice
            yield from inside(shown) if shown is not None else ()
        elif one.tag not in _LEFT_OUT:
            yield one


def child(element: Element | None, *names: str) -> Element | None:
    """Return the element that the names lead to, one below the other; None if it is not there."""
    for name in names:
        if element is None:
            return None
        element = element.find(w(name))
    return element


def value(element: Element | None, *names: str) -> str | None:
    """Return the value (`w:val`) of the element that the names lead to."""
    found = child(element, *names)
    text: str | None = None if found is None else found.get(w("val"))
    return text


def number(element: Element | None, *names: str) -> int | None:
    """Return the value of the element that the names lead to, as a whole number."""
    return integer(value(element, *names))


def integer(text: str | None) -> int | None:
    """Return the whole number that a text starts with, if there is one."""
    found = _INTEGER.match(text or "")
    return int(found[1]) if found else None


def switch(element: Element | None, *names: str) -> bool | None:
    """Tell whether a switch is on; None if it is not there. Without a value it is on."""
    found = child(element, *names)
    if found is None:
        return None
    return found.get(w("val"), "true").lower() not in ("0", "false", "off", "none")


def left_indent(properties: Element | None) -> int | None:
    """Return how far a paragraph is set in, in twentieths of a point, if its properties say it."""
    found = child(properties, "ind")
    if found is None:
        return None
    return integer(found.get(w("left"), found.get(w("start"))))
