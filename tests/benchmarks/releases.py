"""What the scripts on releases share: a library of many documents, built with words for a model."""

import random
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import WordEmbedder as WordEmbedder  # noqa: E402  # scripts take it from here

import assistant.rebuild  # noqa: E402
from assistant.config import Settings  # noqa: E402


def use_words() -> None:
    """Let builds embed by words: these scripts measure files and processes, not the model."""
    setattr(assistant.rebuild, "load_embedder", lambda model="": WordEmbedder())  # noqa: B010


def settings_in(folder: Path) -> Settings:
    Settings.model_config["toml_file"] = None
    return Settings(data_dir=folder)


def sentences() -> list[str]:
    """Return the sentences of the starter documents that are text or Markdown."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus/starter").rglob("*.md"))]
    lines = [line for text in texts for line in text.splitlines() if line[:1].isalpha()]
    found = [one for line in lines for one in re.split(r"(?<=[.?!])\s+", line)]
    return [one for one in dict.fromkeys(found) if 40 < len(one) < 300]


def write_library(folder: Path, count: int, *, sections: int = 6) -> list[Path]:
    """Return the paths of documents that are made of real sentences, the same every time."""
    draw, known = random.Random(7), sentences()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        parts = [f"# Sheet {number}"]
        for section in range(sections):
            words = " ".join(draw.choice(known).split()[:4])
            parts += [f"## {section + 1}. {words}", " ".join(draw.sample(known, 7))]
        path = folder / f"sheet-{number:03}.md"
        path.write_text("\n\n".join(parts) + "\n", "utf-8")
        paths.append(path)
    return paths
