"""Prints originals with Chromium into `kept/`, and puts down on which pages their sentences are.

    python tests/truth/by_browser.py

Needs Debian's chromium, and its packages fonts-dejavu, fonts-liberation, fonts-hosny-amiri and
fonts-wqy-microhei. Run it after a change of a text or of this file, and commit what it writes.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from texts import Text, load_text
from web import body_of

_LANGUAGES_FROM_THE_RIGHT = ("ar", "he")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a text is printed; `box` is where a box floats to, or "none" for the column's width."""

    paper: str = "A4"
    columns: int = 1
    size: float = 11
    font: str = "Liberation Serif"
    box: str = "none"
    ruled: bool = True
    tagged: bool = True
    justified: bool = False


PRINTS: dict[str, tuple[str, Sheet]] = {
    "gates-browser": ("gates", Sheet(box="right")),
    "gates-browser-columns": ("gates", Sheet(columns=2, font="Liberation Sans", tagged=False)),
    "gates-browser-small": ("gates", Sheet("A5", font="DejaVu Serif", size=9)),
    "patrols-browser-columns": ("patrols", Sheet(columns=2, size=13, justified=True)),
    "manual-browser": ("manual", Sheet("A5", size=11, justified=True)),
    "suppliers-browser": ("suppliers", Sheet("A5", ruled=False, size=10, tagged=False)),
    "complaints-browser": ("complaints", Sheet("A5", font="Liberation Sans", size=10)),
    "foyers-browser": ("foyers", Sheet("A5", font="DejaVu Sans", size=9)),
    "foyers-browser-columns": ("foyers", Sheet(columns=2, size=14, justified=True, box="left")),
    "arabic-browser": ("arabic", Sheet("A5", font="Amiri", size=13)),
    "arabic-browser-columns": ("arabic", Sheet(columns=2, font="DejaVu Sans", size=14)),
    "hebrew-browser": ("hebrew", Sheet("A5", font="DejaVu Sans", size=13)),
    "chinese-browser": ("chinese", Sheet("A5", font="WenQuanYi Micro Hei", size=13)),
}


def page_of(text: Text, sheet: Sheet, *, linked: bool = False) -> str:
    """Return the page that Chromium prints; `linked` as in `web.body_of`."""
    direction = "rtl" if text.language in _LANGUAGES_FROM_THE_RIGHT else "ltr"
    body = body_of(text, soft_hyphens=True, linked=linked)
    return (
        f'<!doctype html><html lang="{text.language}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{text.title}</title><style>{_style(text, sheet)}</style><body>{body}</body></html>"
    )


def _style(text: Text, sheet: Sheet) -> str:
    rules = "1px solid #555" if sheet.ruled else "none"
    justify = "justify" if sheet.justified else "start"
    width = "100%" if sheet.box == "none" else "45%"
    return f"""
        @page {{ size: {sheet.paper}; margin: 20mm 16mm 18mm;
            @top-left {{ content: "{text.head}"; font: 8pt "{sheet.font}"; }}
            @bottom-left {{ content: "Liaison papers"; font: 8pt "{sheet.font}"; }}
            @bottom-right {{ content: counter(page); font: 8pt "{sheet.font}"; }} }}
        html {{ font: {sheet.size}pt/1.35 "{sheet.font}"; orphans: 1; widows: 1; }}
        body {{ margin: 0; columns: {sheet.columns}; column-gap: 8mm; }}
        a {{ color: inherit; text-decoration: none; }} tr {{ break-inside: avoid; }}
        p, li, dd {{ hyphens: manual; text-align: {justify}; margin: 0 0 .5em; }}
        h1 {{ font-size: 2em; line-height: 1.15; margin: 0 0 .6em; }}
        h2 {{ font-size: 1.4em; margin: 1em 0 .4em; }}
        h3 {{ font-size: 1.1em; margin: .8em 0 .3em; }}
        table {{ border-collapse: collapse; width: 100%; margin: .5em 0; }}
        td, th {{ border: {rules}; padding: 2pt 5pt; text-align: start; vertical-align: top; }}
        .box {{ float: {sheet.box}; width: {width}; box-sizing: border-box; background: #eee;
            padding: 6pt; margin: 0 0 6pt 8pt; break-inside: avoid; }}
        .box h2 {{ margin-top: 0; }}
        .notes {{ font-size: .8em; border-top: 1px solid; margin-top: 2em; }}
        .body {{ break-before: page; }} sup {{ font-size: .6em; line-height: 0; }}
    """


def main() -> None:
    """Print all sheets."""
    sys.path.append(str(Path(__file__).parents[1] / "browser"))
    from chromium import open_browser
    from kept import keep
    from paging import find_pages, page_texts

    with open_browser() as browser:
        page = browser.new_page()
        for name, (text_name, sheet) in PRINTS.items():
            text = load_text(text_name)
            page.set_content(page_of(text, sheet, linked=True))
            linked = page.pdf(prefer_css_page_size=True)
            page.set_content(page_of(text, sheet))
            data = page.pdf(
                prefer_css_page_size=True,
                print_background=True,
                tagged=sheet.tagged,
                outline=sheet.tagged,
            )
            keep(name, data, find_pages(text, page_texts(data), linked))


if __name__ == "__main__":
    main()
