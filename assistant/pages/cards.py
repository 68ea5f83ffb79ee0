"""A citation as a card: where it stands, the quote word for word, what can be done with it."""

from collections.abc import Iterable
from html import escape

from assistant.answer import Citation
from assistant.pages.elements import (
    button,
    foreign,
    link,
    listed,
    marked,
    paragraph,
    place_lines,
    warning,
)
from assistant.places import Place
from assistant.session import Turn
from assistant.texts import Texts
from corpus.documents import Span

# Why a passage does not help, as feedback names it.
REASONS = ("wrong_document", "outdated", "misses_the_point")


def card(number: int, turn: Turn, citation: Citation, texts: Texts) -> str:
    """Return a citation of a turn as a card that carries its place, `number` that of the turn."""
    place = Place.of(turn.answer.snapshot_id, citation)
    heading = (
        f'<span class="number">{citation.number}</span>{foreign(citation.title, "title")}'
        f'<span class="show">{texts("card.show")}</span>'
    )
    parts = (
        f"<h3>{button(heading, act='cite', turn=number, number=citation.number)}</h3>",
        place_lines(citation, texts),
        warning(citation.status, texts),
        _changes(citation, texts),
        _lead_in(citation, texts),
        quote(citation),
        _cues(citation, turn.limits[citation.number - 1] if turn.limits else (), texts),
        _also_in(citation, texts),
        links(citation, texts),
        _actions(citation, texts),
    )
    return (
        f'<article class="card" data-place="{escape(place.to_json())}" '
        f'data-permalink="{escape(citation.permalink)}">{"".join(parts)}</article>'
    )


def quote(citation: Citation) -> str:
    """Return the quote, its answering sentences marked."""
    marks = [Span(*edges) for edges in citation.highlights]
    inside = [Span(one.start - citation.start, one.end - citation.start) for one in marks]
    return (
        f'<blockquote lang="{escape(citation.language)}" dir="auto">'
        f"{marked(citation.quote, inside)}</blockquote>"
    )


def links(citation: Citation, texts: Texts) -> str:
    """Return the links to the published text and to the official publication on its subject."""
    published = link(citation.url, texts("source.published"), texts)
    official = link(citation.counterpart, texts("source.official"), texts)
    return listed((published, official), "links")


def _changes(citation: Citation, texts: Texts) -> str:
    """Return that the passage is another than in the release before, or read from a picture."""
    changed = ""
    if citation.changed:
        see = button(
            texts("changed.see"), act="changes", css="small", passage=citation.passage_id
        )  # fmt: skip
        changed = f"{texts(f'changed.{citation.changed}')} {see}"
    recognised = texts("changed.recognised") if citation.is_recognised else ""
    return paragraph(changed, "cue") + paragraph(recognised, "cue")


def _lead_in(citation: Citation, texts: Texts) -> str:
    if not citation.lead_in:
        return ""
    words = f'<bdi lang="{escape(citation.language)}">{escape(citation.lead_in)}</bdi>'
    return f'<p class="lead-in"><span class="label">{texts("card.lead_in")}</span> {words}</p>'


def _cues(citation: Citation, limits: Iterable[str], texts: Texts) -> str:
    """Return how binding the marked words are, and the sentences of the text that limit them."""
    strength = texts(f"strength.{citation.strength}") if citation.strength else ""
    told = "".join(f' <q dir="auto">{escape(one)}</q>' for one in limits)
    limited = f"{texts('card.limits')}{told}" if told else ""
    return paragraph(strength, "cue") + paragraph(limited, "cue limits")


def _also_in(citation: Citation, texts: Texts) -> str:
    places = ", ".join(foreign(place) for place in citation.also_in)
    return paragraph(f"{texts('card.also_in')} {places}" if places else "", "place")


def _actions(citation: Citation, texts: Texts) -> str:
    """Return what a reader can do with the quote: copy it, keep it, say whether it helped."""
    named = f'<span class="unseen"> {citation.number}</span>'
    return (
        '<div class="actions">'
        f"{button(texts('keep.copy') + named, do='copy')}"
        f"{button(texts('keep.keep') + named, do='keep')}"
        f'<details class="tell menu"><summary>{texts("tell.title")}{named}</summary>'
        f"{_feedback(citation, texts)}</details></div>"
    )


def _feedback(citation: Citation, texts: Texts) -> str:
    """Return the form of a reader's judgement; the question goes along only where it is ticked."""
    reasons = (
        button(texts(f"tell.{one}"), act="tell", verdict="unhelpful", reason=one) for one in REASONS
    )
    helpful = button(texts("tell.helpful"), act="tell", verdict="helpful", reason="")
    ticked = (
        f'<label><input type="checkbox" name="with-question-{citation.number}"> '
        f"{texts('tell.with_question')}</label>"
    )
    return f"{listed((helpful, *reasons))}{ticked}{paragraph(texts('tell.stored'), 'quiet')}"
