from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordEmbedder, document_of

from assistant.config import Settings
from assistant.doctor import Facts, Health, examine
from assistant.printing import print_health
from corpus.documents import Document, Page, Span, sha256_of
from corpus.fetch import Known
from corpus.ledger import Entry, Ledger, save_ledger
from index.build import build_snapshot
from index.snapshot import SnapshotStore

WRITTEN = "# Gate\nGuards stand at the gate.\nName | Post\nLamp | door"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("assistant.doctor.load_embedder", lambda model: WordEmbedder())
    settings = Settings(data_dir=tmp_path)
    settings.documents.mkdir()
    return settings


def live(settings: Settings, *documents: Document) -> str:
    """Return the id of a live snapshot of documents that are all in the folder."""
    store = SnapshotStore(settings.snapshots)
    for document in documents:
        (settings.documents / document.source.file).write_text(WRITTEN, "utf-8")
    written = [replace(one, file_sha256=sha256_of(WRITTEN)) for one in documents]
    snapshot, _ = build_snapshot(written, embedder=WordEmbedder(), model="words", store=store)
    store.promote(snapshot.id)
    return snapshot.id


def wrongs(health: Health) -> list[tuple[str, str]]:
    return [(problem.what, problem.remedy) for problem in health.problems]


def test_of_what_is_well_only_the_facts_are_told(settings: Settings) -> None:
    snapshot_id = live(settings, document_of(WRITTEN, language="en"))
    facts = Facts("notes.md", "notes", "en", 0, 0, headings=1, rows=2, passages=1, broken=0.0)
    assert examine(settings) == Health(snapshot_id, (), (facts,))


def test_without_a_snapshot_it_says_how_to_build_one(settings: Settings) -> None:
    health = examine(settings)
    assert (health.snapshot_id, health.documents) == (None, ())
    assert [remedy for _, remedy in wrongs(health)] == ["toolkit-assistant build"]


def test_a_damaged_live_snapshot_is_named(settings: Settings) -> None:
    snapshot_id = live(settings, document_of(WRITTEN))
    (settings.snapshots / snapshot_id / "passages.jsonl").write_bytes(b"")
    ((what, remedy),) = wrongs(examine(settings))
    assert "passages.jsonl is not as written" in what
    assert remedy == "toolkit-assistant build"


def test_a_damaged_older_snapshot_is_named(settings: Settings) -> None:
    old = live(settings, document_of(WRITTEN))
    live(settings, document_of(WRITTEN))
    (settings.snapshots / old / "keys.txt").unlink()
    ((what, remedy),) = wrongs(examine(settings))
    assert old in what
    assert remedy.endswith(f"delete {settings.snapshots / old}")


def test_files_that_changed_or_went_are_named(settings: Settings) -> None:
    live(settings, document_of(WRITTEN, source_id="a"), document_of(WRITTEN, source_id="b"))
    (settings.documents / "a.md").write_text("# Gate\nNobody.", "utf-8")
    (settings.documents / "b.md").unlink()
    assert [what.split(" ")[0] for what, _ in wrongs(examine(settings))] == ["a.md", "b.md"]


def test_a_member_of_an_archive_is_not_missed(settings: Settings) -> None:
    document = document_of(WRITTEN, source_id="all.zip")
    live(settings, replace(document, source=replace(document.source, file="all.zip")))
    inside = replace(document, source=replace(document.source, file="all.zip/a.md"))
    store = SnapshotStore(settings.snapshots)
    snapshot, _ = build_snapshot([inside], embedder=WordEmbedder(), model="words", store=store)
    store.promote(snapshot.id)
    assert examine(settings).problems == ()


