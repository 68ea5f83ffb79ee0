"""The bytes of a PDF -> an open file of pdfium, or why it cannot be opened.

pdfium keeps state for the whole process and is not safe to call from two threads: whoever opens a
file holds the one lock until the file is closed.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.errors import EncryptedFileError, WrongFormatError
from corpus.readers.pdf_fonts import use_boxes_for_what_is_missing

_PDFIUM = threading.Lock()
# Once, when the program starts and no file is open.
use_boxes_for_what_is_missing()


@contextmanager
def open_pdf(data: bytes, passwords: Sequence[str] = ()) -> Iterator[pdfium.PdfDocument]:
    """Yield the open file, holding pdfium's lock; a file that asks for none opens as well.

    Raises:
        EncryptedFileError: None of the passwords opens it, or its protection is not supported.
        WrongFormatError: It is not a PDF, or too damaged to be opened.
    """
    with _PDFIUM:
        document = _open(data, passwords)
        try:
            if len(document) == 0:
                raise WrongFormatError("the PDF has no pages; export or download it again")
            yield document
        finally:
            document.close()


def _open(data: bytes, passwords: Sequence[str]) -> pdfium.PdfDocument:
    for password in (None, *passwords):
        _forget_last_error()
        try:
            return pdfium.PdfDocument(data, password=password)
        except pdfium.PdfiumError as error:
            if error.err_code != raw.FPDF_ERR_PASSWORD:
                raise _not_opened(data, error.err_code) from error
    if passwords:
        raise EncryptedFileError("it asks for a password, and none of those given opens it")
    message = "it asks for a password; give it with --password, or add a copy without one"
    raise EncryptedFileError(message)


def _forget_last_error() -> None:
    """Make pdfium forget why another file could not be opened: it does not always give a reason."""
    with suppress(pdfium.PdfiumError):
        pdfium.PdfDocument(b"not a PDF")


def _not_opened(data: bytes, code: int) -> EncryptedFileError | WrongFormatError:
    if code == raw.FPDF_ERR_SECURITY:
        message = "it is protected in a way that cannot be opened here; save a copy without that"
        return EncryptedFileError(message)
    if b"%PDF-" in data[:1024]:
        message = "the PDF is damaged or cut off and cannot be opened; export or download it again"
        return WrongFormatError(message)
    message = "it is not a PDF, whatever its name says; give it the suffix of its real format"
    return WrongFormatError(message)
