"""Sources of quotes as reference managers take them: RIS, BibTeX, CSL-JSON.

RIS as of the Research Information Systems specification (one tag a line), BibTeX with the words
escaped for LaTeX, CSL-JSON as of schema 1.0.2. The quote itself goes along as a note.
"""

import json
import re
from typing import Any

from assistant.answer import Citation
from assistant.citations import page_words
from assistant.export.entries import Export
from assistant.texts import Texts

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What LaTeX takes for a command, and how it is written to be shown.
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TO_LATEX = str.maketrans(_LATEX)


def to_ris(contents: Export, texts: Texts) -> bytes:
    """Return a RIS record for each quote."""  # the texts are the same in every language
    records = [_ris(snapshot_id, one, contents) for snapshot_id, one in contents.entries]
    return ("\r\n".join(records) + "\r\n").encode()


def _ris(snapshot_id: str, citation: Citation, contents: Export) -> str:
    fields = [
        ("TY", "RPRT"), ("ID", _key(citation)), ("TI", citation.title),
        ("PY", year_of(citation) or ""), ("ET", citation.edition or ""),
        ("LA", citation.language), ("SP", page_words(citation)), ("UR", citation.url or ""),
        ("N1", _one_line(citation.quote)), ("C1", f"snapshot {snapshot_id}"),
        ("C2", f"sha256 {citation.sha256}"), ("Y2", contents.saved.replace("-", "/")),
    ]  # fmt: skip
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - "])


def to_bibtex(contents: Export, texts: Texts) -> bytes:
    """Return a BibTeX entry for each quote."""
    return "\n\n".join(_bibtex(*entry, contents) for entry in contents.entries).encode() + b"\n"


def _bibtex(snapshot_id: str, citation: Citation, contents: Export) -> str:
    fields = {
        "title": citation.title, "year": year_of(citation), "edition": citation.edition,
        "pages": page_words(citation), "language": citation.language, "url": citation.url,
        "urldate": contents.saved, "annote": _one_line(citation.quote),
        "note": f"snapshot {snapshot_id}, sha256 {citation.sha256}",
    }  # fmt: skip
    lines = [f"  {name} = {{{_latex(name, value)}}}" for name, value in fields.items() if value]
    return "@misc{" + _key(citation) + ",\n" + ",\n".join(lines) + "\n}"


def _latex(name: str, value: str) -> str:
    return value if name == "url" else _one_line(value).translate(_TO_LATEX)


def to_csl(contents: Export, texts: Texts) -> bytes:
    """Return a CSL-JSON item for each quote."""
    items = [_csl(snapshot_id, one, contents) for snapshot_id, one in contents.entries]
    return json.dumps(items, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _csl(snapshot_id: str, citation: Citation, contents: Export) -> dict[str, Any]:
    year, month, day = map(int, contents.saved.split("-"))
    published = year_of(citation)
    fields = {
        "id": _key(citation), "type": "report", "title": citation.title,
        "edition": citation.edition, "language": citation.language, "URL": citation.url,
        "page": page_words(citation), "accessed": {"date-parts": [[year, month, day]]},
        "issued": {"date-parts": [[int(published)]]} if published else None,
        "annote": citation.quote, "note": f"snapshot {snapshot_id}, sha256 {citation.sha256}",
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def year_of(citation: Citation) -> str | None:
    """Return the year that the edition names, None if it names none."""
    found = _YEAR.findall(citation.edition or "")
    return found[-1] if found else None


def _key(citation: Citation) -> str:
    """Return a key that is the same for the same quote and fit for every format."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', citation.document_id)}-{citation.sha256[:8]}"


def _one_line(text: str) -> str:
    """Return a text with spaces for the line ends that the formats have no place for."""
    return " ".join(text.split())