def test_what_was_left_out_and_what_is_attached_is_told(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    document = replace(document_of(WRITTEN), taken_out=("Menu", "Share"), attachments=("a.docx",))
    live(settings, document)
    print_health(examine(settings))
    printed = capsys.readouterr().out
    assert "    left out as not of the text: Menu / Share\n" in printed
    assert "    attached, not read (save them beside it): a.docx\n" in printed


def test_pages_without_text_and_broken_characters_are_named(settings: Settings) -> None:
    document = document_of("Guards \ufffd\ue000 stand.")
    end = len(document.text)
    pages = (Page(1, None, Span(0, end)), Page(2, None, Span(end, end)))
    live(settings, replace(document, pages=pages))
    health = examine(settings)
    assert (health.documents[0].pages, health.documents[0].pages_without_text) == (2, 1)
    assert health.documents[0].broken == round(2 / end, 4)
    first, second = (what for what, _ in wrongs(health))
    assert first.startswith("notes.md: 1 of 2 pages carry no text")
    assert second.startswith("notes.md: 12 % of its characters")


def test_a_model_that_did_not_build_the_snapshot_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(settings, document_of(WRITTEN))
    monkeypatch.setattr("assistant.doctor.load_embedder", lambda model: WordEmbedder(name="other"))
    ((what, _),) = wrongs(examine(settings))
    assert "model" in what


def entry(**fields: str) -> str:
    values = {"id": "a", "file": "a.md", "work": "a", "title": "A", "language": "en", **fields}
    return "[[source]]\n" + "\n".join(f'{key} = "{value}"' for key, value in values.items()) + "\n"


def test_a_catalogue_that_cannot_be_used_is_named(settings: Settings) -> None:
    live(settings, document_of(WRITTEN))
    settings.catalogue.write_text("[[source", "utf-8")
    ((what, remedy),) = wrongs(examine(settings))
    assert "catalogue.toml cannot be read" in what
    assert remedy == f"Correct {settings.catalogue}, then toolkit-assistant build"


def test_two_current_editions_of_a_work_are_named(settings: Settings) -> None:
    live(settings, document_of(WRITTEN))
    first = entry(id="a-1", edition="first")
    second = entry(id="a-2", file="b.md", edition="second")
    settings.catalogue.write_text(first + second, "utf-8")
    ((what, _),) = wrongs(examine(settings))
    assert what == "a has 2 current editions: a-1, a-2"
    second = entry(id="a-2", file="b.md", edition="second", status="superseded")
    settings.catalogue.write_text(first + second, "utf-8")
    assert examine(settings).problems == ()


def fetched(settings: Settings, **fields: str) -> None:
    known = Entry(
        "notes.md", sha256_of(WRITTEN), 1, "text/html", "https://a.example/", (), Known(),
        "2026-01-01", "2026-01-01",
    )  # fmt: skip
    save_ledger(Ledger().with_entry("a", replace(known, **fields)), settings.ledger)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ""),
        ({"sha256": "0"}, "notes.md is not as it was fetched from https://a.example/"),
        ({"file": "other.md"}, "other.md was fetched, but is not there any more"),
        ({"gone": "2026-02-02"}, "notes.md has disappeared at https://a.example/, first noticed"),
        ({"fault": "it is empty"}, "notes.md could not be fetched when last tried: it is empty"),
    ],
)
def test_what_is_wrong_with_fetched_files_is_named(
    settings: Settings, fields: dict[str, str], wrong: str
) -> None:
    live(settings, document_of(WRITTEN))
    fetched(settings, **fields)
    found = [what for what, _ in wrongs(examine(settings))]
    assert [what.startswith(wrong) for what in found] == ([True] if wrong else [])


def test_leftovers_and_damage_besides_the_snapshots_are_named(settings: Settings) -> None:
    live(settings, document_of(WRITTEN))
    (settings.data_dir / ".writing.json").write_text(
        '{"pid": 1, "host": "a", "doing": "A build", "started": "2026-01-01T00:00:00+00:00"}'
    )
    settings.reports.mkdir()
    (settings.reports / "x.json").write_text("{", "utf-8")
    (settings.snapshots / "pins").write_text("20200101T000000000000Z-00000000\n", "ascii")
    settings.ledger.write_text("{", "utf-8")
    ledger, lock, pin, report = (what for what, _ in wrongs(examine(settings)))
    assert "ledger.json cannot be read" in ledger
    assert lock == "A build of process 1, begun 2026-01-01T00:00:00+00:00, did not end"
    assert pin.startswith("The pinned snapshot 20200101T000000000000Z-00000000 is not there")
    assert "x.json cannot be read" in report


def test_a_document_of_which_one_byte_changed_is_named(settings: Settings) -> None:
    gate = document_of(WRITTEN, source_id="gate")
    river = document_of("# River\nThe river is far.", source_id="river")
    path = settings.snapshots / live(settings, gate, river) / "documents.jsonl"
    stored = path.read_bytes()
    place = stored.index(b"The river is far")
    path.write_bytes(stored[:place] + b"t" + stored[place + 1 :])
    (whole, _), (altered, remedy) = wrongs(examine(settings))
    assert "documents.jsonl is not as written" in whole
    assert altered == (
        "The stored text of river.md is not as it was indexed; its quotes are withheld"
    )
    assert remedy == "toolkit-assistant build"
