"""What editors say that passages help in: read, attached, searched, and never shown."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, document_of
from numpy.typing import NDArray

from assistant.engine import Assistant
from corpus.documents import Span
from corpus.errors import CatalogueError
from corpus.passages import split_passages
from corpus.situations import (
    AnsweringSentence,
    Beginning,
    Entry,
    Situation,
    Situations,
    Unanswered,
    as_toml,
    attach,
    load_situations,
)
from index.build import IndexReport, build_snapshot
from index.chosen import UNKNOWN
from index.late import StoredVectors
from index.learning import DOUBT
from index.mixture import (
    SITUATIONS_DEVIATION,
    SITUATIONS_WEIGHT,
    Signals,
    standardised,
    without_language,
)
from index.search import Searcher
from index.situations import FROM, HELP, Expected, SituationIndex, help_of, write_situations
from index.snapshot import Snapshot, SnapshotStore

ENTRY = (
    '[[passage]]\nwork = "notes"\nquote = "Stop the harm."\nsituations = ["a guard hit a boy"]\n'
)
NAMED = ENTRY.replace("[[passage]]", '[[passage]]\nname = "harm.1"')
NOTES = document_of("# Harm\nStop the\n# Fences\nBuild it of wood.\n# Gates\nKeep them shut.")
OTHER = document_of("# Harm\nBuild it of stone.", source_id="other")
WOOD = Situations(work="notes", quote="Build  it of", situations=("goats come in", "goats leave"))
GATE = Situations(work="notes", quote="Keep them shut", situations=("lorries queue outside",))
LOST = Situations(work="notes", quote="no such words", situations=("nothing",))


def test_situations_are_read_beside_the_documents_or_among_them(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    assert load_situations(documents) == ()
    (tmp_path / "situations.toml").write_text(ENTRY, "utf-8")
    beside = load_situations(documents)
    assert beside == (
        Situations(work="notes", quote="Stop the harm.", situations=("a guard hit a boy",)),
    )
    (documents / "situations.toml").write_text("", "utf-8")
    assert load_situations(documents) == ()


def test_a_line_names_what_answers_it_and_what_helps(tmp_path: Path) -> None:
    other = ENTRY.replace("[[passage]]", '[[passage]]\nname = "harm.2"')
    lines = (
        '[situations]\n"who helps him" = "harm.1 / harm.2"\n"a boy bleeds" = "/ harm.1"\n'
        '"what now" = "harm.2 harm.1"\n'
    )
    (tmp_path / "situations.toml").write_text(NAMED + other + ENTRY + lines, "utf-8")
    first, second, third = _passages_of(tmp_path / "documents")
    assert first.situations == ("a guard hit a boy", "who helps him", "what now")
    assert first.helps == ("a boy bleeds",)
    assert (second.situations, second.helps) == (
        ("a guard hit a boy", "what now"),
        ("who helps him",),
    )
    assert (third.situations, third.helps) == (("a guard hit a boy",), ())


def test_sentences_are_named_as_passages_are_and_what_nothing_answers_stands_apart(
    tmp_path: Path,
) -> None:
    sentence = NAMED.replace("passage", "sentence").replace("harm.1", "harm.1.2")
    sentence += "protects = true\n"
    lines = '[situations]\n"who helps him" = "harm.1 harm.1.2"\n'
    text = 'unanswered = ["what does it cost"]\n' + NAMED + sentence + lines
    (tmp_path / "situations.toml").write_text(text, "utf-8")
    passage, answering, unanswered = load_situations(tmp_path / "documents")
    assert isinstance(answering, AnsweringSentence)
    assert answering.protects
    assert not isinstance(passage, AnsweringSentence)
    assert passage.situations == answering.situations == ("a guard hit a boy", "who helps him")
    assert unanswered == Unanswered(("what does it cost",))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entry = Situations(work="a", quote='says "x"\x7f', situations=("who?", "tab\there"))
    (tmp_path / "situations.toml").write_text(as_toml(entry), "utf-8")
    assert load_situations(tmp_path / "documents") == (entry,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[passage]\n", "cannot be read"),
        ("[[passages]]\n", "passages: "),
        ("passage = 3\n", "passage: "),
        (ENTRY + ENTRY.replace("quote", "quotes"), "passage, 2, quote: "),
        (ENTRY.replace('"Stop the harm."', '" "'), "passage, 1, quote: "),
        (ENTRY.replace('"a guard hit a boy"', "7"), "passage, 1, situations, 1: "),
        (NAMED + '[situations]\n"who" = "harm.1 harm.3"\n', "'who': no .* the name 'harm.3'"),
        (NAMED + '[situations]\n"who" = ""\n', "situations, who: "),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_entry(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "situations.toml").write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=rf"situations\.toml.*{said}"):
        load_situations(tmp_path)


def test_a_quote_attaches_to_passages_of_its_work_whatever_their_line_breaks() -> None:
    count = WordEmbedder().count_tokens
    passages = [
        (document.source.work, passage)
        for document in (OTHER, NOTES)
        for passage in split_passages(document, count_tokens=count, max_tokens=64)
    ]
    found, unused = attach([LOST, GATE, WOOD], passages)
    row = {text: number for number, (_, one) in enumerate(passages) for text in [one.text]}
    wood, gate = row["Build it of wood."], row["Keep them shut."]
    assert found == [
        Situation(GATE.situations[0], {gate: 2}),
        Situation("goats come in", {wood: 2}),
        Situation("goats leave", {wood: 2}),
    ]
    assert unused == [LOST]


def test_a_line_of_several_passages_comes_once_with_its_best_grades() -> None:
    count = WordEmbedder().count_tokens
    passages = [("notes", one) for one in split_passages(NOTES, count_tokens=count, max_tokens=64)]
    harm = Situations(work="notes", quote="Stop the", helps=("goats leave", "goats come in"))
    wood = WOOD.model_copy(update={"helps": ("goats leave",)})
    found, _ = attach([harm, wood], passages)
    assert found == [
        Situation("goats leave", {0: 1, 1: 2}),
        Situation("goats come in", {0: 1, 1: 2}),
    ]


def test_a_sentence_is_told_by_where_it_begins_and_a_line_that_nothing_answers_comes_last() -> None:
    count = WordEmbedder().count_tokens
    document = document_of("# Fences\nBuild it\nof wood. Keep goats out.")
    [passage] = split_passages(document, count_tokens=count, max_tokens=64)
    entries: list[Entry] = [
        Unanswered(("what does it cost", "goats come in")),
        AnsweringSentence(work="notes", quote="it of wood", situations=("goats come in",)),
        AnsweringSentence(
            work="notes", quote="Keep goats", situations=("goats come in",), protects=True
        ),
        Situations(work="notes", quote="Build it", situations=("who builds it",)),
        AnsweringSentence(work="notes", quote="Build it", helps=("who pays",)),
    ]
    found, _ = attach(entries, [("notes", passage)])
    it, keep = (document.text.index(word) for word in ("it", "Keep"))
    begin = Beginning(it), Beginning(keep, protects=True)
    assert found == [
        Situation("goats come in", {0: 2}, {0: begin}),
        Situation("who builds it", {0: 2}),
        Situation("who pays", {0: 1}),
        Situation("what does it cost", {}),
    ]


def built(
    store: SnapshotStore, *situations: Entry, previous: Snapshot | None = None
) -> tuple[Snapshot, IndexReport, WordEmbedder]:
    embedder = WordEmbedder()
    snapshot, report = build_snapshot(
        [OTHER, NOTES],
        embedder=embedder,
        model="words",
        store=store,
        situations=situations,
        previous=previous,
    )
    return snapshot, report, embedder


def test_a_build_keeps_them_and_names_those_that_no_passage_has(store: SnapshotStore) -> None:
    snapshot, report, _ = built(store, WOOD, LOST)
    assert (report.situations, report.unused_situations) == (2, (LOST,))
    assert snapshot.situations is not None
    assert snapshot.situations.texts == WOOD.situations
    assert {snapshot.passages[row].text for row in snapshot.situations.rows} == {
        "Build it of wood."
    }


def test_a_build_without_them_has_none(store: SnapshotStore) -> None:
    snapshot, report, _ = built(store, LOST)
    assert (report.situations, snapshot.situations) == (0, None)


def test_vectors_of_situations_are_taken_over(store: SnapshotStore) -> None:
    before, _, _ = built(store, WOOD)
    after, report, embedder = built(store, WOOD, GATE, previous=before)
    assert embedder.embedded == ["lorries queue outside"]
    assert report.reused_vectors == report.passages  # situations are not counted among them
    assert after.situations is not None
    assert before.situations is not None
    rows = np.arange(2)
    assert (after.situations.dense.vectors(rows) == before.situations.dense.vectors(rows)).all()


def test_what_was_learnt_is_taken_over_unless_a_grade_is_another(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _, _ = built(store, WOOD, GATE)
    learnt = before.situations
    assert learnt is not None
    with monkeypatch.context() as patch:
        patch.setattr("index.situations.learn", None)  # would fail
        same, _, _ = built(store, WOOD, GATE, previous=before)
    assert same.situations is not None
    assert (same.situations.weights == learnt.weights).all()
    lesser = WOOD.model_copy(update={"situations": (), "helps": WOOD.situations})
    other, _, _ = built(store, lesser, GATE, previous=before)
    assert other.situations is not None
    assert (other.situations.weights != learnt.weights).any()


def test_of_sentences_is_learnt_anew(store: SnapshotStore) -> None:
    document = document_of("# Fences\nBuild it of wood. Keep goats out.")
    told = {
        sentence: AnsweringSentence(work="notes", quote=sentence, situations=("goats come in",))
        for sentence in ("Build it", "Keep goats")
    }
    previous = None
    for sentence, text in ("Build it", document), ("Keep goats", document):
        snapshot, _ = build_snapshot(
            [OTHER, text],
            embedder=WordEmbedder(),
            model="words",
            store=store,
            situations=[told[sentence]],
            previous=previous,
        )
        previous = snapshot
        [citation] = Assistant(snapshot, WordEmbedder()).search("goats come in", k=1)
        marked = [document.text[start:end] for start, end in citation.highlights]
        assert [one.startswith(sentence) for one in marked] == [True]


def test_a_snapshot_that_learnt_nothing_of_sentences_is_asked_as_before(
    store: SnapshotStore,
) -> None:
    snapshot, _, embedder = built(store, WOOD)
    (snapshot.folder / "situations" / "chosen-2.npz").unlink()
    [citation] = Assistant(snapshot, embedder).search("goats come in", k=1)
    assert citation.quote == "Build it of wood."


def test_a_snapshot_of_before_anything_was_learnt_is_searched_without(
    store: SnapshotStore,
) -> None:
    snapshot, _, embedder = built(store, WOOD)
    (snapshot.folder / "situations" / "learnt-2.npz").unlink()
    assert snapshot.situations is None
    assert Searcher(snapshot, embedder).search("goats", k=5).expected is None


def test_a_question_in_words_of_a_situation_finds_its_passage(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    results = Searcher(snapshot, embedder).search("why do lorries queue", k=5)
    assert results.hits[0].passage.text == "Keep them shut."
    assert results.expected is not None
    assert results.expected.covered == pytest.approx(2 / 3, abs=0.2)  # of "lorries queue outside"
    assert results.signals.weights["situations"] > 0
    without, _, _ = built(store)
    assert Searcher(without, embedder).search("why do lorries queue", k=5).expected is None


def test_filters_hold_for_situations_too(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    searcher = Searcher(snapshot, embedder)
    results = searcher.search("lorries queue outside", k=5, filters={"work": ("other",)})
    assert {hit.passage.document_id for hit in results.hits} == {"other"}
    assert results.expected is not None
    assert results.expected.covered == 0.0


def test_a_situation_is_never_shown(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    assistant = Assistant(snapshot, embedder)
    found = assistant.search("goats come in")
    assert found[0].quote == "Build it of wood."
    shown = repr((found, assistant.ask("goats come in", limit=3).citations))
    assert not any(word in shown for word in ("goat", "lorr"))


@pytest.mark.parametrize(("nearest", "weight"), [(0.5, 1.0), (0.575, 0.5), (0.65, 0.0), (0.9, 0.0)])
def test_they_count_where_no_text_is_near(nearest: float, weight: float) -> None:
    values = np.array([0.2, nearest], np.float32)
    signals = Signals(np.arange(2), values, values, values, values, situations=values)
    assert signals.weights["situations"] == pytest.approx(weight * SITUATIONS_WEIGHT, abs=1e-5)


def test_help_counts_as_it_is_and_not_by_how_it_differs() -> None:
    values = np.array([0.2, 0.1], np.float32)
    signals = Signals(np.arange(2), values, values, values, values, situations=values)
    assert signals.standardised("situations").tolist() == pytest.approx(
        [0.2 / SITUATIONS_DEVIATION, 0.1 / SITUATIONS_DEVIATION]
    )


def test_a_language_that_is_near_as_a_whole_is_lowered_where_situations_help() -> None:
    values = np.array([0.3, 0.1, 0.6, 0.4, 0.1, 0.0], np.float32)
    languages = np.array([0, 0, 1, 1, 2, 2])
    lowered = without_language(values, languages)  # the mean of each: 0.2, 0.5, 0.05
    assert lowered.tolist() == pytest.approx([0.3, 0.1, 0.3, 0.1, 0.1, 0.0])
    assert without_language(values[2:], languages[2:]).tolist() == values[2:].tolist()
    signals = Signals(np.arange(6), values, values, values, values, languages=languages)
    helped = signals._replace(situations=values)
    for signal in ("cosine", "late_interaction"):
        assert signals.standardised(signal).tolist() == standardised(values).tolist()
        assert helped.standardised(signal).tolist() == standardised(lowered).tolist()
    assert helped.standardised("bm25").tolist() == standardised(values).tolist()


def test_the_language_of_most_passages_has_the_number_0(store: SnapshotStore) -> None:
    english = document_of("# Harm\nStop the\n# Gates\nKeep them shut.")
    french = document_of("# Portes\nFermez.", source_id="other", language="fr")
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot([french, english], embedder=embedder, model="words", store=store)
    results = Searcher(snapshot, embedder).search("stop keep fermez", k=5)
    assert results.signals.languages is not None
    by_language = {hit.passage.language: hit.row for hit in results.hits}
    numbers = dict(zip(results.signals.rows.tolist(), results.signals.languages, strict=True))
    assert numbers[by_language["en"]] == 0
    assert set(numbers.values()) <= {0, 1}


def test_what_a_situation_says_is_expected_to_help_in_it(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    index = _written(
        tmp_path,
        Situation("goats come in", {2: 2}),
        Situation("lorries queue outside", {2: 1, 5: 2}),
        embedder=embedder,
    )
    assert index.rows.tolist() == [2, 5]
    goats = _asked(index, "goats come in", embedder)
    lorries = _asked(index, "lorries queue outside", embedder)
    assert goats.help[0] > 0.8
    assert abs(goats.help[1]) < 0.1
    assert lorries.help.tolist() == pytest.approx([0.7 / (1 + DOUBT), 1 / (1 + DOUBT)], abs=0.05)
    only = _asked(index, "lorries queue outside", embedder, np.array([0, 5]))
    assert only.rows.tolist() == [5]
    assert only.help[0] == lorries.help[1]


def test_one_said_twice_teaches_no_more_than_once(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    once = [Situation("goats come in", {2: 2}), Situation("cows come in", {5: 2})]
    index = _written(tmp_path / "once", *once, embedder=embedder)
    twice = _written(
        tmp_path / "twice", *once, Situation("in come goats", {2: 2}), embedder=embedder
    )
    assert _asked(twice, "cows come in", embedder).help.tolist() == pytest.approx(
        _asked(index, "cows come in", embedder).help.tolist(), abs=0.1
    )


def test_a_situation_that_the_query_says_as_a_whole_is_covered(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    index = _written(
        tmp_path,
        Situation("goats come in", {0: 2}),
        Situation("lorries queue outside", {1: 2}),
        embedder=embedder,
    )
    said = _asked(index, "at night goats come in again", embedder)
    half = _asked(index, "goats", embedder)
    assert said.covered == pytest.approx(1, abs=0.02)
    assert half.covered < said.covered
    other = _asked(index, "goats come in", embedder, np.array([1]))
    assert other.covered < 0.5


def test_what_nothing_answers_covers_nothing_and_tells_how_near_the_query_is_to_it(
    tmp_path: Path,
) -> None:
    embedder = WordEmbedder()
    index = _written(
        tmp_path,
        Situation("goats come in", {0: 2}),
        Situation("what does a fence cost", {}),
        embedder=embedder,
    )
    asked = _asked(index, "what does a fence cost", embedder)
    assert asked.unanswered == pytest.approx(1, abs=0.02)
    assert asked.covered < 0.5
    assert abs(asked.help[0]) < 0.1
    assert _asked(index, "goats come in", embedder).unanswered < 0.2


def test_without_one_that_is_answered_nothing_is_written(store: SnapshotStore) -> None:
    snapshot, report, _ = built(store, Unanswered(("what does it cost",)))
    assert (report.situations, snapshot.situations) == (0, None)
    assert not (snapshot.folder / "situations").exists()
    _, report, _ = built(store, WOOD, Unanswered(("what does it cost",)))
    assert report.situations == 2


@pytest.mark.parametrize("has_tokens", [True, False])
def test_a_sentence_is_worth_as_much_as_situations_near_to_the_query_say(
    tmp_path: Path, has_tokens: bool
) -> None:
    embedder = WordEmbedder()
    both = {3: (Beginning(25), Beginning(30)), 7: (Beginning(4),)}
    index = _written(
        tmp_path,
        Situation("goats come in", {3: 2}, {3: (Beginning(10, protects=True),)}),
        Situation("lorries queue outside", {3: 2, 7: 2}, both),
        Situation("nobody answers", {}),
        embedder=embedder,
        has_tokens=has_tokens,
    )
    sentences = [Span(0, 9), Span(9, 20), Span(22, 40)]
    for text, worth in (("goats come in", [0, 1, 0]), ("lorries queue outside", [0, 0, 1])):
        asked = embedder.encode_query(text)
        if not has_tokens:
            asked = asked._replace(token_vectors=asked.token_vectors[:, :0])
        near = index.expected(text, asked).nearness
        found = index.chosen.worth(3, sentences, near)
        expected = [one / (1 + DOUBT) for one in worth]
        assert [one.answers for one in found] == pytest.approx(expected, abs=0.05)
        assert [one.protects for one in found] == [False, True, False]
        assert index.chosen.worth(5, sentences, near) == [UNKNOWN, UNKNOWN, UNKNOWN]
        alone = [one.answers for one in index.chosen.worth(7, sentences[:2], near)]
        assert alone == pytest.approx([expected[2], 0], abs=0.05)


def test_a_model_without_token_vectors_learns_from_pooled_ones(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    situations = [Situation("goats come in", {0: 2}), Situation("lorries queue", {1: 2})]
    index = _written(tmp_path, *situations, embedder=embedder, has_tokens=False)
    asked = embedder.encode_query("goats come in")
    found = index.expected(
        "goats come in", asked._replace(token_vectors=asked.token_vectors[:, :0])
    )
    assert found.help[0] > 0.8
    assert found.covered == pytest.approx(1, abs=0.02)


def test_a_passage_without_situations_helps_by_its_likeness(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = Expected(
        np.array([2, 5]),
        np.array([0.1, 0.5], np.float32),
        covered=0.0,
        shared=0.0,
        unanswered=0.0,
        nearness=np.zeros(0, np.float32),
    )
    likeness = np.array([0.9, 0.4, 0.6, 0.5, 0.2], np.float32)
    rows = np.array([0, 2, 5, 7, 8])
    values = help_of(rows, expected, likeness)
    assert values[1:3].tolist() == pytest.approx([0.1, 0.5])
    best = (0.9 - likeness.mean()) / likeness.std()  # deviations above the others
    assert values[[0, 3, 4]].tolist() == pytest.approx([HELP * (best - FROM), 0, 0], abs=1e-4)
    monkeypatch.setattr("index.situations.FROM", -100)  # then that of those as like counts
    assert help_of(rows, expected, likeness).tolist() == pytest.approx([0.5, 0.1, 0.5, 0.3, 0.1])
    assert help_of(np.array([0, 1]), expected, likeness[:2]).tolist() == [0, 0]


def _passages_of(folder: Path) -> list[Situations]:
    return [one for one in load_situations(folder) if isinstance(one, Situations)]


def _asked(
    index: SituationIndex,
    text: str,
    embedder: WordEmbedder,
    allowed: NDArray[np.int64] | None = None,
) -> Expected:
    return index.expected(text, embedder.encode_query(text), allowed)


def _written(
    folder: Path, *situations: Situation, embedder: WordEmbedder, has_tokens: bool = True
) -> SituationIndex:
    def vectors(texts: Sequence[str]) -> list[StoredVectors]:
        stored = [StoredVectors.of(one) for one in embedder.encode_passages(texts)]
        if has_tokens:
            return stored
        return [one._replace(token_vectors=one.token_vectors[:, :0]) for one in stored]

    folder.mkdir(exist_ok=True)
    write_situations(folder, situations, vectors, dimension=embedder.dimension)
    return SituationIndex(folder)
