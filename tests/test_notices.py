"""What many works say in the same words comes after what they say of their subjects."""

import pytest
from fakes import WordEmbedder, document_of

from assistant.confidence import Calibration
from assistant.engine import Assistant
from assistant.notices import notices
from corpus.documents import Document
from corpus.situations import Situations
from index.build import build_snapshot
from index.snapshot import SnapshotStore

SUBJECTS = {
    "guards": "Guards at night write down who came, and when.",
    "soldiers": "Soldiers lodge outside the fence unless lives are at risk.",
    "rivers": "Nobody may cross a river in flood.",
}
ALWAYS = Calibration(1.0, 0.0, 0.0, related_from=0.1, answered_from=0.1)


def sheet(subject: str) -> Document:
    """Return a text that tells something, below a notice that names its subject."""
    notice = f"This text on {subject} is no official text and gives no legal advice at all."
    text = f"# About\n{notice}\n# Subject\n{SUBJECTS[subject]}"
    return document_of(text, source_id=subject, work=subject)


def built(store: SnapshotStore, *situations: Situations) -> Assistant:
    snapshot, _ = build_snapshot(
        [sheet(one) for one in SUBJECTS], embedder=WordEmbedder(), model="words", store=store,
        situations=situations,
    )  # fmt: skip
    assistant = Assistant(snapshot, WordEmbedder())
    assistant.calibration = ALWAYS
    return assistant


def first(assistant: Assistant, question: str) -> str:
    return assistant.ask(question).citations[0].quote


def test_a_notice_is_what_three_works_say_but_for_a_name(store: SnapshotStore) -> None:
    passages = built(store).snapshot.passages
    works = [(one.document_id, one) for one in passages]
    found = notices(works)
    assert {one.headings[-1] for one in passages if one.id in found} == {"About"}
    assert notices(works[:4]) == frozenset()  # said by two works
    assert notices(("one", one) for _, one in works) == frozenset()  # by one
    assert notices(works[::2]) == frozenset()  # nothing else in their documents
    assert notices([]) == frozenset()


def test_a_notice_comes_after_the_rest(store: SnapshotStore) -> None:
    assistant = built(store)
    answer = assistant.ask("no official text on guards")
    assert ["official" in one.quote for one in answer.citations] == 3 * [False] + 2 * [True]
    assert "official" in assistant.search("no official text on guards")[0].quote


@pytest.mark.parametrize(
    ("question", "is_notice"), [("may lawyers rely on it", True), ("guards at night", False)]
)
def test_a_notice_that_is_meant_keeps_its_place(
    store: SnapshotStore, question: str, is_notice: bool
) -> None:
    meant = Situations(
        work="guards", quote="no official text", situations=("may lawyers rely on it",)
    )
    told = Situations(work="guards", quote="Guards at night", situations=("guards at night",))
    assert ("official" in first(built(store, meant, told), question)) == is_notice
