"""Documents in, one for each text out: files that are the same text are read and indexed once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.documents import Source
from corpus.stored import Stub


def merge_twins(documents: Sequence[Stub], catalogue: Mapping[str, Source]) -> list[Stub]:
    """Return the stubs, of those with the same text one, which names the others' sources.

    One that is in the catalogue stays before one that is not. What the catalogue says to be
    another work, edition or status is another document.
    """
    merged: list[Stub] = []
    places: dict[str, list[int]] = {}
    for document in documents:
        alike = places.setdefault(document.text_sha256, [])
        place = next((n for n in alike if _are_twins(merged[n], document, catalogue)), None)
        if place is None:
            alike.append(len(merged))
            merged.append(document)
        else:
            merged[place] = _merged(merged[place], document, catalogue)
    return merged


def _are_twins(one: Stub, other: Stub, catalogue: Mapping[str, Source]) -> bool:
    first, second = one.source, other.source
    if first.file not in catalogue or second.file not in catalogue:
        return True
    return (first.work, first.edition, first.status) == (second.work, second.edition, second.status)


def _merged(kept: Stub, found: Stub, catalogue: Mapping[str, Source]) -> Stub:
    is_better = found.source.file in catalogue and kept.source.file not in catalogue
    first, second = (found, kept) if is_better else (kept, found)
    twins = sorted((*kept.twins, second.source), key=lambda source: source.file)
    return replace(first, twins=tuple(twins))
