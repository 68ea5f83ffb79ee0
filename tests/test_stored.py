"""Documents put away on disk while a folder is read."""

import gc
from dataclasses import replace
from pathlib import Path

from fakes import document_of

from corpus.stored import DocumentStore, StoredDocuments

GATE = document_of("# Gate\nGuards – « stand » here.\n守卫\u2028too.", source_id="gate")
RIVER = document_of("# River\nThe river is far.", source_id="river")


def test_documents_come_back_as_they_were_in_any_order(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    stubs = [store.put(one) for one in (GATE, RIVER)]
    documents = StoredDocuments(store, stubs)
    assert list(documents) == [GATE, RIVER]
    assert (documents[1], documents[0], len(documents)) == (RIVER, GATE, 2)
    assert list(documents[1:]) == [RIVER]
    assert store.put(GATE).text_sha256 == stubs[0].text_sha256 != stubs[1].text_sha256


def test_what_its_stub_says_of_a_document_holds(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    stub = store.put(GATE)
    source = replace(GATE.source, id="gate-2")
    found = store.get(replace(stub, source=source, twins=(RIVER.source,)))
    assert found == replace(GATE, source=source, twins=(RIVER.source,))


def test_nothing_is_left_of_a_store_that_nobody_needs(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    documents = StoredDocuments(store, [store.put(GATE)])
    file = store._file
    del store
    gc.collect()
    assert not file.closed  # the documents still need it
    del documents
    gc.collect()
    assert file.closed
    assert list(tmp_path.iterdir()) == []
