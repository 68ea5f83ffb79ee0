"""A Word file's bytes in, the parts out that its text is read from."""

import io
import posixpath
from collections.abc import Set
from dataclasses import dataclass
from zipfile import ZipFile

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml.etree import tostring

from corpus.errors import EncryptedFileError, ReadLimitError, UnreadableFileError, WrongFormatError
from corpus.readers.archive import open_archive, read_entry
from corpus.readers.docx_xml import Element, w

MAX_UNPACKED_BYTES = 200 * 2**20

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_RELATIONSHIPS = ".rels"
# The ISO edition of the format ("Strict Open XML") has the same elements in other name spaces.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/"
    ),
}


_READ = {
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.FOOTNOTES,
    RELATIONSHIP_TYPE.ENDNOTES,
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
}


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parts that matter for the text; None for those that the file does without."""

    body: Element
    styles: Element | None
    numbering: Element | None
    settings: Element | None
    footnotes: Element | None
    endnotes: Element | None
    properties: Element | None


def open_word_file(data: bytes) -> WordFile:
    """Return the parts of a Word file.

    Raises:
        EncryptedFileError: It asks for a password.
        WrongFormatError: It is no Word file, one of an older format, or damaged.
        ReadLimitError: It unpacks to more than is allowed.
    """
    if data.startswith(_OLE):
        raise _refusal_of_ole(data)
    if not data.startswith(b"PK"):
        raise _not_word()
    archive = open_archive(data)
    try:
        package = Package.open(_mended(archive))
        main = package.main_document_part
        parts = _related(package) | _related(main)
        body = main.element.find(w("body")) if isinstance(main, DocumentPart) else None
    except (MemoryError, UnreadableFileError):
        raise
    except Exception as error:  # python-docx fails on damaged files in any way
        message = "the Word file is damaged; open it in Word, save it again and add that"
        raise WrongFormatError(message) from error
    if body is None:
        raise _not_word()
    return WordFile(
        body=body,
        styles=parts.get(RELATIONSHIP_TYPE.STYLES),
        numbering=parts.get(RELATIONSHIP_TYPE.NUMBERING),
        settings=parts.get(RELATIONSHIP_TYPE.SETTINGS),
        footnotes=parts.get(RELATIONSHIP_TYPE.FOOTNOTES),
        endnotes=parts.get(RELATIONSHIP_TYPE.ENDNOTES),
        properties=parts.get(RELATIONSHIP_TYPE.CORE_PROPERTIES),
    )


def _refusal_of_ole(data: bytes) -> UnreadableFileError:
    if _ENCRYPTED_PACKAGE in data:
        return EncryptedFileError("it asks for a password; save a copy without one and add that")
    message = "it is an Office file of before 2007; open it in Word and save it as .docx"
    return WrongFormatError(message)


def _not_word() -> WrongFormatError:
    message = "it is not a Word file, whatever its name says; give it the suffix of its real format"
    return WrongFormatError(message)


def _mended(archive: ZipFile) -> io.BytesIO:
    """Return the XML of a package as one that python-docx opens.

    It opens none that names a part which is not there, as many do that open in Word
    (https://github.com/python-openxml/python-docx/issues/797), nor one of the ISO edition
    (issue 693). Pictures and fonts are left out.
    """
    entries = {entry.filename: entry for entry in archive.infolist()}
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 2**20
        message = f"it unpacks to more than the {limit} MiB allowed; save its pictures smaller"
        raise ReadLimitError(message)
    names = {name for name in entries if name.endswith((".xml", _RELATIONSHIPS))}
    mended = io.BytesIO()
    with ZipFile(mended, "w") as written:
        for name in names:
            content = _checked(read_entry(archive, entries[name]))
            if name.endswith(_RELATIONSHIPS):
                content = _with_parts_that_are_there(name, content, names)
            written.writestr(name, content)
    return mended


def _checked(content: bytes) -> bytes:
    """Return a part in the name spaces that python-docx knows; refuse one that defines entities."""
    if b"<!DOCTYPE" in content.replace(b"\0", b""):  # without the zeros of UTF-16
        raise WrongFormatError("it defines entities, as no Word file does")
    for strict, transitional in _STRICT.items():
        content = content.replace(strict, transitional)
    return content


def _with_parts_that_are_there(name: str, content: bytes, names: Set[str]) -> bytes:
    folder = posixpath.dirname(posixpath.dirname(name))
    relationships = parse_xml(content)
    for one in list(relationships):
        target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
        if one.get("TargetMode") == "External" or target.lstrip("/") not in names:
            relationships.remove(one)
    return bytes(tostring(relationships))


def _related(owner: Package | Part) -> dict[str, Element]:
    """Return the parts that a part or package names, by the kind of their relationship."""
    return {
        one.reltype: (
            one.target_part.element
            if isinstance(one.target_part, XmlPart)
            else parse_xml(one.target_part.blob)
        )
        for one in owner.rels.values()
        if one.reltype in _READ
    }
