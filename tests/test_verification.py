import pytest
from fakes import WordEmbedder, document_of

from assistant.confidence import Calibration
from assistant.engine import Assistant
from assistant.matching import Difference
from assistant.verification import find_quotations, verify
from corpus.documents import Document
from index.build import build_snapshot
from index.snapshot import SnapshotStore

GATE = "The gate is shut at night – “always”, not by day. Guards don’t sleep in the o\ufb03ce."
RIVER = "# River\nNobody may cross the river, except the people of the village."


def assistant_over(store: SnapshotStore, *documents: Document) -> Assistant:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    assistant = Assistant(snapshot, embedder)
    assistant.calibration = Calibration(0.0, 0.0, 0.0, related_from=0.0, answered_from=0.0)
    return assistant


@pytest.fixture
def assistant(store: SnapshotStore) -> Assistant:
    return assistant_over(store, document_of(GATE), document_of(RIVER, source_id="river"))


@pytest.mark.parametrize(
    ("quotation", "stands"),
    [
        ("The gate is shut at night", "The gate is shut at night"),
        ("shut at night - \"always\", not", "shut at night – “always”, not"),
        ("Guards don't sleep in the office.", "Guards don’t sleep in the o\ufb03ce."),
        ("gate  is\nshut at night", "gate is shut at night"),
        ("The gate is shut […] not by day.", "The gate is shut at night – “always”, not by day."),
        ("The gate is shut ... by day", "The gate is shut at night – “always”, not by day"),
    ],
)  # fmt: skip
def test_typography_makes_no_difference(assistant: Assistant, quotation: str, stands: str) -> None:
    (found,) = verify(quotation, assistant=assistant)
    assert (found.verdict, found.differences) == ("exact", ())
    assert found.citation is not None
    assert (found.citation.file, found.citation.quote) == ("notes.md", stands)


@pytest.mark.parametrize(
    ("quotation", "difference"),
    [
        ("The gate is open at night", Difference("open", "shut")),
        ("The gate is shut by night", Difference("by", "at")),
        ("Nobody may cross the river except the people", Difference("", ",")),
        ("nobody may cross the river", Difference("nobody", "Nobody")),
        ("Nobody may cross the river, the people", Difference("", "except")),
        ("Nobody may cross a river, except", Difference("a", "the")),
    ],
)
def test_a_changed_word_or_mark_is_shown(
    assistant: Assistant, quotation: str, difference: Difference
) -> None:
    (found,) = verify(quotation, assistant=assistant)
    assert found.verdict == "altered"
    assert difference in found.differences
    assert found.citation is not None


FAR = "Guards may never sleep. " + "The river is far away. " * 60 + "Hunters may sleep at noon."


@pytest.mark.parametrize(
    ("stored", "quotation"),
    [
        pytest.param(FAR, "Guards may […] sleep at noon", id="words left out over pages"),
        pytest.param("About 2.5 percent of the guards", "5 percent of the guards", id="figure cut"),
        pytest.param("Fines of USD 1,000 are paid", "Fines of USD 1", id="thousands cut"),
        pytest.param(
            "Non-violent protest is lawful", "violent protest is lawful", id="compound cut"
        ),
        pytest.param("At most 10\u00b3 guards stand", "At most 103 guards stand", id="power"),
        pytest.param(
            "The gate is nowhere to be seen", "The gate is now here to be seen", id="space"
        ),
    ],
)
def test_what_only_looks_the_same_is_not_exact(
    store: SnapshotStore, stored: str, quotation: str
) -> None:
    (found,) = verify(quotation, assistant=assistant_over(store, document_of(stored)))
    assert found.verdict != "exact"


def test_words_left_out_are_looked_for_from_each_place_of_the_first_part(
    store: SnapshotStore,
) -> None:
    stored = f"Guards may sleep. {FAR} Guards may rest in turns at noon."
    (found,) = verify(
        "Guards may rest […] noon", assistant=assistant_over(store, document_of(stored))
    )
    assert found.citation is not None
    assert found.citation.quote == "Guards may rest in turns at noon"


def test_what_was_left_out_is_told_and_is_as_little_as_can_be(store: SnapshotStore) -> None:
    stored = "Firearms are kept in a room. Firearms are not a means to disperse a crowd."
    (found,) = verify(
        "Firearms are … a means to disperse", assistant=assistant_over(store, document_of(stored))
    )
    assert (found.verdict, found.left_out) == ("exact", ("not",))


@pytest.mark.parametrize(
    "quotation", ["Do this: keep calm; call the office.", "Who | may enter", "Who may enter"]
)
def test_bullets_and_cells_are_typography(store: SnapshotStore, quotation: str) -> None:
    written = "Do this:\n• keep calm;\n• call the office.\nWho | may enter\nall | none"
    (found,) = verify(quotation, assistant=assistant_over(store, document_of(written)))
    assert found.verdict == "exact"


def test_a_quotation_over_two_sections_that_was_altered_is_told_whole(store: SnapshotStore) -> None:
    written = "# Gate\nGuards stand at the gate at night.\n# River\nNobody may cross the river."
    quotation = "Guards stand at the gate at night. River Everybody may cross the river."
    (found,) = verify(quotation, assistant=assistant_over(store, document_of(written)))
    assert found.differences == (Difference("Everybody", "Nobody"),)
    assert found.citation is not None
    assert found.citation.headings == ("Gate",)


