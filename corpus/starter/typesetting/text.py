"""A starter source in, the Markdown file that is published out."""

import json

from corpus.starter.typesetting.source import StarterSource


def to_markdown(source: StarterSource) -> bytes:
    """Return the Markdown with the part of its front matter that readers of the file need."""
    front = {
        "title": json.dumps(source.title, ensure_ascii=False),
        "edition": source.edition,
        "date": source.date.isoformat(),
        "language": source.language,
    }
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n{source.markdown.strip()}\n".encode()
