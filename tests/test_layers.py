"""The house's rooms: imports point one way, between the packages and inside each of them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each file may import only what stands above it.
ORDER = [
    "corpus.progress", "corpus.documents", "corpus.errors", "corpus.catalogue", "corpus.text",
    "corpus.readers",
    "corpus.language", "corpus.sections", "corpus.sentences", "corpus.passages",
    "corpus.situations", "corpus.stored", "corpus.twins", "corpus.scans", "corpus.recognition",
    "corpus.worker", "corpus.earlier", "corpus.folder", "corpus.reading",
    "corpus.reader_version", "corpus.addresses", "corpus.manners", "corpus.fetch",
    "corpus.ledger", "corpus.lock", "corpus.catalogue_editing",
    "corpus.starter.typesetting.source", "corpus.starter.typesetting.catalogue",
    "corpus.starter.typesetting.text", "corpus.starter.typesetting.web",
    "corpus.starter.typesetting.word", "corpus.starter.typesetting.pdf", "corpus.starter.typeset",
    "corpus.starter", "corpus.published", "corpus.sync", "index.models", "index.embedding",
    "index.dense", "index.late", "index.lexical", "index.manifest", "index.vectors",
    "index.mixture", "index.mutual", "index.words", "index.learning", "index.chosen",
    "index.situations", "index.snapshot", "index.records", "index.build", "index.search",
    "assistant.config", "assistant.answer",
    "assistant.jsonlines", "assistant.batch", "assistant.queries", "assistant.twins",
    "assistant.ranking",
    "assistant.permalinks", "assistant.wording", "assistant.citations", "assistant.coverage",
    "assistant.evidence", "assistant.confidence", "assistant.neighbours",
    "assistant.asked_kinds", "assistant.bare_words", "assistant.short_answer",
    "assistant.translations", "assistant.notices",
    "index.reranking", "corpus.acronyms", "assistant.lexicon", "assistant.respelling",
    "assistant.engine", "assistant.matching", "assistant.verification", "assistant.reopening",
    "assistant.live", "assistant.word_difference", "assistant.changes",
    "assistant.snapshot_facts", "assistant.readability", "assistant.folder_checks",
    "assistant.doctor", "assistant.choices", "assistant.places", "assistant.pictures",
    "assistant.session", "assistant.texts", "assistant.evaluation", "assistant.beir",
    "assistant.questions", "assistant.paired", "assistant.regression", "assistant.gates",
    "assistant.gate_report", "assistant.rebuild", "assistant.build_process",
    "assistant.progress", "assistant.explanation",
    "assistant.feedback", "assistant.printing", "assistant.printing_changes", "assistant.adding",
    "assistant.options", "assistant.calibration", "assistant.plots", "assistant.export.entries",
    "assistant.export.markdown", "assistant.export.fonts", "assistant.export.pdf",
    "assistant.export.references", "assistant.export.word", "assistant.export",
    "assistant.cli_documents", "assistant.cli_snapshots", "assistant.cli_measuring",
    "assistant.cli_quotes", "assistant.cli", "assistant.door", "assistant.staging",
    "assistant.narrowing", "assistant.originals", "assistant.waiting", "assistant.pages.elements",
    "assistant.pages.source", "assistant.shelf", "assistant.turns", "assistant.kept",
    "assistant.pages.cards",
    "assistant.pages.answers", "assistant.pages.frame", "assistant.pages.keeping",
    "assistant.pages.library", "assistant.pages.changes", "assistant.steps",
    "assistant.conversation_desk", "assistant.reading_desk", "assistant.desk",
    "assistant.changes_desk", "assistant.pages.building", "assistant.pages.editor",
    "assistant.editing_desk", "assistant.uploads", "assistant.downloads",
    "assistant.listening", "assistant.opening", "app",
]  # fmt: skip
ROOMS = ("corpus", "index", "assistant", "app")


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def files() -> list[Path]:
    packages = [path for room in ROOMS[:-1] for path in sorted((ROOT / room).rglob("*.py"))]
    return [*packages, ROOT / "app.py"]


def imported(path: Path) -> set[str]:
    """Return the modules of this project that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name for name in names if name.split(".")[0] in ROOMS}


def place(module: str) -> int | None:
    """Return where a module stands in the order; None for a package as such."""
    for number, name in enumerate(ORDER):
        if module == name or module.startswith(f"{name}."):
            return number
    return None


@pytest.mark.parametrize("path", files(), ids=module_name)
def test_a_file_imports_only_what_stands_above_it(path: Path) -> None:
    own = place(module_name(path))
    for name in imported(path):
        other = place(name)
        if own is not None and other is not None and not name.startswith("corpus.readers"):
            assert other < own, f"{module_name(path)} imports {name}, which stands below it"


def test_every_module_has_its_place() -> None:
    packages = {"corpus", "index", "assistant", "assistant.pages"}
    assert [
        name for name in map(module_name, files()) if place(name) is None and name not in packages
    ] == []


def test_gradio_is_imported_by_the_page_alone() -> None:
    using = [
        module_name(path)
        for path in files()
        if any(
            line.startswith(("import gradio", "from gradio"))
            for line in path.read_text("utf-8").splitlines()
        )
    ]
    assert set(using) <= {"app"}


def test_models_are_unknown_to_the_corpus() -> None:
    for path in (ROOT / "corpus").rglob("*.py"):
        text = path.read_text("utf-8")
        assert "sentence_transformers" not in text
        assert "faiss" not in text
