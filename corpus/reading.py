"""A documents folder in, documents out; a file that cannot be read is named with its reason."""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import chain, count
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from corpus.catalogue import catalogue_path, load_catalogue
from corpus.documents import Block, Document, Source, sha256_of_file
from corpus.earlier import NOTHING_READ, Earlier
from corpus.errors import NoDocumentsError, NoTextError, UnreadableFileError
from corpus.folder import Entry, archive_in, list_entries, list_files, path_of, readable_name
from corpus.language import detect_language, main_language
from corpus.progress import Progress, untold
from corpus.readers.parsed import ParsedFile, assemble
from corpus.recognition import recognise
from corpus.sections import find_sections
from corpus.stored import DocumentStore, StoredDocuments, Stub
from corpus.twins import merge_twins
from corpus.worker import ParserProcesses

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that did not become a document: its path in the folder and the reason."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a folder: every file of it, or of its catalogue, is in one of the two.

    `kept` names the documents that stand as they were read earlier, because their files cannot
    be read now. `guessed` are the files that no catalogue names, `detected` those whose language
    was found out. `reused` files were not read again. A file with the text of another is
    among the twins of that one's document. `seconds` says how long each file took. The documents
    lie on disk and are read one by one, as often as they are gone through.
    """

    documents: StoredDocuments
    failed: tuple[FailedFile, ...]
    kept: tuple[FailedFile, ...] = ()
    guessed: frozenset[str] = frozenset()
    detected: frozenset[str] = frozenset()
    reused: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How files are read: passwords to try, and whether text is recognised on scanned pages."""

    passwords: tuple[str, ...] = ()
    recognise: bool = False


_NO_OPTIONS = ReadingOptions()
# Each by a process of its own. More would ask for more memory than a laptop has to spare.
FILES_AT_ONCE = min(2, os.cpu_count() or 1)


