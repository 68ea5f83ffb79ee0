"""Sources in, the text of their catalogue.toml out."""

import json
from collections.abc import Iterable, Iterator

from corpus.starter.typesetting.source import StarterSource

_HEAD = """\
# The starter documents; what the keys mean stands in `corpus.documents.Source`.
# Written by `python -m corpus.starter.typeset` from the front matter in sources/.
"""


def catalogue_text(sources: Iterable[StarterSource]) -> str:
    """Return a `[[source]]` table for each source, in order."""
    return _HEAD + "".join(f"\n[[source]]\n{''.join(_lines(one))}" for one in sources)


def _lines(source: StarterSource) -> Iterator[str]:
    values = {
        "id": source.id,
        "file": source.file,
        "work": source.work,
        "title": source.title,
        "edition": source.edition,
        "language": source.language,
        "kind": source.kind,
        "status": source.status,
        "area": source.area,
        "topic": source.topic,
        "publisher": "Toolkit Assistant project",
        "licence": "MIT",
        "counterpart": source.counterpart,
        "note": f"Independent starter text; see the official publication: {source.official}",
    }
    for key, value in values.items():
        if value is not None:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
