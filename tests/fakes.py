"""Stand-ins for tests: a fast embedder of words, and documents written in a few lines."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, Source, sha256_of
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.reading import make_document
from index.embedding import Encoding


class WordEmbedder:
    """An `Embedder` whose tokens are lower-cased words; a word's vector follows from its hash.

    `embedded` lists the texts that were embedded as passages, in order.
    """

    def __init__(self, *, max_tokens: int = 64, dimension: int = 16, name: str = "words") -> None:
        self.identity = sha256_of(f"{name} {max_tokens} {dimension}")
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.embedded: list[str] = []
        self._name = name

    def count_tokens(self, text: str) -> int:
        return len(words_of(text))

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        self.embedded += texts
        return [self.encode_query(text) for text in texts]

    def encode_query(self, text: str) -> Encoding:
        words = words_of(text)[: self.max_tokens]
        ids = [int.from_bytes(hashlib.sha256(word.encode()).digest()[:2]) for word in words]
        vectors = np.array([self._vector(word) for word in words], dtype=np.float32)
        vectors = vectors.reshape(len(words), self.dimension)
        pooled = vectors.sum(axis=0)
        pooled /= np.linalg.norm(pooled) or 1
        return Encoding(pooled, vectors, np.array(ids, dtype=np.int32))

    def _vector(self, word: str) -> NDArray[np.float32]:
        digest = hashlib.shake_128(f"{self._name} {word}".encode()).digest(self.dimension)
        vector = np.frombuffer(digest, dtype=np.uint8).astype(np.float32) - 127.5
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def words_of(text: str) -> list[str]:
    """Return the lower-cased words of a text, in order."""
    return re.findall(r"\w+", text.lower())


def document_of(written: str, *, source_id: str = "notes", **fields: str) -> Document:
    """Return the document that a few lines stand for, one line a block.

    "# " to "###### " begin headings, "• " items (two spaces before it for each level down); a
    line with " | " is a table row, any other a paragraph. `fields` are those of `Source`.
    """
    blocks = tuple(_block(line) for line in written.splitlines() if line.strip())
    given = {"file": f"{source_id}.md", "work": source_id, "title": "Notes", **fields}
    source = Source(id=source_id, **given)  # type: ignore[arg-type]  # status is a Literal
    return make_document(ParsedFile(blocks), source, file_sha256=sha256_of(written))


def _block(line: str) -> ParsedBlock:
    if heading := re.fullmatch(r"(#+) (.+)", line):
        return ParsedBlock("heading", (Piece(heading[2]),), len(heading[1]))
    if item := re.fullmatch(r"((?:  )*)(• .+)", line):
        return ParsedBlock("item", (Piece(item[2]),), 1 + len(item[1]) // 2)
    return ParsedBlock("row" if " | " in line else "paragraph", (Piece(line),))
