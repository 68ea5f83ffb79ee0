"""A web page in, its main content out: what surrounds the text is taken out of the tree.

What looks like boilerplate is only taken out if nothing speaks for it being text: a section with
the id "sharing" may well be about the sharing of information.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.text import one_line

# Nothing in these is ever text to be quoted.
_NEVER_TEXT = [
    *("script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed"),
    *("audio", "video", "map", "select", "datalist", "input", "textarea", "rp", "rt"),
]
_NEVER_QUOTED = ["nav", "dialog"]  # text that is told to be left out
_BOILERPLATE_ROLES = {
    *("navigation", "search", "banner", "contentinfo", "complementary", "menu", "menubar"),
    *("toolbar", "dialog", "alertdialog", "doc-backlink"),
}
_SURROUNDING_TAGS = {"header", "footer", "aside", "form"}
# Side boxes and notes that belong to the text, by a word of their class or role.
_CONTENT_WORDS = {
    *("admonition", "box", "callout", "case", "endnotes", "example", "footnote", "footnotes"),
    *("important", "note", "notice", "references", "tip", "topic", "warning"),
}
_BOILERPLATE_NAME = re.compile(
    r"(?:[a-z0-9]+[-_]+|top|main|site|sub|side|foot|user|lang)?"
    r"(?:nav|navbar|navigation|menu|breadcrumbs?|pathway|sidebar|masthead|footer|pager|pagination"
    r"|skip-?(?:link|nav|to-?content)s?"
    r"|(?:social|share)-?(?:bar|buttons?|icons?|links?|media|this)?|sharing|addtoany|addthis|a2a"
    r"|print-?(?:friendly|links?|button|only)?|printfriendly)"
    r"(?:[-_]+[a-z0-9]+)*"
)
_HIDDEN_NAME = re.compile(r"sr-?only|visually-?hidden|screen-?reader(?:-text)?|element-invisible")
# A link or a word of a sentence can have any class; taken out, the sentence would lose it.
_BARS = {"div", "section", "ul", "ol", "dl", "p", "table", "td", "center"}
_COOKIE_NAME = re.compile(r"cookie|consent|gdpr|matomo|piwik|opt-?out")
_COOKIE_WORDS = re.compile(r"cookie|matomo|analytics|opt[ -]out|track", re.IGNORECASE)
# A teaser is not the page's text; an article with comments under it is.
_MIN_ARTICLE_SHARE = 0.3
# What is left out by going one element deeper is menus without a mark, not an introduction.
_MIN_PROSE_SHARE = 0.9
_CONTAINERS = {"div", "section", "article", "center", "form", "table", "tbody", "tr", "td"}
# Longer texts about cookies or with "menu" in their class are taken for content. The longest
# cookie notices (with their list of purposes) stay well under this; a Toolkit page is longer.
_MAX_NOTICE_LENGTH = 1500
# A bar of links carries hardly any words outside them.
_MAX_PROSE_IN_BAR = 80
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What a reader opens by a click is text although it is hidden at first.
_OPENED_BY_CLICK = re.compile(r"accordion|collaps|panel|tab|toggle|expand|details|faq")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STUB = re.compile(
    r"skip to [a-z ]*(?:content|navigation|menu|search)"
    r"|print[ -]?friendly(?:[,& ]|and|email|pdf|version)*|print this page"
    r"|you are here\b.{0,200}"
    r"|view (?:content|resource|page source)"
    r"|(?:this|our) (?:web)?site uses cookies.{0,300}|we use cookies.{0,300}"
    r"|by (?:continuing|using)[^.]{0,80}site[^.]{0,80}cookies.{0,200}"
    r"|(?:you may choose to prevent this website from|your visit to this website is).{0,400}"
    r"|(?:accept|reject|decline) (?:all(?: cookies)?|cookies)|cookie settings"
    r"|(?:back|return) to top|share this(?: page| article)?",
    re.IGNORECASE | re.DOTALL,
)
_MAX_STUB_LENGTH = 60
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]{2}")
_LONGEST_SHOWN = 80  # characters of a part that is left out
_MOST_SHOWN = 40  # parts
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivxlc]+|[*†‡]+)[\])]?")


def is_stub(text: str) -> bool:
    """Tell whether a whole line is a page's control ("View Content") and not text."""
    return _STUB.fullmatch(text.strip().strip(".:!»")) is not None


