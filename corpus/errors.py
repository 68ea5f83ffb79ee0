"""Every fault of the world that the toolkit reports, as one tree.

ToolkitError
├── SettingsError           a setting, option or filter that cannot be used
├── CatalogueError          a catalogue that cannot be read or contradicts itself
├── NoDocumentsError        a documents folder without a single readable document
├── UnreadableFileError     one file that cannot become a document
│   ├── EmptyFileError      nothing in it
│   ├── EncryptedFileError  a password is needed
│   ├── WrongFormatError    not what its name says, or a format that is not read
│   ├── NoTextError         opens, but carries no text (a scan, a drawing)
│   └── ReadLimitError      reading took too long or too much memory
├── FetchError              an address whose text cannot be fetched
├── AccessError             a password or a token that opens nothing
├── BusyError               another process is writing in the data folder
├── ModelError              an embedding model that is missing or not the expected one
├── EvaluationError         a question set that cannot be used
└── SnapshotError
    ├── SnapshotMissingError  none has been built, or the one named is not there
    └── SnapshotDamagedError  a file of it is missing or not as it was written

A message says what is wrong, in which file or value, and what to do next. A fault that readers of
the page may meet has a `key` too, by which the page finds the words in their language. Mistakes of
a programmer are plain `ValueError`s and are not in this tree.
"""


class ToolkitError(Exception):
    """A fault to be shown to the user as a message, without a traceback.

    `key` names the message among the texts of the page; empty for one that no reader meets.
    """

    key = ""

    def __init__(self, message: str = "", *, key: str = "") -> None:
        super().__init__(message)
        self.key = key or self.key


class SettingsError(ToolkitError):
    """A setting, option or filter has a value that cannot be used."""


class CatalogueError(ToolkitError):
    """A catalogue cannot be read or contradicts itself."""


class NoDocumentsError(ToolkitError):
    """A documents folder is missing, empty, or holds nothing that can be read."""


class UnreadableFileError(ToolkitError):
    """A file cannot become a document; the message is the reason, without the file's name."""


class EmptyFileError(UnreadableFileError):
    """A file has no content at all."""


class EncryptedFileError(UnreadableFileError):
    """A file needs a password to be opened."""


class WrongFormatError(UnreadableFileError):
    """A file is not what its name says, is damaged, or has a format that is not read."""


class NoTextError(UnreadableFileError):
    """A file opens but carries no text, as a scan does."""


class ReadLimitError(UnreadableFileError):
    """Reading a file took more time or memory than it may."""


class FetchError(ToolkitError):
    """The text at an address cannot be fetched; the message is the reason."""


class AccessError(ToolkitError):
    """A password is wrong, or a token was never given or does not hold any more."""


class BusyError(ToolkitError):
    """Another process is writing in the data folder."""


class ModelError(ToolkitError):
    """An embedding model is missing, is not a model, or is not the expected one."""


class EvaluationError(ToolkitError):
    """A question set or its judgements cannot be used."""


class SnapshotError(ToolkitError):
    """A snapshot cannot be served."""


class SnapshotMissingError(SnapshotError):
    """No snapshot was built yet, or the one asked for is not there."""

    key = "snapshot_missing"


class SnapshotDamagedError(SnapshotError):
    """A file of a snapshot is missing or differs from what was written."""

    key = "snapshot_damaged"
