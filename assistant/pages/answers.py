"""The conversation: each question with its short answer, its cited passages, and what helps on."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from assistant.answer import Answer, ShortSentence
from assistant.choices import Choice
from assistant.kept import KeptTurn
from assistant.pages.cards import card
from assistant.pages.elements import button, fault, foreign, listed, paragraph
from assistant.queries import MAX_CHARACTERS
from assistant.session import Turn
from assistant.texts import Texts
from corpus.errors import ToolkitError

# Filters that go along with another one, an edition or a document, and are dropped with it.
_IMPLIED = ("work", "status")

# Characters shown of the question before, and kept on a line with the number of a citation.
_LONGEST_BEFORE = 80
_LONGEST_END = 16

# From this confidence on an answer is called sure; from which it is answered at all is calibrated.
SURE_FROM = 0.9


def conversation(
    turns: Sequence[Turn],
    texts: Texts,
    *,
    pending: str | None = None,
    failed: ToolkitError | None = None,
) -> str:
    """Return the turns, the oldest first; `pending` is the question being looked up.

    `failed` is why the pending question has no answer. Empty without turns.
    """
    html = [_turn(number, turn, texts) for number, turn in enumerate(turns)]
    if pending is not None:
        state = (
            f'<p class="headline fault" role="alert">{fault(failed, texts)}</p>'
            if failed
            else f'<p class="headline waiting" role="status">{texts("answer.waiting")}</p>'
        )
        html.append(f'<section class="turn">{_question(pending)}{state}</section>')
    return "".join(html)


def _turn(number: int, turn: Turn, texts: Texts) -> str:
    answer = turn.answer
    cards = "".join(
        f'<li id="quote-{number}-{one.number}">{card(number, turn, one, texts)}</li>'
        for one in answer.citations
    )
    parts = (
        _question(answer.question),
        _headline(answer, texts),
        _short_answer(number, answer, texts),
        _lacking(answer, texts),
        _leaning(number, turn, texts),
        _narrowed(number, turn, texts),
        _choices(number, turn.choices, texts),
        f"<ol>{cards}</ol>" if cards else "",
        _also_searched(number, turn, texts),
        _withheld(len(answer.withheld), texts),
        _nearest(answer, texts),
        _followups(turn.followups, texts),
        _keeping(texts) if cards else "",
    )
    return (
        f'<section class="turn {answer.outcome}" data-turn="{number}" '
        f'data-kept="{escape(KeptTurn.of(turn).to_json())}">{"".join(parts)}</section>'
    )


def _question(question: str) -> str:
    return f'<h2 class="question" tabindex="-1" dir="auto">{escape(question)}</h2>'


def _headline(answer: Answer, texts: Texts) -> str:
    told = f"note.{answer.note_key}" if answer.note_key else ""
    if not told and answer.outcome == "not_covered":
        told = "answer.advice"
    advice = texts(told, most=MAX_CHARACTERS) if told else ""
    sure = "high" if answer.confidence >= SURE_FROM else "fair"
    chance = (
        texts(f"answer.confidence_{sure}", chance=round(100 * answer.confidence))
        if answer.outcome == "answered"
        else ""
    )
    return (
        f'<p class="headline {answer.outcome}">{texts(f"answer.{answer.outcome}")}</p>'
        f"{paragraph(advice, 'advice')}{paragraph(chance, 'confidence')}"
    )


def _short_answer(number: int, answer: Answer, texts: Texts) -> str:
    """Return the best sentences of all citations, each leading to the card that it is taken from.

    One that is the whole answer stands marked on its card right below and is not said twice.
    """
    sentences = answer.short_answer
    items = (_leading_to(f"quote-{number}-{one.number}", one, texts) for one in sentences)
    label = f'<h3 class="label">{texts("answer.short")}</h3>'
    return f'<div class="short">{label}{listed(items)}</div>' if sentences else ""


def _leading_to(target: str, sentence: ShortSentence, texts: Texts) -> str:
    """Return a sentence and the number of its citation, which never stands on a line alone."""
    # Chinese has no spaces, and no more than this may not be broken.
    end = max(sentence.text.rfind(" ") + 1, len(sentence.text) - _LONGEST_END)
    number = button(
        f'<span class="unseen">{texts("answer.to_passage")} </span>{sentence.number}',
        do="card", css="number", target=target,
    )  # fmt: skip
    last = f'<span class="end">{escape(sentence.text[end:])} {number}</span>'
    return f'<span dir="auto">{escape(sentence.text[:end])}{last}</span>'


def _lacking(answer: Answer, texts: Texts) -> str:
    if answer.outcome != "related" or not answer.lacks:
        return ""
    words = ", ".join(f"<q>{foreign(word)}</q>" for word in answer.lacks)
    return paragraph(f"{texts('answer.lacks')} {words}", "advice")


def _leaning(number: int, turn: Turn, texts: Texts) -> str:
    """Return the question before that this one was searched with, to be left out by a click."""
    if not turn.after:
        return ""
    cut = "…" if len(turn.after) > _LONGEST_BEFORE else ""
    words = turn.after[:_LONGEST_BEFORE] + cut
    chip = _dropping(foreign(words), texts, before="1", turn=number)
    return _line(texts("answer.after"), [chip])


def _narrowed(number: int, turn: Turn, texts: Texts) -> str:
    """Return what the question was narrowed by, each to be dropped by a click."""
    titles = {one.document_id: one.title for one in turn.answer.citations}
    chips = (
        _dropping(
            f"{texts(f'filter.{key}')}: "
            + (foreign(titles[value]) if value in titles else texts.known(key, value)),
            texts,
            key=key,
            turn=number,
        )
        for key, values in turn.filters.items()
        if key not in _IMPLIED
        for value in values[:1]
    )
    return _line(texts("answer.narrowed"), chips)


def _also_searched(number: int, turn: Turn, texts: Texts) -> str:
    words: Iterable[str] = getattr(turn.answer, "also_searched", ())
    chips = (_dropping(foreign(word), texts, word=word, turn=number) for word in words)
    return _line(texts("answer.also_searched"), chips)


def _dropping(html: str, texts: Texts, **data: Any) -> str:  # noqa: ANN401  # data attributes
    words = f'{html} <span class="unseen">({texts("answer.drop")})</span>'
    return button(words, act="drop", css="chip drop", **data)


def _choices(number: int, choices: Iterable[Choice], texts: Texts) -> str:
    """Return a button for each reading of the question that changes the answer."""
    by_key: dict[str, list[str]] = {}
    for one in choices:
        words = f"{foreign(one.value)}{_status(one, texts)}"
        chosen = button(words, act="choose", css="chip", turn=number, key=one.key, value=one.value)
        by_key.setdefault(one.key, []).append(chosen)
    return "".join(_line(texts(f"choice.{key}"), chips) for key, chips in by_key.items())


def _status(choice: Choice, texts: Texts) -> str:
    return f" ({texts.known('short_status', choice.status)})" if choice.status != "current" else ""


def _line(label: str, chips: Iterable[str]) -> str:
    html = "".join(chips)
    return f'<div class="line"><span class="label">{label}</span> {html}</div>' if html else ""


def _withheld(number: int, texts: Texts) -> str:
    if not number:
        return ""
    told = texts.count("answer.withheld", number)
    return f'<p class="warning">{told} <code>toolkit-assistant build</code></p>'


def _nearest(answer: Answer, texts: Texts) -> str:
    """Return what leads on from a question that is not covered: what is near, or who can help."""
    if answer.outcome != "not_covered":
        return ""
    topics = (
        button(foreign(topic), act="ask", css="chip", question=topic, alone="1")
        for topic in answer.nearest_topics
    )
    browse = button(texts("answer.browse"), do="view", css="chip", view="library")
    missed = button(texts("answer.missed"), act="miss", css="chip")
    return f"{_line(texts('answer.nearest'), topics)}{_line(texts('answer.or'), [browse, missed])}"


def _followups(headings: Iterable[str], texts: Texts) -> str:
    items = (button(foreign(one), act="ask", css="chip", question=one) for one in headings)
    return _line(texts("answer.followups"), items)


def _keeping(texts: Texts) -> str:
    """Return what can be done with the whole answer."""
    formats = ("md", "docx", "pdf", "ris", "bibtex", "csl")
    exports = [button(texts(f"export.{one}"), do="export", format=one) for one in formats]
    return (
        '<div class="keeping">'
        f"{button(texts('keep.link'), do='link')}"
        f"{button(texts('keep.print'), do='print')}"
        f'<details class="menu"><summary>{texts("keep.export")}</summary>{listed(exports)}'
        "</details></div>"
    )
