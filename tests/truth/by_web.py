"""An original -> a web page of it, with all that stands round the text of a real one."""

from dataclasses import dataclass

from texts import Text
from web import body_of

_MENU = "".join(
    f'<li><a href="/{name}">{name.title()}</a></li>'
    for name in ("home", "library", "courses", "newsroom", "donate")
)
_COOKIES = (
    "<p>We use cookies to understand how visitors move round our pages. "
    "By clicking Accept you agree to their use.</p><button>Accept</button><button>Decline</button>"
)
_SHARING = '<div class="share-buttons"><span>Share this page</span><a href="#">Post</a></div>'
_PRINT = '<a class="print-link" href="?print=1">Print friendly version</a>'
_LEGAL = (
    "<p>© 2026 Liaison Papers Foundation. All rights reserved.</p><a href='/imprint'>Imprint</a>"
)
_RELATED = (
    '<section class="related"><h2>Related content</h2><ul><li><a href="/a">Night shifts</a></li>'
    '<li><a href="/b">Fences and footpaths</a></li></ul></section>'
)


@dataclass(frozen=True, slots=True)
class Site:
    """How a page is built: "modern" elements, "plain" divisions with classes, or an "old" table."""

    build: str
    charset: str = "utf-8"
    declared: bool = True
    soft_hyphens: bool = False


def write_html(text: Text, site: Site) -> bytes:
    """Return the page."""
    body = body_of(text, soft_hyphens=site.soft_hyphens)
    page = {"modern": _modern, "plain": _plain, "old": _old}[site.build](body)
    direction = ' dir="rtl"' if text.language in ("ar", "he") else ""
    declared = f'<meta charset="{site.charset}">' if site.declared else ""
    whole = (
        f'<!doctype html><html lang="{text.language}"{direction}><head>{declared}'
        f"<title>{text.title} | Liaison Papers</title><style>p {{ color: #222 }}</style>"
        f"<script>var tracker = 'start counting visits now';</script></head>{page}</html>"
    )
    return whole.encode(site.charset)


def _modern(body: str) -> str:
    return (
        f'<body><div id="cookie-banner" role="dialog">{_COOKIES}</div>'
        f'<header><a href="/">Liaison Papers</a><nav aria-label="Main"><ul>{_MENU}</ul></nav>'
        "</header>"
        f'<main><nav class="breadcrumb"><a href="/">Home</a> / <a href="/library">Library</a></nav>'
        f"<article>{_PRINT}{body}{_SHARING}</article></main>{_RELATED}"
        f"<footer>{_LEGAL}</footer></body>"
    )


def _plain(body: str) -> str:
    return (
        f'<body><div class="top-bar"><div class="menu"><ul>{_MENU}</ul></div></div>'
        f'<div class="wrapper"><div class="sidebar"><h3>In this section</h3><ul>{_MENU}</ul></div>'
        f'<div class="content" id="content"><div class="entry">{body}</div>{_SHARING}</div></div>'
        f'<div class="site-footer">{_LEGAL}</div>'
        f'<div class="cookie-consent">{_COOKIES}</div></body>'
    )


def _old(body: str) -> str:
    """Return a page laid out in a table, with its paragraphs parted by line breaks."""
    broken = body.replace("<p>", "").replace("</p>", "<br><br>")
    return (
        f'<body bgcolor="#ffffff"><table width="100%"><tr><td colspan="2">Liaison Papers</td></tr>'
        f'<tr><td width="150"><ul>{_MENU}</ul></td><td>{broken}</td></tr>'
        f'<tr><td colspan="2"><font size="1">{_LEGAL}</font></td></tr></table></body>'
    )
