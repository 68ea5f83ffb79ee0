"""Word's numbering in, what stands before each item and numbered heading: "• ", "3. ", "2.b) "."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.readers.docx_styles import Style, Styles
from corpus.readers.docx_xml import Element, child, integer, left_indent, number, switch, value, w
from corpus.readers.outline import BULLET

_PLACE = re.compile(r"%([1-9])")
_NOT_NUMBERED = "0"  # the id by which a paragraph takes back the numbering of its style
_MOST_LINKS = 5
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
# Beyond, Word prints figures too.
_LARGEST_ROMAN = 32_767
_LARGEST_LETTER = 780


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph, a space included, and where it stands in which list."""

    marker: str
    is_bullet: bool
    list_id: str
    level: int
    indent: int


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `restart` is the number of levels that restart it."""

    start: int
    style: str
    text: str
    restart: int
    is_decimal: bool
    gap: str
    indent: int
    linked_style: str | None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """An instance of a list: the list's id, its levels, and those that start anew with it."""

    list_id: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a file, and how far each has been counted."""

    root: Element | None
    styles: Styles
    _lists: dict[str, Element] = field(default_factory=dict)
    _instances: dict[str, Element] = field(default_factory=dict)
    _known: dict[str, _Numbers] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.root is not None:
            for one in self.root.iterchildren(w("abstractNum")):
                self._lists[one.get(w("abstractNumId"), "")] = one
            for one in self.root.iterchildren(w("num")):
                self._instances[one.get(w("numId"), "")] = one

    def next_label(self, style: Style) -> Label | None:
        """Return the label of the next paragraph, and count it; None if it has none to show."""
        num_id = style.num_id
        if num_id is None or num_id == _NOT_NUMBERED or num_id not in self._instances:
            return None
        numbers = self._numbers(num_id)
        place = _level_of(style, numbers)
        level = numbers.levels.get(place)
        if level is None:
            return None
        counts = self._count(num_id, numbers, place)
        is_bullet = level.style == "bullet"
        marker = BULLET if is_bullet else _marker(numbers.levels, level, counts)
        indent = level.indent if style.indent is None else style.indent
        return Label(marker, is_bullet, numbers.list_id, place, indent) if marker else None

    def _count(self, num_id: str, numbers: _Numbers, place: int) -> Mapping[int, int]:
        """Return where each level of a list stands after one more at `place`.

        Instances of one list go on counting from one another, except at the levels that an
        instance starts anew, when it comes to be used first.
        """
        counts = self._counts.setdefault(numbers.list_id, {})
        starts_anew = place in numbers.starts and (num_id, place) not in self._begun
        self._begun.add((num_id, place))
        if place in counts and not starts_anew:
            counts[place] += 1
        else:
            counts[place] = _start(numbers, place)
        for above in range(place):  # a level that was passed over counts as begun
            counts.setdefault(above, _start(numbers, above))
        for below in [one for one in counts if one > place]:
            level = numbers.levels.get(below)
            if place < (level.restart if level else below):
                del counts[below]
        return counts

    def _numbers(self, num_id: str) -> _Numbers:
        if num_id not in self._known:
            instance = self._instances[num_id]
            list_id = self._list_id(instance)
            levels = _levels(self._lists.get(list_id))
            starts: dict[int, int] = {}
            for one in instance.iterchildren(w("lvlOverride")):
                place = integer(one.get(w("ilvl"))) or 0
                levels |= _levels(one)
                start = number(one, "startOverride")
                if start is not None:
                    starts[place] = start
            self._known[num_id] = _Numbers(list_id, levels, starts)
        return self._known[num_id]

    def _list_id(self, instance: Element) -> str:
        """Return the id of an instance's list; some lists only name a style that has another."""
        list_id = value(instance, "abstractNumId") or ""
        for _ in range(_MOST_LINKS):
            linked = value(self._lists.get(list_id), "numStyleLink")
            other = self._instances.get(self.styles.named(linked).num_id or "")
            if other is None:
                break
            list_id = value(other, "abstractNumId") or ""
        return list_id


def _levels(element: Element | None) -> dict[int, _Level]:
    """Return the levels described in an element, by their number from 0."""
    levels: dict[int, _Level] = {}
    for one in element.iterchildren(w("lvl")) if element is not None else ():
        place = integer(one.get(w("ilvl"))) or 0
        start, restart = number(one, "start"), number(one, "lvlRestart")
        levels[place] = _Level(
            start=0 if start is None else start,
            style=value(one, "numFmt") or "decimal",
            text=value(one, "lvlText") or "",
            restart=place if restart is None else restart,
            is_decimal=bool(switch(one, "isLgl")),
            gap="" if value(one, "suff") == "nothing" else " ",
            indent=left_indent(child(one, "pPr")) or 0,
            linked_style=value(one, "pStyle"),
        )
    return levels


def _level_of(style: Style, numbers: _Numbers) -> int:
    """Return the level of a paragraph: the one linked to its style, else the one it names."""
    linked = [
        place
        for place, level in numbers.levels.items()
        if style.numbered_by is not None and level.linked_style == style.numbered_by
    ]
    return linked[0] if linked and style.num_level is None else style.num_level or 0


def _start(numbers: _Numbers, place: int) -> int:
    level = numbers.levels.get(place)
    return numbers.starts.get(place, level.start if level else 1)


def _marker(levels: Mapping[int, _Level], level: _Level, counts: Mapping[int, int]) -> str:
    def shown(place: re.Match[str]) -> str:
        other = levels.get(int(place[1]) - 1)
        if other is None:
            return ""
        is_decimal = level.is_decimal and other.style not in ("bullet", "none")
        reached = counts.get(int(place[1]) - 1, other.start)
        return numeral(reached, "decimal" if is_decimal else other.style)

    text = _PLACE.sub(shown, level.text).strip()
    return text + level.gap if text else ""


def numeral(count: int, style: str) -> str:
    """Return a number as Word prints it in a style; as figures in those of other scripts."""
    match style:
        case "bullet" | "none":
            return ""
        case "decimalZero":
            return f"{count:02}"
        case "lowerLetter" | "upperLetter" if 0 < count <= _LARGEST_LETTER:
            again, letter = divmod(count - 1, 26)
            text = chr(ord("a") + letter) * (again + 1)
        case "lowerRoman" | "upperRoman" if 0 < count <= _LARGEST_ROMAN:
            text = _roman(count)
        case _:
            return str(count)
    return text.upper() if style.startswith("upper") else text


def _roman(count: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        times, count = divmod(count, worth)
        text += letters * times
    return text