def part_content(tree: LexborHTMLParser) -> tuple[LexborNode | None, tuple[str, ...]]:
    """Return the element that holds the page's text, None without a body, and what is left out.

    What is left out is told by the first words of each part, each once.
    """
    tree.strip_tags(_NEVER_TEXT)
    left_out = [node.text_lexbor() for tag in _NEVER_QUOTED for node in tree.css(tag)]
    tree.strip_tags(_NEVER_QUOTED)
    body = tree.body
    if body is None:
        return None, ()
    left_out += _take_out_boilerplate(body)
    main = _main_content(tree, body)
    return main, _shown([*left_out, *_around(main, body)])


def _shown(parts: Iterable[str]) -> tuple[str, ...]:
    lines = dict.fromkeys(one_line(part) for part in parts if _WORD.search(part))
    return tuple(
        line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1].rstrip()}…"
        for line in list(lines)[:_MOST_SHOWN]
    )


def _around(main: LexborNode, body: LexborNode) -> Iterator[str]:
    """Yield the text of each element of a page that stands beside its main element."""
    node = main
    while node.mem_id != body.mem_id and node.parent is not None:
        own, node = node.mem_id, node.parent
        yield from (one.text_lexbor() for one in node.iter() if one.mem_id != own)


def _main_content(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """Return the main element or the article if the page says so.

    Otherwise the innermost element that holds nearly all of the prose.
    """
    page = _measured(body)
    return (
        _largest(tree.css("main, [role=main]"), page)
        or _largest(tree.css("article, [itemprop=articleBody]"), page, share=_MIN_ARTICLE_SHARE)
        or _innermost_with_prose(body, page)
    )


@dataclass(slots=True)
class _Holdings:
    """What an element holds: characters that are not white space, and those outside links."""

    length: int = 0
    prose: int = 0
    has_heading: bool = False
    has_title: bool = False  # or the main element


def _measured(root: LexborNode) -> dict[int, _Holdings]:
    """Return what each element under `root` holds, by its `mem_id`, in one pass over them."""
    page = {root.mem_id: _Holdings()}
    found: list[tuple[LexborNode, int | None, bool]] = [(root, None, False)]
    for node, _, in_link in found:  # grows as it is read
        holdings = page[node.mem_id]
        for child in node.iter(include_text=True):
            if child.is_element_node:
                page[child.mem_id] = _of_element(child)
                found.append((child, node.mem_id, in_link or child.tag == "a"))
            elif child.is_text_node:
                length = sum(map(len, (child.text_content or "").split()))
                holdings.length += length
                holdings.prose += 0 if in_link else length
    for node, parent, _ in reversed(found):
        if parent is not None:
            _add(page[parent], page[node.mem_id])
    return page


def _of_element(node: LexborNode) -> _Holdings:
    is_main = node.tag == "main" or node.attributes.get("role") == "main"
    return _Holdings(has_heading=node.tag in _HEADINGS, has_title=is_main or node.tag == "h1")


def _add(parent: _Holdings, child: _Holdings) -> None:
    parent.length += child.length
    parent.prose += child.prose
    parent.has_heading |= child.has_heading
    parent.has_title |= child.has_title


def _largest(
    candidates: Sequence[LexborNode], page: Mapping[int, _Holdings], *, share: float = 0.0
) -> LexborNode | None:
    """Return the candidate with the most text if it holds half of what all of them hold.

    A page of teasers has many articles, and none of them is the page's text. `share` is the least
    part of the whole page's prose.
    """
    inside = [node for node in candidates if node.mem_id in page]
    total = sum(page[node.mem_id].length for node in inside)
    largest = max(inside, key=lambda node: page[node.mem_id].length, default=None)
    if largest is None or total == 0:
        return None
    held, prose = page[largest.mem_id], max(holdings.prose for holdings in page.values())
    return largest if 2 * held.length >= total and held.prose >= share * prose else None


def _innermost_with_prose(body: LexborNode, page: Mapping[int, _Holdings]) -> LexborNode:
    node, whole = body, page[body.mem_id]
    while whole.prose > 0:
        containers = (child for child in node.iter() if child.tag in _CONTAINERS)
        child = max(containers, key=lambda child: page[child.mem_id].prose, default=None)
        if child is None or page[child.mem_id].prose < _MIN_PROSE_SHARE * whole.prose:
            break
        if whole.has_title and not page[child.mem_id].has_title:
            break
        node = child
    return node


def _take_out_boilerplate(body: LexborNode) -> list[str]:
    """Take the boilerplate out of a page, and return its texts."""
    page = _measured(body)
    taken_out = []
    waiting = [body]
    while waiting:
        for node in filter(_is_element, waiting.pop().iter()):
            if _is_boilerplate(node, page[node.mem_id], page[body.mem_id].length):
                taken_out.append(node)
            else:
                waiting.append(node)
    texts = [node.text_lexbor() for node in taken_out]
    for node in taken_out:
        node.decompose()
    return texts


def _is_element(node: LexborNode) -> bool:
    return node.is_element_node  # and not a comment


def _is_boilerplate(node: LexborNode, holdings: _Holdings, page_length: int) -> bool:
    if holdings.length <= _MAX_STUB_LENGTH and _is_control(node):
        return True
    attributes = node.attributes
    if holdings.has_title or (not attributes and node.tag not in _SURROUNDING_TAGS):
        return False
    names = " ".join(attributes.get(key) or "" for key in ("class", "id", "role")).lower().split()
    return (
        attributes.get("role") in _BOILERPLATE_ROLES
        or _is_hidden(attributes, names)
        or _is_boilerplate_by_name(node, names, holdings)
        or _surrounds(node, names, holdings, page_length)
    )


def _is_control(node: LexborNode) -> bool:
    """Tell whether an element is a button, a stub's link, "¶", "↩" or the number of a note."""
    if node.tag == "sup":
        return node.css_first("a[href^='#']") is not None and _is_note_mark(node.text_lexbor())
    if node.tag == "button":
        # In an accordion the heading is the button.
        parents = (node.parent, node.parent.parent if node.parent else None)
        return not any(parent is not None and parent.tag in _HEADINGS for parent in parents)
    return node.tag == "a" and _is_control_link(node)


def _is_control_link(link: LexborNode) -> bool:
    text = link.text_lexbor().strip()
    if is_stub(text) or link.attributes.get("rel") in ("next", "prev"):
        return True
    if not text or not (link.attributes.get("href") or "").startswith("#"):
        return False
    is_raised = link.css_first("sup") is not None
    return (is_raised and _is_note_mark(text)) or not _LETTER_OR_DIGIT.search(text)


def _is_note_mark(text: str) -> bool:
    return _NOTE_MARK.fullmatch("".join(text.split())) is not None


def _is_hidden(attributes: Mapping[str, str | None], names: Sequence[str]) -> bool:
    hidden = (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
        or any(_HIDDEN_NAME.fullmatch(name) for name in names)
    )
    return hidden and not any(_OPENED_BY_CLICK.search(name) for name in names)


def _is_boilerplate_by_name(node: LexborNode, names: Sequence[str], holdings: _Holdings) -> bool:
    if any(_COOKIE_NAME.search(name) for name in names):
        is_short = holdings.length < _MAX_NOTICE_LENGTH
        return is_short and _COOKIE_WORDS.search(node.text_lexbor()) is not None
    in_links = holdings.length - holdings.prose
    is_bar = node.tag in _BARS and holdings.prose <= max(_MAX_PROSE_IN_BAR, in_links)
    return is_bar and any(_BOILERPLATE_NAME.fullmatch(name) for name in names)


def _surrounds(
    node: LexborNode, names: Sequence[str], holdings: _Holdings, page_length: int
) -> bool:
    if node.tag == "header":
        return not holdings.has_heading
    if node.tag == "form":  # some systems put the whole page into one
        return 2 * holdings.length <= page_length
    words = set(re.split(r"[^a-z]+", " ".join(names)))
    return node.tag in ("aside", "footer") and not _CONTENT_WORDS & words
