import pytest
from fakes import WordEmbedder, document_of

from assistant.coverage import lacking, nearest_topics
from assistant.engine import Assistant
from assistant.queries import to_query
from index.build import build_snapshot
from index.search import Searcher
from index.snapshot import SnapshotStore


@pytest.fixture
def searcher(store: SnapshotStore) -> Searcher:
    documents = (
        document_of("# Gates\nGuards stand at the gate.", source_id="gate", title="On gates"),
        document_of("# Rivers\nThe river is far.", source_id="river", title="On rivers"),
        document_of("# Banks\nThe river has banks.", source_id="banks", title="On rivers"),
        document_of("Lamps burn.", source_id="lamps", title=""),
    )
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    return Searcher(snapshot, embedder)


def lacks(question: str, searcher: Searcher, *, shown: int = 1) -> tuple[str, ...]:
    assistant = Assistant(searcher.snapshot, WordEmbedder())
    query = to_query(question)
    found = assistant.find(query, limit=shown)
    return lacking(query, found.results, found.ranked, searcher)


def test_the_telling_words_that_no_passage_has_are_lacking(searcher: Searcher) -> None:
    assert lacks("How should a guard stand at the drawbridge, please?", searcher) == ("drawbridge",)


def test_words_of_title_and_headings_are_there(searcher: Searcher) -> None:
    assert lacks("gates where guards stand", searcher) == ()


def test_a_word_that_any_passage_shown_has_is_there(searcher: Searcher) -> None:
    assert lacks("guards stand at the river", searcher) == ("river",)
    assert lacks("guards stand at the river", searcher, shown=4) == ()


def test_the_nearest_topics_are_titles_the_same_once(searcher: Searcher) -> None:
    hits = searcher.search("the river is far and has banks", k=4).hits
    assert nearest_topics(hits, searcher.snapshot) == ("On rivers", "On gates")
    assert nearest_topics((), searcher.snapshot) == ()