def read_folder(
    folder: Path,
    *,
    options: ReadingOptions = _NO_OPTIONS,
    earlier: Earlier = NOTHING_READ,
    workspace: Path | None = None,
    progress: Progress = untold,
) -> Reading:
    """Return the documents of a folder and its sub-folders, in the order of their paths.

    Each file in a ZIP archive is read as a file of its own, named "archive.zip/path/in/it.pdf".
    Hidden files and the catalogue are left out. What did not change since an earlier reading is
    not read again, and what cannot be read now stands as it was read then. What was read is put
    away in a file of the folder `workspace`, by default the system's for files of the moment.
    Raises `NoDocumentsError` when there is nothing to read, and `CatalogueError` for a catalogue
    that cannot be used.
    """
    files = list_files(folder)
    entries = list_entries(folder, files)
    catalogue = _catalogue(folder)
    store = DocumentStore(workspace)
    stubs: list[Stub] = []
    failed: list[FailedFile] = []
    kept: list[FailedFile] = []
    reused = 0
    seconds: dict[str, float] = {}
    progress("read", 0, len(entries))
    with _reader(folder, catalogue, earlier, options) as outcomes_of:
        for number, outcome in enumerate(outcomes_of(entries), start=1):
            if outcome.document:
                stubs.append(store.put(outcome.document))
            if outcome.fault:
                (kept if outcome.document else failed).append(outcome.fault)
            reused += outcome.is_reused
            seconds[readable_name(entries[number - 1].file)] = round(outcome.seconds, 3)
            progress("read", number, len(entries))
    absent = sorted(set(catalogue) - {entry.file for entry in entries})
    failed += [FailedFile(file, _absence(catalogue[file], files)) for file in absent]
    if len(stubs) == len(kept):  # no library is made of what was read before alone
        raise NoDocumentsError(_nothing_readable(folder, kept + failed))
    listed_files = {file for file, source in catalogue.items() if source.language}
    read = frozenset(stub.source.file for stub in stubs)
    return Reading(
        StoredDocuments(store, _with_unique_ids(merge_twins(stubs, catalogue), catalogue)),
        tuple(failed),
        tuple(kept),
        guessed=read - set(catalogue),
        detected=read - listed_files,
        reused=reused,
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of an entry: a document, a fault, or with a fault what it was read as earlier."""

    document: Document | None
    fault: FailedFile | None
    is_reused: bool
    seconds: float


@contextmanager
def _reader(
    folder: Path, catalogue: Mapping[str, Source], earlier: Earlier, options: ReadingOptions
) -> Iterator[Callable[[Sequence[Entry]], Iterator[_Outcome]]]:
    """Yield a function that reads entries, several at once, and yields their outcomes in order."""
    archive_of = lru_cache(maxsize=FILES_AT_ONCE)(partial(archive_in, folder))

    def outcome(entry: Entry) -> _Outcome:
        listed = catalogue.get(entry.file)
        started = time.perf_counter()
        known, last, fault = None, None, None
        try:
            with TemporaryDirectory() as unpacked:
                parse = partial(
                    _parse, parser=parsers, recognised=Path(unpacked) if options.recognise else None
                )
                path = path_of(entry, folder, archive_of, Path(unpacked))
                known = _known(path, entry.file, listed, earlier, options)
                last = known or _read(path, entry.file, listed, parse)
        except UnreadableFileError as error:
            fault = FailedFile(readable_name(entry.file), str(error))
            last = earlier.last_good(entry.file, listed)
        return _Outcome(last, fault, known is not None, time.perf_counter() - started)

    with (
        ParserProcesses(FILES_AT_ONCE, passwords=options.passwords) as parsers,
        ThreadPoolExecutor(FILES_AT_ONCE) as threads,
    ):
        yield partial(threads.map, outcome)


def _known(
    path: Path, file: str, listed: Source | None, earlier: Earlier, options: ReadingOptions
) -> Document | None:
    """Return the document of an earlier reading, None if the file has to be read."""
    if file not in earlier.documents:
        return None
    known = earlier.document(file, _sha256_if_file(path), listed)
    if known and options.recognise and not all(page.span.of(known.text) for page in known.pages):
        return None  # there may be something to recognise
    return known


def _read(
    path: Path, file: str, listed: Source | None, parse: Callable[[Path], ParsedFile]
) -> Document:
    parsed = parse(path)
    source = listed or guess_source(file, parsed)
    return make_document(parsed, source, file_sha256=sha256_of_file(path))


def _parse(path: Path, parser: ParserProcesses, recognised: Path | None) -> ParsedFile:
    """Return a parsed file; with a folder for it, text is recognised on a PDF's scanned pages."""
    parsed: ParsedFile | None = None
    try:
        parsed = parser.parse(path)
    except NoTextError:
        if recognised is None or path.suffix.lower() != ".pdf":
            raise
    if parsed and (recognised is None or not parsed.pages_without_text):
        return parsed
    try:
        found = parser.parse(recognise(path, recognised or path.parent))
    except UnreadableFileError as error:
        if parsed is None:
            raise
        logger.warning("%s: %s", path.name, error)  # its other pages are read
        return parsed
    filled = set(range(1, len(found.page_labels) + 1)) - set(found.pages_without_text)
    scanned = set(parsed.pages_without_text) if parsed else filled
    return replace(found, recognised_pages=tuple(sorted(scanned & filled)))


def make_document(parsed: ParsedFile, source: Source, *, file_sha256: str) -> Document:
    """Return the document that a parsed file is; raises `NoTextError` if it has no text."""
    text, blocks, pages = assemble(parsed)
    if not text:
        raise NoTextError("it has no text")
    language = source.language or _language(text, blocks) or _declared_language(parsed) or "en"
    sections = find_sections(text, blocks, language)
    source = replace(source, language=language)
    return Document(
        source,
        text,
        pages,
        blocks,
        sections,
        file_sha256,
        recognised_pages=parsed.recognised_pages,
        taken_out=parsed.taken_out,
        attachments=parsed.attachments,
    )


def _language(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the language of a text; of one in several languages that of its greater part."""
    return detect_language(text) or main_language(block.span.of(text) for block in blocks)


def _declared_language(parsed: ParsedFile) -> str | None:
    """Return the ISO 639 code of the language that a file says it is in, without its region."""
    return re.split("[-_]", parsed.language)[0].lower() if parsed.language else None


def _absence(source: Source, files: Sequence[str]) -> str:
    file = source.file
    if source.status == "withdrawn":
        return "it is withdrawn, and its file is not there"
    if file in files:
        return f"the catalogue names an archive; name its files, as in {file}/name.pdf"
    return "the catalogue names it, but it is not there"


def _catalogue(folder: Path) -> Mapping[str, Source]:
    path = catalogue_path(folder)
    return load_catalogue(path) if path else {}


def _sha256_if_file(path: Path) -> str:
    """Return the hash of an ordinary file, of anything else nothing: a pipe would never end."""
    try:
        return sha256_of_file(path) if path.is_file() else ""
    except OSError:
        return ""


def guess_source(file: str, parsed: ParsedFile) -> Source:
    """Return what a file without a catalogue entry says of itself; its name where it is silent."""
    path = PurePosixPath(file)
    title = parsed.title or re.sub(r"[-_]+", " ", path.stem).strip() or path.name or file
    source_id = re.sub(r"\W+", "-", file).strip("-").lower() or "document"
    return Source(id=source_id, file=file, work=source_id, title=title, url=parsed.url)


def _with_unique_ids(stubs: Sequence[Stub], catalogue: Mapping[str, Source]) -> Iterator[Stub]:
    """Yield the stubs, guessed ids numbered where they stand several times."""
    taken = {source.id for source in catalogue.values()}
    for stub in stubs:
        source = stub.source
        if source.file not in catalogue:
            ids = chain([source.id], (f"{source.id}-{number}" for number in count(2)))
            source = replace(source, id=next(one for one in ids if one not in taken))
            taken.add(source.id)
        yield replace(stub, source=source)


def _nothing_readable(folder: Path, failed: list[FailedFile]) -> str:
    if not failed:
        return f"The documents folder {folder} is empty. Put documents into it and build again."
    reasons = "; ".join(f"{one.file}: {one.reason}" for one in failed[:5])
    return f"None of the {len(failed)} files in {folder} can be read. {reasons}"
