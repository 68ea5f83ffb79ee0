"""East Asian text that comes without its font is read on a system that has none for it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf_fonts import FONTS

# pdfium cannot be told twice while other tests have files open.
READ = """
import sys
from pathlib import Path
from corpus.readers.parsed import assemble
from corpus.readers.pdf import parse_pdf
from corpus.readers.pdf_fonts import use_fonts
use_fonts(sys.argv[2])
text, _, _ = assemble(parse_pdf(Path(sys.argv[1]).read_bytes()))
sys.stdout.buffer.write(text.encode())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have such fonts")
@pytest.mark.parametrize("has_boxes", [True, False])
def test_a_character_that_stands_alone_is_read_by_the_box(tmp_path: Path, has_boxes: bool) -> None:
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setFont("STSong-Light", 12)
    for height, text in ((700, "\u503c\u73ed\u961f"), (680, "\u957f")):  # the leader of a shift
        canvas.drawString(100, height, text)
    canvas.save()
    path = tmp_path / "song.pdf"
    path.write_bytes(drawn.getvalue())
    fonts = str(FONTS if has_boxes else tmp_path)
    command = (sys.executable, "-c", READ, str(path), fonts)
    read = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert "\u503c\u73ed\u961f" in read
    assert ("\u957f" in read) is has_boxes