@pytest.mark.parametrize("quotation", ["he gate is shut at nigh", "shut at nigh"])
def test_a_quotation_begins_and_ends_with_whole_words(assistant: Assistant, quotation: str) -> None:
    assert [one.verdict for one in verify(quotation, assistant=assistant)] != ["exact"]


def test_parts_in_another_order_are_no_quotation(assistant: Assistant) -> None:
    (found,) = verify("not by day […] The gate is shut", assistant=assistant)
    assert found.verdict != "exact"


@pytest.mark.parametrize("quotation", ["Pasta needs salt and a very large pot.", "…", "?!"])
def test_what_stands_nowhere_is_not_found(assistant: Assistant, quotation: str) -> None:
    (found,) = verify(quotation, assistant=assistant)
    assert (found.verdict, found.citation, found.differences) == ("not_found", None, ())


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("", ()),
        (" \n", ()),
        ("The gate is shut.", ("The gate is shut.",)),
        ("“The gate is shut.”", ("The gate is shut.",)),
        ("He says “the gate is shut” of the “gate”.", ("the gate is shut",)),
        ('A "one two three four" and «five six seven eight».',
         ("one two three four", "five six seven eight")),
        ("‘the guards don’t sleep’ and »fünf sechs sieben acht«",
         ("the guards don’t sleep", "fünf sechs sieben acht")),
        ('A 5" pipe.\n\nHe said "one two three four".', ("one two three four",)),
        ("“不得在夜间关闭村庄的大门”", ("不得在夜间关闭村庄的大门",)),
    ],
)  # fmt: skip
def test_quotations_are_what_stands_in_quotation_marks(
    text: str, quotations: tuple[str, ...]
) -> None:
    assert find_quotations(text) == quotations


def test_the_current_edition_is_cited_before_a_superseded_one(store: SnapshotStore) -> None:
    old = document_of(RIVER, source_id="a", status="superseded")
    new = document_of(f"{RIVER} Or with a boat.", source_id="b")
    (found,) = verify("Nobody may cross the river", assistant=assistant_over(store, old, new))
    assert found.citation is not None
    assert (found.citation.document_id, found.citation.headings) == ("b", ("River",))


def test_a_superseded_edition_is_looked_through_too(store: SnapshotStore) -> None:
    old = document_of(RIVER, source_id="a", status="superseded")
    (found,) = verify("Nobody may cross the river", assistant=assistant_over(store, old))
    assert found.citation is not None
    assert found.citation.status == "superseded"


def snapshots(store: SnapshotStore, *versions: str) -> Assistant:
    """Return the assistant over the last of several snapshots, each of one document."""
    return [assistant_over(store, document_of(version)) for version in versions][-1]


OLD = "Nobody may cross the river at night, except the people of the village."


def test_a_quotation_of_an_older_snapshot_is_exact_there_and_today_s_words_are_told(
    store: SnapshotStore,
) -> None:
    live = snapshots(store, OLD, OLD.replace("Nobody", "Everybody"))
    (found,) = verify(OLD, assistant=live, store=store)
    assert (found.verdict, found.snapshot_id) == ("exact", store.ids()[0])
    assert found.live_snapshot_id == live.snapshot.id
    assert found.differences_now == (Difference("Nobody", "Everybody"),)
    assert found.current is not None
    assert found.current.permalink.startswith(live.snapshot.id)


def test_what_stands_in_the_live_snapshot_is_not_looked_for_before(store: SnapshotStore) -> None:
    live = snapshots(store, OLD, f"{OLD} Or with a boat.")
    (found,) = verify(OLD, assistant=live, store=store)
    assert (found.snapshot_id, found.current) == (live.snapshot.id, None)


def test_what_was_altered_is_looked_for_in_older_snapshots_last(store: SnapshotStore) -> None:
    live = snapshots(store, OLD, "Pasta needs salt and a very large pot.")
    (found,) = verify(OLD.replace("river", "lake"), assistant=live, store=store)
    assert (found.verdict, found.snapshot_id) == ("altered", store.ids()[0])
    assert found.differences == (Difference("lake", "river"),)
    assert verify(OLD, assistant=live)[0].verdict == "not_found"


def test_a_damaged_older_snapshot_is_left_out(store: SnapshotStore) -> None:
    live = snapshots(store, OLD, "Pasta needs salt and a very large pot.")
    (store.folder / store.ids()[0] / "documents.jsonl").write_text("{}")
    (found,) = verify(OLD, assistant=live, store=store)
    assert found.verdict == "not_found"


@pytest.mark.parametrize(
    ("quotation", "retyped"),
    [
        ("The gate is shut at night – “always”", False),
        ('The gate is shut at night - "always"', True),
    ],
)
def test_another_typography_is_told(assistant: Assistant, quotation: str, retyped: bool) -> None:
    (found,) = verify(quotation, assistant=assistant)
    assert (found.verdict, found.retyped) == ("exact", retyped)
