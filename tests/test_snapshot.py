import json
import os
import time
from pathlib import Path

import pytest
from fakes import WordEmbedder, document_of

from corpus.documents import Document
from corpus.errors import SnapshotDamagedError, SnapshotMissingError
from index.build import build_snapshot
from index.search import Searcher
from index.snapshot import Snapshot, SnapshotStore

FILES = [
    "dense.faiss",
    "documents.jsonl",
    "keys.txt",
    "late/offsets.npy",
    "late/token_ids.int32",
    "late/tokens.int8",
    "late/weights.npy",
    "lexical/languages.json",
    "lexical/pairs/data.csc.index.npy",
    "lexical/pairs/indices.csc.index.npy",
    "lexical/pairs/indptr.csc.index.npy",
    "lexical/pairs/params.index.json",
    "lexical/pairs/vocab.index.json",
    "lexical/words/data.csc.index.npy",
    "lexical/words/indices.csc.index.npy",
    "lexical/words/indptr.csc.index.npy",
    "lexical/words/params.index.json",
    "lexical/words/vocab.index.json",
    "passages.jsonl",
]
DOCUMENTS = (
    document_of("# Gate\nGuards stand at the gate.\n• “Ümlaut”\u2028", source_id="a"),
    document_of("No pages here.", source_id="b", edition="second", status="superseded"),
)


def built(
    store: SnapshotStore, *documents: Document, embedder: WordEmbedder | None = None
) -> Snapshot:
    snapshot, _ = build_snapshot(
        documents or DOCUMENTS, embedder=embedder or WordEmbedder(), model="words", store=store
    )
    return snapshot


