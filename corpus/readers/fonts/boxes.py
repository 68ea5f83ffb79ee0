"""Makes boxes.ttf, in which every character is the same box of one em.

    pip install fonttools
    python corpus/readers/fonts/boxes.py

Its name is the last of the alphabet: pdfium takes the first of those that suit equally well.
"""

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

ASCENT, DESCENT, EM = 880, -120, 1000
GLYPHS = (".notdef", "box")
# All of the basic plane but for what stands for others.
CHARACTERS = (*range(0x20, 0xD800), *range(0xE000, 0xFFFE))
# Bits of the table OS/2: Latin, Japanese, Chinese (simplified), Korean, Chinese, Korean (Johab).
CODE_PAGES = sum(1 << bit for bit in (0, 17, 18, 19, 20, 21))


def main() -> None:
    """Write the font beside this file."""
    builder = FontBuilder(EM)
    builder.setupGlyphOrder(list(GLYPHS))
    builder.setupGlyf(dict.fromkeys(GLYPHS, _box()))
    builder.setupHorizontalMetrics(dict.fromkeys(GLYPHS, (EM, 0)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": "ZZ Boxes", "styleName": "Regular"})
    builder.setupPost()
    builder.font["cmap"] = _all_to_the_box()
    builder.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=DESCENT,
        usWinAscent=ASCENT,
        usWinDescent=-DESCENT,
        ulCodePageRange1=CODE_PAGES,
        xAvgCharWidth=EM,
    )
    builder.save(Path(__file__).with_name("boxes.ttf"))


def _box() -> Any:  # noqa: ANN401  # fontTools is not installed where types are checked
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    for corner in (0, ASCENT), (EM, ASCENT), (EM, DESCENT):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def _all_to_the_box() -> Any:  # noqa: ANN401
    """Return a table of one range: format 13 has one glyph for many characters."""
    subtable = CmapSubtable.newSubtable(13)
    subtable.platformID, subtable.platEncID, subtable.language = 3, 10, 0
    subtable.cmap = dict.fromkeys(CHARACTERS, "box")
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [subtable]
    return table


if __name__ == "__main__":
    main()
