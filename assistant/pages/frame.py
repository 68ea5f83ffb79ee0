"""What stands around the views: the masthead, the first page, the caveat and the foot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from assistant.config import PageSettings
from assistant.pages.elements import button, paragraph
from assistant.texts import LANGUAGES, Texts
from index.snapshot import Manifest

VIEWS = ("ask", "library", "changes", "check")


def masthead(settings: PageSettings, texts: Texts, *, views: Sequence[str] = VIEWS) -> str:
    """Return title, views, dossier, language and the way out."""
    tabs = "".join(
        button(_short(texts(f"view.{one}")), do="view", css="tab", view=one) for one in views
    )
    kept = f'{texts("view.dossier")} <span class="count" data-count>0</span>'
    leave = button(texts("frame.exit"), do="exit", css="exit", hint=texts("frame.exit_about"))
    logo = f'<img class="logo" alt="" src="{escape(settings.logo_uri)}">' if settings.logo else ""
    title = escape(settings.title) or texts("frame.title")
    subtitle = escape(settings.subtitle) or texts("frame.subtitle")
    return (
        f'{_skip(texts)}<div class="masthead">{logo}<div class="names">'
        f"<h1>{title}</h1><p>{subtitle}</p></div>"
        f'<nav aria-label="{texts("view.views")}">{tabs}'
        f"{button(kept, do='dossier', css='tab')}</nav>"
        f'<div class="tools">{button(_short(texts("frame.clear")), act="clear", css="clear")}'
        f"{_languages(texts)}"
        f"{leave}</div>{_words(texts)}</div>"
    )


def _short(words: str) -> str:
    """Return the words of a button, of which a phone shows the first."""
    first, _, rest = words.partition(" ")
    return f'{first}<span class="rest"> {rest}</span>' if rest else first


def _words(texts: Texts) -> str:
    """Return what the script says, in attributes."""
    said = ("keep", "kept", "copied")
    data = "".join(f' data-{one}="{texts(f"keep.{one}")}"' for one in said)
    return f'<span id="words" hidden lang="{texts.language}"{data}></span>'


def caveat(texts: Texts) -> str:
    """Return what the page is not, which stays in sight."""
    independent = f'<span class="rest">{texts("frame.independent")}</span>'
    return paragraph(f"{texts('frame.caveat')} {independent}", "")


def colours(settings: PageSettings) -> str:
    """Return the rules of an organisation's colours; the settings let colours through alone."""
    light = f":root {{ --accent: {settings.colour}; }}" if settings.colour else ""
    dark = f".dark {{ --accent: {settings.colour_on_dark}; }}" if settings.colour_on_dark else ""
    return light + dark


def _skip(texts: Texts) -> str:
    return f'<a class="skip" href="#question">{texts("frame.skip")}</a>'


def _languages(texts: Texts) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == texts.language else ""}>'
        f"{name}</option>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<label><span class="unseen">{texts("frame.language")}</span>'
        f'<select data-change="language">{options}</select></label>'
    )


def welcome(settings: PageSettings, texts: Texts) -> str:
    """Return what stands in place of the conversation before the first question."""
    intro = escape(settings.intro) or texts("welcome.intro")
    groups = {"": settings.examples} if settings.examples else _examples(texts)
    examples = "".join(_group(role, questions, texts) for role, questions in groups.items())
    return (
        f'<section class="welcome"><h2>{texts("welcome.title")}</h2><p>{intro}</p>'
        f'<div class="groups">{examples}</div>{_history(texts)}</section>'
    )


def _examples(texts: Texts) -> Mapping[str, Sequence[str]]:
    """Return the example questions of each role, in the language of the page."""
    groups: dict[str, list[str]] = {}
    for key, words in texts.words.items():
        group, _, rest = key.partition(".")
        if group == "example":
            groups.setdefault(rest.rpartition("_")[0], []).append(words)
    return groups


def _group(role: str, questions: Sequence[str], texts: Texts) -> str:
    label = texts(f"role.{role}") if role else texts("welcome.examples")
    items = "".join(f"<li>{button(escape(one), act='ask', question=one)}</li>" for one in questions)
    heading = f"<h3>{label}</h3>" if role else ""
    return (
        f'<div class="group">{heading}<ul class="examples" aria-label="{label}">{items}</ul></div>'
    )


def _history(texts: Texts) -> str:
    """Return the place of the questions asked before, which only the browser knows and fills in."""
    return (
        f'<div class="history" hidden><h3>{texts("history.title")}</h3>'
        f'{paragraph(texts("history.about"), "quiet")}<ul class="examples"></ul>'
        f"{button(texts('history.clear'), do='forget', css='small')}</div>"
    )


def footer(manifest: Manifest, texts: Texts) -> str:
    """Return the line that says which snapshot is read, and from when it is."""
    built = datetime.fromisoformat(manifest.created)
    told = texts(
        "frame.foot", snapshot=manifest.id, built=f"{built:%Y-%m-%d}",
        documents=texts.count("library.count", manifest.documents),
        passages=texts.count("library.passages", manifest.passages),
    )  # fmt: skip
    return f"<p>{told}</p>"
