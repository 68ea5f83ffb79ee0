"""What a reader keeps and checks: the dossier of quotes, and quotations held against the texts."""

from collections.abc import Sequence
from html import escape

from assistant.answer import Citation
from assistant.matching import Difference
from assistant.pages.cards import links, quote
from assistant.pages.elements import button, foreign, listed, paragraph, place_lines, warning
from assistant.places import Place
from assistant.texts import Texts
from assistant.verification import Verification

FORMATS = ("md", "docx", "pdf", "ris", "bibtex", "csl")


def dossier(kept: Sequence[tuple[Place, Citation]], lost: int, texts: Texts) -> str:
    """Return the quotes that were collected; `lost` of them are in no snapshot any more."""
    exports = [
        button(texts(f"export.{one}"), do="export_dossier", css="small", format=one)
        for one in FORMATS
    ]
    clear = button(texts("dossier.clear"), do="clear_dossier", css="small")
    body = f"<ol>{''.join(_kept(*one, texts) for one in kept)}</ol>"
    foot = f'<div class="bar">{"".join(exports)}{clear}</div>'
    return (
        '<section class="source dossier"><header><div class="bar">'
        f"{button(texts('source.back'), do='close', css='close')}</div>"
        f'<h2 tabindex="-1">{texts("dossier.title")}</h2>'
        f"{paragraph(texts('dossier.about'), 'quiet')}"
        f"{paragraph(texts.count('dossier.lost', lost) if lost else '', 'warning')}"
        f'{foot if kept else ""}</header><div class="text" tabindex="0" role="region" '
        f'aria-label="{texts("dossier.title")}">'
        f"{body if kept else paragraph(texts('dossier.empty'), 'quiet')}</div></section>"
    )


def _kept(place: Place, citation: Citation, texts: Texts) -> str:
    heading = f'{foreign(citation.title, "title")}<span class="show">{texts("card.show")}</span>'
    return (
        f'<li><article class="card" data-place="{escape(place.to_json())}">'
        f"<h3>{button(heading, act='source')}</h3>{place_lines(citation, texts)}"
        f"{warning(citation.status, texts)}{quote(citation)}"
        f'<div class="actions">{button(texts("keep.copy"), do="copy")}'
        f"{button(texts('dossier.remove'), do='unkeep')}</div></article></li>"
    )


def checker(texts: Texts, *, text: str = "", result: str = "") -> str:
    """Return the box for a text with quotations, and below it what became of them."""
    return (
        f'<section class="checker"><h2>{texts("check.title")}</h2>'
        f"{paragraph(texts('check.about'), 'quiet')}"
        f'<label for="quotation">{texts("check.label")}</label>'
        f'<textarea id="quotation" rows="5" dir="auto">{escape(text)}</textarea>'
        f"{button(texts('check.check'), act='check', css='primary')}"
        f'<div class="verdicts" role="status" tabindex="-1">{result}</div></section>'
    )


def checking(texts: Texts) -> str:
    """Return what stands in place of the verdicts while quotations are looked up."""
    return f'<p class="headline waiting">{texts("answer.waiting")}</p>'


def cut_off(most: int, texts: Texts) -> str:
    """Return that only so many characters of a text were looked through."""
    return paragraph(texts("check.cut", most=most), "warning")


def verdicts(found: Sequence[Verification], texts: Texts) -> str:
    """Return what became of each quotation: exact, altered or not found, and where it stands."""
    if not found:
        return paragraph(texts("check.none"), "advice")
    return f"<ol>{''.join(_verdict(one, texts) for one in found)}</ol>"


def _verdict(one: Verification, texts: Texts) -> str:
    left_out = "".join(f" <q>{foreign(words)}</q>" for words in one.left_out)
    return (
        f'<li class="verdict {one.verdict}"><p class="headline {one.verdict}">'
        f"{texts(f'check.{one.verdict}')}</p>"
        f'<p class="quotation" dir="auto">{escape(one.quotation)}</p>'
        f"{_differences(one.differences, texts)}"
        f"{paragraph(left_out and texts('check.left_out') + left_out, 'cue')}"
        f"{_standing(one.citation, one.snapshot_id, texts) if one.citation else ''}"
        f"{_today(one, texts)}</li>"
    )


def _differences(differences: Sequence[Difference], texts: Texts) -> str:
    return listed(
        texts("check.difference", quoted=each.quoted or "∅", stands=each.stands or "∅")
        for each in differences
    )


def _today(one: Verification, texts: Texts) -> str:
    """Return what stands today where a quotation was found in an older snapshot only."""
    if one.snapshot_id in (None, one.live_snapshot_id):
        return ""
    if one.current is None:
        return paragraph(texts("check.gone"), "warning")
    return (
        f"{paragraph(texts('check.older'), 'warning')}{_differences(one.differences_now, texts)}"
        f"{_standing(one.current, one.live_snapshot_id, texts)}"
    )


def _standing(citation: Citation, snapshot_id: str | None, texts: Texts) -> str:
    """Return what stands in the document, as a card that opens it."""
    place = Place.of(snapshot_id or "", citation)
    heading = f'{foreign(citation.title, "title")}<span class="show">{texts("card.show")}</span>'
    return (
        f'<article class="card" data-place="{escape(place.to_json())}">'
        f"<h3>{button(heading, act='source')}</h3>{place_lines(citation, texts)}"
        f"{warning(citation.status, texts)}{quote(citation)}{links(citation, texts)}"
        f'<div class="actions">{button(texts("keep.copy"), do="copy")}'
        f"{button(texts('keep.keep'), do='keep')}</div></article>"
    )
