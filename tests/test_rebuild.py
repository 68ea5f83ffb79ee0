from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import WordEmbedder
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.rebuild import STARTER, BuildReport, rebuild
from corpus.errors import BusyError, CatalogueError, ModelError, NoDocumentsError, ToolkitError
from corpus.lock import writing
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder
from index.snapshot import SnapshotStore

GATE = "# Gate\n\nGuards stand at the gate.\n\n# Night\n\nA lamp burns."
NEW_GATE = "# Gate\n\nGuards stand at the gate.\n\n# Night\n\nNo lamp burns."
RIVER = "# River\n\nThe river is far."

STARTER_COUNT = len(list((STARTER / "documents").iterdir()))

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def embedder(monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    """Return what stands in for the default model, which takes seconds to load.

    Nor is learnt from the starter situations, which would take half a minute each time.
    """
    words = WordEmbedder()

    def nothing(_folder: Path, _words: object, grades: NDArray[np.uint8], _: object) -> object:
        return np.zeros_like(grades, np.float16), np.eye(words.dimension, dtype=np.float32)

    monkeypatch.setattr("index.situations._learn", nothing)

    def load(model: str) -> Embedder:
        return words if model == DEFAULT_MODEL else load_embedder(model)

    monkeypatch.setattr("assistant.rebuild.load_embedder", load)
    for name in ("TOOLKIT_DATA_DIR", "TOOLKIT_MODEL", "TOOLKIT_LIMIT", "TOOLKIT_KEEP_SNAPSHOTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, "toml_file", None)
    return words


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> SnapshotStore:
    return SnapshotStore(settings.snapshots)


@pytest.fixture
def write(settings: Settings) -> Write:
    """Return what makes the documents folder hold these files and no others."""

    def write(files: dict[str, str]) -> Path:
        settings.documents.mkdir(parents=True, exist_ok=True)
        for path in settings.documents.iterdir():
            path.unlink()
        for name, text in files.items():
            (settings.documents / name).write_text(text, "utf-8")
        return settings.documents

    return write


def counts(report: BuildReport) -> tuple[int, int, int, int, int]:
    """Return passages, and how many are added, changed, removed and reused."""
    index = report.index
    return (index.passages, index.added, index.changed, index.removed, index.reused_vectors)


def files_in(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_without_a_documents_folder_the_starter_documents_are_copied_and_built(
    settings: Settings, store: SnapshotStore
) -> None:
    report = rebuild(settings)
    assert files_in(settings.documents) == files_in(STARTER / "documents")
    copied = settings.data_dir / "catalogue.toml"
    assert copied.read_bytes() == (STARTER / "catalogue.toml").read_bytes()
    assert [one.file for one in report.documents] == sorted(files_in(settings.documents))
    assert (len(report.documents), report.failed) == (STARTER_COUNT, ())
    first = report.documents[1]
    assert first.document_id == "starter-artisanal-and-small-scale-mining-1"
    assert (first.pages, first.language) == (4, "en")
    assert store.open().id == report.snapshot_id


def test_the_starter_documents_are_not_copied_over_a_folder_that_is_there(
    settings: Settings, write: Write
) -> None:
    name = "working-with-communities.md"
    write({name: RIVER})
    (settings.data_dir / "catalogue.toml").write_text("", "utf-8")
    assert [one.title for one in rebuild(settings).documents] == ["River"]
    assert files_in(settings.data_dir / "documents") == {name: RIVER.encode()}
    assert (settings.data_dir / "catalogue.toml").read_bytes() == b""


def test_an_empty_folder_is_not_filled(settings: Settings, write: Write) -> None:
    folder = write({})
    with pytest.raises(NoDocumentsError, match="is empty"):
        rebuild(settings)
    assert files_in(folder) == {}


def test_a_catalogue_that_is_there_is_kept(settings: Settings) -> None:
    settings.data_dir.mkdir()
    own = '[[source]]\nid = "g"\nfile = "g.md"\nwork = "g"\ntitle = "G"\n'
    (settings.data_dir / "catalogue.toml").write_text(own, "utf-8")
    rebuild(settings)
    assert (settings.data_dir / "catalogue.toml").read_text("utf-8") == own


def test_a_copy_that_was_cut_off_does_not_pass_for_all_starter_documents(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(source: Path, target: Path, **options: Any) -> None:
        target.mkdir(parents=True)
        (target / "gender-and-security.html").write_bytes(b"<p>Half of it</p>")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("shutil.copytree", cut_off)
        with pytest.raises(KeyboardInterrupt):
            rebuild(settings)
    assert len(rebuild(settings).documents) == STARTER_COUNT


def test_a_folder_that_is_given_is_built_and_nothing_else(
    settings: Settings, tmp_path: Path, write: Write
) -> None:
    write({"gate.md": GATE})
    other = tmp_path / "other"
    other.mkdir()
    (other / "river.md").write_text(RIVER, "utf-8")
    assert [one.file for one in rebuild(settings, documents=other).documents] == ["river.md"]
    assert files_in(other) == {"river.md": RIVER.encode()}


def test_every_file_is_in_the_report(settings: Settings, write: Write) -> None:
    folder = write({"gate.md": GATE, "empty.txt": "", "notes.docx": "x", ".hidden.md": GATE})
    (folder / "catalogue.toml").write_text("", "utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "river.html").write_text("<h1>River</h1><p>The river is far.</p>", "utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7\nnothing")
    report = rebuild(settings)
    assert [(one.file, one.title, one.passages) for one in report.documents] == [
        ("gate.md", "Gate", 2),
        ("sub/river.html", "River", 1),
    ]
    assert [one.file for one in report.failed] == ["empty.txt", "notes.docx", "scan.pdf"]
    assert all(one.reason for one in report.failed)


def test_the_report_as_json_has_its_counts_at_the_top(settings: Settings, write: Write) -> None:
    write({"gate.md": GATE, "empty.txt": ""})
    report = rebuild(settings)
    values = report.to_json()
    names = ("passages", "added", "changed", "removed", "reused_vectors")
    assert [values[name] for name in names] == [2, 2, 0, 0, 0]
    assert list(values["seconds"]) == ["split", "embed", "index", "save", "read", "check"]
    (document,) = values["documents"]
    assert document.pop("seconds") > 0
    assert document == {
        "file": "gate.md", "document_id": "gate-md", "title": "Gate", "language": "en",
        "pages": 0, "passages": 2, "pages_without_text": 0, "recognised_pages": 0, "headings": 2,
        "rows": 0, "broken": 0.0, "taken_out": (), "twin_of": None, "attachments": (),
    }  # fmt: skip
    assert values["failed"] == ({"file": "empty.txt", "reason": "it is empty"},)
    assert (values["snapshot_id"], values["promoted"]) == (report.snapshot_id, True)


def test_a_file_with_the_text_of_another_is_in_the_report_too(
    settings: Settings, write: Write
) -> None:
    write({"copy.md": GATE, "gate.md": GATE})
    own, twin = rebuild(settings).documents
    assert (own.file, own.passages, own.twin_of) == ("copy.md", 2, None)
    assert (twin.file, twin.passages, twin.twin_of) == ("gate.md", 0, "copy.md")
    assert twin.document_id == own.document_id


def test_every_count_stands_in_the_json_once(settings: Settings, write: Write) -> None:
    write({"gate.md": GATE})
    assert "index" not in rebuild(settings).to_json()


def test_a_second_build_embeds_nothing(
    settings: Settings, write: Write, embedder: WordEmbedder
) -> None:
    write({"gate.md": GATE, "river.md": RIVER})
    first = rebuild(settings)
    assert counts(first) == (3, 3, 0, 0, 0)
    embedder.embedded.clear()
    second = rebuild(settings)
    assert counts(second) == (3, 0, 0, 0, 3)
    assert embedder.embedded == []
    assert second.snapshot_id != first.snapshot_id


def test_what_was_changed_added_and_removed_is_counted(
    settings: Settings, write: Write, embedder: WordEmbedder
) -> None:
    write({"gate.md": GATE, "river.md": RIVER})
    rebuild(settings)
    embedder.embedded.clear()
    write({"gate.md": NEW_GATE, "hill.md": "# Hill\n\nA hill."})
    # The passage of the night has another text, the river is gone, the hill has come.
    assert counts(rebuild(settings)) == (3, 1, 1, 2, 1)
    assert embedder.embedded == ["Gate › Night\nNo lamp burns.", "Hill\nA hill."]


def test_a_build_that_is_not_promoted_leaves_the_live_snapshot(
    settings: Settings, write: Write, store: SnapshotStore
) -> None:
    write({"gate.md": GATE})
    live = rebuild(settings)
    assert live.promoted
    write({"river.md": RIVER})
    report = rebuild(settings, promote=False)
    assert not report.promoted
    assert store.current_id() == live.snapshot_id
    assert list(store.open(report.snapshot_id).documents) == ["river-md"]


def test_a_first_build_that_is_not_promoted_leaves_nothing_live(
    settings: Settings, write: Write, store: SnapshotStore
) -> None:
    write({"gate.md": GATE})
    report = rebuild(settings, promote=False)
    assert store.current_id() is None
    assert store.ids() == (report.snapshot_id,)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ID/dense.faiss", b"damaged"),
        ("ID/passages.jsonl", b""),
        ("ID/manifest.json", b"{}"),
        ("current", b"\xff"),
        ("current", b""),
        ("current", b"20260101T000000Z-0\n"),
    ],
)
def test_a_broken_live_snapshot_is_built_anew(
    settings: Settings, write: Write, store: SnapshotStore, name: str, content: bytes
) -> None:
    write({"gate.md": GATE})
    broken = rebuild(settings).snapshot_id
    (store.folder / name.replace("ID", broken)).write_bytes(content)
    report = rebuild(settings)
    assert counts(report) == (2, 2, 0, 0, 0)
    assert store.open().id == report.snapshot_id != broken


def test_only_the_newest_snapshots_are_kept(tmp_path: Path, write: Write) -> None:
    settings = Settings(data_dir=tmp_path / "data", keep_snapshots=2)
    store = SnapshotStore(settings.snapshots)
    write({"gate.md": GATE})
    _, *newest = [rebuild(settings).snapshot_id for _ in range(3)]
    assert list(store.ids()) == newest
    assert store.id_before_current() == newest[0]


def test_a_build_that_is_not_promoted_removes_none(tmp_path: Path, write: Write) -> None:
    settings = Settings(data_dir=tmp_path / "data", keep_snapshots=1)
    write({"gate.md": GATE})
    live = rebuild(settings).snapshot_id
    others = [rebuild(settings, promote=False).snapshot_id for _ in range(2)]
    assert list(SnapshotStore(settings.snapshots).ids()) == [live, *others]


def broken_documents(write: Write) -> None:
    write({"gate.md": "", "river.docx": "x"})


def broken_catalogue(write: Write) -> None:
    (write({"gate.md": GATE}) / "catalogue.toml").write_text("[[source", "utf-8")


@pytest.mark.parametrize(
    ("break_it", "fault", "named"),
    [
        (broken_documents, NoDocumentsError, "None of the 2 files .* gate.md: it is empty; river"),
        (broken_catalogue, CatalogueError, "catalogue.toml cannot be read"),
    ],
)
def test_a_build_that_fails_leaves_all_snapshots_as_they_were(
    settings: Settings,
    write: Write,
    store: SnapshotStore,
    break_it: Callable[[Write], None],
    fault: type[ToolkitError],
    named: str,
) -> None:
    write({"gate.md": GATE})
    rebuild(settings)
    before = files_in(store.folder)
    break_it(write)
    with pytest.raises(fault, match=named):
        rebuild(settings)
    assert files_in(store.folder) == before


def test_a_model_that_is_none_leaves_all_snapshots_as_they_were(
    settings: Settings, write: Write, store: SnapshotStore, tmp_path: Path
) -> None:
    write({"gate.md": GATE})
    rebuild(settings)
    before = files_in(store.folder)
    with pytest.raises(ModelError, match="is not a model folder"):
        rebuild(Settings(data_dir=settings.data_dir, model=str(tmp_path)))
    assert files_in(store.folder) == before


def test_progress_tells_every_file_and_passage(settings: Settings, write: Write) -> None:
    write({"gate.md": GATE, "river.md": RIVER})
    calls: list[tuple[str, int, int]] = []
    rebuild(settings, progress=lambda *call: calls.append(call))
    assert calls == [
        ("read", 0, 2), ("read", 1, 2), ("read", 2, 2),
        ("split", 0, 2), ("split", 1, 2), ("split", 2, 2), ("embed", 0, 3), ("embed", 3, 3),
        ("index", 0, 1), ("index", 1, 1), ("check", 0, 1), ("check", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("broken", ["", "# Gate"], ids=["empty", "no text"])
def test_a_document_that_cannot_be_read_any_more_stays_as_it_was(
    settings: Settings, write: Write, store: SnapshotStore, broken: str
) -> None:
    write({"gate.md": GATE, "river.md": RIVER})
    rebuild(settings)
    write({"gate.md": broken, "river.md": RIVER, "scan.pdf": "%PDF-1.7"})
    report = rebuild(settings)
    if not broken:
        assert [one.file for one in report.kept] == ["gate.md"]
        assert report.kept[0].reason == "it is empty"
        assert "Guards stand" in store.open().documents["gate-md"].text
    assert [one.file for one in report.failed] == ["scan.pdf"]
    write({"gate.md": NEW_GATE, "river.md": RIVER})
    assert rebuild(settings).kept == ()
    assert "No lamp" in store.open().documents["gate-md"].text


def test_what_did_not_change_is_not_read_again(settings: Settings, write: Write) -> None:
    write({"gate.md": GATE, "river.md": RIVER})
    assert rebuild(settings).reused_documents == 0
    write({"gate.md": NEW_GATE, "river.md": RIVER})
    assert rebuild(settings).reused_documents == 1


def entry(**fields: str) -> str:
    values = {"id": "g", "file": "gate.md", "work": "g", "title": "Gates", **fields}
    return "[[source]]\n" + "\n".join(f'{key} = "{value}"' for key, value in values.items())


@pytest.mark.parametrize(
    ("catalogues", "reused"),
    [
        (["", ""], 1),
        ([entry(), entry(title="Doors", status="superseded")], 1),
        ([entry(language="fr"), entry(language="fr")], 1),
        (["", entry()], 1),
        ([entry(language="fr"), entry()], 0),
        ([entry(), entry(language="fr")], 0),
        ([entry(), ""], 0),
    ],
)
def test_what_is_not_read_again_is_what_reading_it_would_give(
    settings: Settings, write: Write, store: SnapshotStore, catalogues: list[str], reused: int
) -> None:
    write({"gate.md": GATE})
    for catalogue in catalogues:
        (settings.data_dir / "catalogue.toml").write_text(catalogue, "utf-8")
        report = rebuild(settings, force="ids change")
    assert report.reused_documents == reused
    anew = Settings(data_dir=settings.data_dir.with_name("anew"))
    rebuild(anew, documents=settings.documents)
    other = SnapshotStore(anew.snapshots).open()
    assert store.open().documents == other.documents
    assert store.open().passages == other.passages


def test_two_rebuilds_at_once_do_not_disturb_each_other(settings: Settings, write: Write) -> None:
    write({"gate.md": GATE})
    with (
        writing(settings.data_dir, "A build"),
        pytest.raises(BusyError, match="A build of process"),
    ):
        rebuild(settings)
    assert rebuild(settings).promoted


def test_what_changed_in_the_last_release_is_remembered(
    settings: Settings, write: Write, store: SnapshotStore
) -> None:
    write({"gate.md": GATE})
    rebuild(settings)
    assert store.open().changed == {}
    write({"gate.md": NEW_GATE, "river.md": RIVER})
    rebuild(settings)
    texts = {one.id: one.text for one in store.open().passages}
    told = {texts[key]: kind for key, kind in store.open().changed.items()}
    assert told == {"No lamp burns.": "reworded", "The river is far.": "added"}
    rebuild(settings)
    assert {texts[key]: kind for key, kind in store.open().changed.items()} == told
