"""Quotes as Markdown: escaped so that what a reader sees of a quote is the quote."""

import re

from assistant.answer import Citation
from assistant.export.entries import Export, caveat, heading, parts, source_lines
from assistant.texts import Texts

# All that Markdown may take for a sign, here or with one of its common extensions.
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
# Spaces that Markdown drops.
_AT_AN_END = re.compile(r"^[ \t]+|[ \t]+$")


def to_markdown(contents: Export, texts: Texts) -> bytes:
    """Return the quotes as block quotes, the answering sentences marked, their sources below."""
    lines = [f"# {escaped(heading(contents, texts))}", ""]
    for number, entry in enumerate(contents.entries, start=1):
        lines += [f"## {number}. {escaped(entry[1].title)}", "", _quoted(entry[1]), ""]
        lines += [
            f"- {escaped(label)}: {escaped(told)}" for label, told in source_lines(entry, texts)
        ]
        lines.append("")
    lines += [escaped(caveat(texts)), ""]
    return "\n".join(lines).encode()


def escaped(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is."""
    return _line(" ".join(text.splitlines()))


def _line(text: str) -> str:
    return _AT_AN_END.sub(_as_entities, _SIGNS.sub(r"\\\1", text))


def _as_entities(spaces: re.Match[str]) -> str:
    return "".join("&#9;" if one == "\t" else "&#32;" for one in spaces[0])


def _quoted(citation: Citation) -> str:
    """Return a block quote: an empty line parts paragraphs, any other line end is a hard break."""
    text = "".join(
        _marked(piece) if is_answer else _plain(piece) for piece, is_answer in parts(citation)
    )
    paragraphs = [paragraph.replace("\n", "\\\n") for paragraph in text.split("\n\n")]
    return "\n".join(f"> {line}" for line in "\n\n".join(paragraphs).split("\n"))


def _plain(text: str) -> str:
    return "\n".join(map(_line, text.split("\n")))


def _marked(text: str) -> str:
    """Return lines each of which is marked: a mark may not go on into the next paragraph."""
    return "\n".join(line and f"<mark>{_line(line)}</mark>" for line in text.split("\n"))