def live(store: SnapshotStore, *documents: Document) -> Snapshot:
    snapshot = built(store, *documents)
    store.promote(snapshot.id)
    return snapshot


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def change_one_byte(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_a_snapshot_is_read_back_as_it_was_built(store: SnapshotStore) -> None:
    written = live(store)
    snapshot = store.open()
    assert snapshot.id == written.id == store.current_id()
    assert snapshot.manifest == written.manifest
    assert tuple(snapshot.documents.values()) == DOCUMENTS
    assert [passage.text for passage in snapshot.passages] == [
        "Guards stand at the gate.\n• “Ümlaut”",
        "No pages here.",
    ]
    assert snapshot.passages == written.passages
    sizes = [len(snapshot.keys), len(snapshot.dense), len(snapshot.late), len(snapshot.lexical)]
    assert sizes == [2, 2, 2, 2]


def test_the_manifest_says_what_the_snapshot_holds_and_what_made_it(store: SnapshotStore) -> None:
    snapshot = built(store)
    manifest = json.loads((snapshot.folder / "manifest.json").read_text("utf-8"))
    assert manifest["id"] == snapshot.folder.name
    assert (manifest["documents"], manifest["passages"]) == (2, 2)
    assert (manifest["model"], manifest["embedder"]) == ("words", WordEmbedder().identity)
    assert sorted(manifest["files"]) == FILES


def test_ids_are_in_the_order_of_building(store: SnapshotStore) -> None:
    assert store.ids() == ()
    ids = tuple(built(store).id for _ in range(3))
    assert store.ids() == ids
    assert len(set(ids)) == 3


def test_a_built_snapshot_is_not_live_until_it_is_promoted(store: SnapshotStore) -> None:
    first = live(store)
    second = built(store)
    assert store.current_id() == first.id
    assert store.open().id == first.id
    assert store.open(second.id).id == second.id
    store.promote(second.id)
    assert store.open().id == second.id
    store.promote(first.id)
    assert store.open().id == first.id


def test_the_snapshot_to_go_back_to_is_the_one_that_was_live_before(store: SnapshotStore) -> None:
    with pytest.raises(SnapshotMissingError, match="live before the live one. List"):
        store.id_before_current()
    first, second, bad, fourth = (built(store).id for _ in range(4))
    for one in (first, second, bad):
        store.promote(one)
    assert store.roll_back() == second
    store.promote(fourth)
    assert store.roll_back() == second  # and not the one that was gone back from
    assert store.roll_back() == first
    with pytest.raises(SnapshotMissingError, match="live before the live one. List"):
        store.roll_back()
    assert store.current_id() == first
    store.promote(bad)
    assert store.id_before_current() == first


def test_a_folder_without_history_goes_back_to_the_older_one(store: SnapshotStore) -> None:
    first, second = live(store), live(store)
    (store.folder / "history").unlink()
    assert store.id_before_current() == first.id
    assert store.roll_back() == first.id
    assert store.current_id() != second.id


def test_a_promotion_that_was_cut_off_does_not_disturb_the_history(store: SnapshotStore) -> None:
    first, second, third = live(store), live(store), built(store)
    lines = f"{third.id}\n{second.id}\n{first.id}\n"
    (store.folder / "history").write_text(lines, "ascii")
    assert store.id_before_current() == first.id


def test_a_pinned_snapshot_is_never_removed(store: SnapshotStore) -> None:
    pinned, *_ = [live(store).id for _ in range(4)]
    store.pin(pinned)
    store.prune(1)
    assert store.ids() == (pinned, store.current_id())
    store.pin(pinned, keep=False)
    assert store.pins() == ()
    store.prune(1)
    assert store.ids() == (store.current_id(),)
    with pytest.raises(SnapshotMissingError):
        store.pin(pinned)


def test_nothing_is_live_before_the_first_was_promoted(store: SnapshotStore) -> None:
    assert store.current_id() is None
    with pytest.raises(SnapshotMissingError, match=r"No snapshot in .* toolkit-assistant build"):
        store.open()
    built(store)
    with pytest.raises(SnapshotMissingError, match="No snapshot in"):
        store.open()


@pytest.mark.parametrize("unknown", ["20260101T000000Z-0", "..", "../snapshots", "current", "."])
def test_an_unknown_id_is_neither_opened_nor_promoted(store: SnapshotStore, unknown: str) -> None:
    snapshot = live(store)
    with pytest.raises(SnapshotMissingError, match="There is no snapshot") as caught:
        store.open(unknown)
    assert repr(unknown) in str(caught.value)
    with pytest.raises(SnapshotMissingError):
        store.promote(unknown)
    assert store.current_id() == snapshot.id


def test_a_live_snapshot_that_is_gone_is_told(store: SnapshotStore) -> None:
    live(store)
    (store.folder / "current").write_text("20260101T000000Z-0\n", "ascii")
    with pytest.raises(SnapshotMissingError, match="'20260101T000000Z-0'"):
        store.open()


def test_an_empty_current_is_told(store: SnapshotStore) -> None:
    live(store)
    (store.folder / "current").write_bytes(b"")
    with pytest.raises(SnapshotMissingError, match="There is no snapshot ''"):
        store.open()


def test_a_damaged_current_is_told(store: SnapshotStore) -> None:
    live(store)
    (store.folder / "current").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SnapshotDamagedError, match="current"):
        store.open()


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_with_one_byte_changed_is_refused(
    store: SnapshotStore, name: str, place: str
) -> None:
    snapshot = live(store)
    path = snapshot.folder / name
    size = path.stat().st_size
    change_one_byte(path, {"first": 0, "middle": size // 2, "last": size - 1}[place])
    with pytest.raises(SnapshotDamagedError, match=f"{name} is not as written. Build it again"):
        store.open()
    with pytest.raises(SnapshotDamagedError):
        store.promote(snapshot.id)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_file_that_is_cut_off_is_refused(store: SnapshotStore, name: str) -> None:
    path = live(store).folder / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotDamagedError, match=name):
        store.open()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(store: SnapshotStore, name: str) -> None:
    (live(store).folder / name).unlink()
    with pytest.raises(SnapshotDamagedError, match=f"{name} is missing. Build it again"):
        store.open()


def test_a_snapshot_without_its_manifest_is_none(store: SnapshotStore) -> None:
    (live(store).folder / "manifest.json").unlink()
    assert store.ids() == ()
    with pytest.raises(SnapshotMissingError):
        store.open()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("{", "[", id="no JSON"),
        pytest.param('"files"', '"filez"', id="another key"),
        pytest.param('"format": 5', '"format": 4', id="another format"),
        pytest.param('"id": "2', '"id": "3', id="another id"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    store: SnapshotStore, old: str, new: str
) -> None:
    path = live(store).folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(SnapshotDamagedError, match="Build it again"):
        store.open()


@pytest.mark.parametrize("key", ["created", "model", "embedder", "splitter", "documents"])
def test_a_manifest_with_one_byte_changed_is_refused(store: SnapshotStore, key: str) -> None:
    path = live(store).folder / "manifest.json"
    (line,) = [line for line in path.read_text("utf-8").splitlines() if f'"{key}"' in line]
    position = path.read_bytes().index(line.encode()) + len(line.rstrip('",')) - 1
    change_one_byte(path, position)
    with pytest.raises(SnapshotDamagedError):
        store.open()


class _Stop(WordEmbedder):
    """An embedder that is interrupted at its first passage."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def count_tokens(self, text: str) -> int:
        if text.startswith("No pages"):
            raise self._error
        return super().count_tokens(text)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError(), OSError(28, "disk full")])
def test_an_interrupted_build_leaves_the_live_snapshot_and_nothing_else(
    store: SnapshotStore, error: BaseException
) -> None:
    snapshot = live(store)
    with pytest.raises(type(error)):
        built(store, embedder=_Stop(error))
    assert names_in(store.folder) == [snapshot.id, "current", "history"]
    assert store.open().id == snapshot.id


def test_an_interrupted_first_build_leaves_nothing(store: SnapshotStore) -> None:
    with pytest.raises(KeyboardInterrupt):
        built(store, embedder=_Stop(KeyboardInterrupt()))
    assert names_in(store.folder) == []
    assert store.current_id() is None


def test_a_build_that_was_killed_just_before_its_end_is_no_snapshot(store: SnapshotStore) -> None:
    snapshot = live(store)
    half = store.folder / ".building-0123abcd"
    half.mkdir()
    (half / "manifest.json").write_text("{}")
    assert store.ids() == (snapshot.id,)
    with pytest.raises(SnapshotMissingError):
        store.open(half.name)


def test_an_open_snapshot_serves_on_while_another_is_promoted(store: SnapshotStore) -> None:
    live(store)
    searcher = Searcher(store.open(), WordEmbedder())
    second = live(store, document_of("Something else.", source_id="c"))
    (hit,) = searcher.search("guards at the gate", k=1).hits
    assert hit.passage.document_id == "a"
    assert store.open().id == second.id
    (hit,) = Searcher(store.open(), WordEmbedder()).search("guards at the gate", k=1).hits
    assert hit.passage.document_id == "c"


def test_promoting_replaces_current_in_one_step(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = live(store), built(store)

    def fails(path: Path, target: Path) -> Path:
        assert path.read_text("ascii").startswith(f"{second.id}\n")  # whole before it gets its name
        assert target in (store.folder / "current", store.folder / "history")
        raise OSError(5, "input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fails)
        with pytest.raises(OSError, match="input/output"):
            store.promote(second.id)
    assert store.open().id == first.id
    store.promote(second.id)
    assert store.open().id == second.id


def test_promoting_leaves_no_other_file(store: SnapshotStore) -> None:
    ids = sorted(live(store).id for _ in range(2))
    assert names_in(store.folder) == [*ids, "current", "history"]
    assert (store.folder / "current").read_text("ascii") == f"{ids[1]}\n"


def test_a_snapshot_of_headings_only_can_be_opened(store: SnapshotStore) -> None:
    live(store, document_of("# Nothing below", source_id="a"))
    snapshot = store.open()
    assert snapshot.passages == ()
    assert Searcher(snapshot, WordEmbedder()).search("nothing", k=3).hits == ()


def test_what_a_killed_build_left_behind_goes_a_day_later(store: SnapshotStore) -> None:
    live(store)
    left, running = store.folder / ".building-old", store.folder / ".building-new"
    for folder in (left, running):
        (folder / "late").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(left, (two_days_ago, two_days_ago))
    store.prune(5)
    assert not left.exists()
    assert running.exists()
    assert len(store.ids()) == 1
