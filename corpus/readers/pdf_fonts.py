"""The fonts that pdfium has for text whose own font is not in the file.

East Asian files often come without their fonts. On a system that has none for them either, pdfium
takes such a character for a thing without extent, and leaves out a text that has no other: the last
character of a cell is gone without a word. So it gets one font more, in which each is a box.
"""

import ctypes
import sys
from pathlib import Path

from pypdfium2 import raw

FONTS = Path(__file__).parent / "fonts"
# Where pdfium looks if it is told nothing (CLinuxPlatform, core/fxge/linux/fx_linux_impl.cpp).
_SYSTEM = (
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
)


_kept: list[object] = []  # what pdfium was given, which it may read as long as it is there


def use_fonts(*folders: str | Path) -> None:
    """Let pdfium look for fonts in some folders alone. No file may be open.

    Windows and macOS, which come with East Asian fonts, keep their own way.
    """
    if sys.platform != "linux":
        return
    config = raw.FPDF_LIBRARY_CONFIG(version=2)
    paths = [ctypes.create_string_buffer(str(folder).encode()) for folder in folders]
    characters = ctypes.POINTER(ctypes.c_char)
    listed = (characters * (len(paths) + 1))(*(ctypes.cast(path, characters) for path in paths))
    config.m_pUserFontPaths = ctypes.cast(listed, type(config.m_pUserFontPaths))
    _kept.extend((listed, paths))
    raw.FPDF_DestroyLibrary()  # pypdfium2 made it ready without any
    raw.FPDF_InitLibraryWithConfig(config)


def use_boxes_for_what_is_missing() -> None:
    """Let pdfium have the system's fonts, and a box for what those lack."""
    use_fonts(*_SYSTEM, FONTS)
