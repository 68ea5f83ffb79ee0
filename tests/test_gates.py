"""A new snapshot goes live only when it is whole, loses nothing and answers no worse."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import WordEmbedder

from assistant.config import Settings
from assistant.gates import _questions
from assistant.paired import chance_of_loss, is_significant_loss
from assistant.rebuild import BuildReport, rebuild
from assistant.regression import QuestionChange, Regression
from corpus.errors import EvaluationError
from index.snapshot import SnapshotStore

TOPICS = ("gate", "river", "lamp", "road", "camp", "well", "bridge", "tower")
Write = Callable[[dict[str, str]], None]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("assistant.rebuild.load_embedder", lambda model: WordEmbedder())
    monkeypatch.setitem(Settings.model_config, "toml_file", None)
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def write(settings: Settings) -> Write:
    """Return what makes the documents folder hold these files and no others."""

    def write(files: dict[str, str]) -> None:
        settings.documents.mkdir(parents=True, exist_ok=True)
        for path in settings.documents.iterdir():
            path.unlink()
        for name, text in files.items():
            (settings.documents / name).write_text(text, "utf-8")

    return write


def sheet(topic: str) -> str:
    return f"# On the {topic}\n\nGuards watch the {topic} by day and greet whoever comes."


def library(*, without: str = "") -> dict[str, str]:
    return {f"{topic}.md": sheet(topic) for topic in TOPICS if topic != without}


def ask(settings: Settings) -> None:
    """Write a judged question on each sheet into the data folder."""
    lines = [
        {
            "id": topic, "text": f"who watches the {topic}", "kind": "fact",
            "relevant": [
                {"source": f"{topic}-md", "evidence": f"Guards watch the {topic}", "grade": 2}
            ],
        }
        for topic in TOPICS
    ]  # fmt: skip
    text = "\n".join(map(json.dumps, lines))
    (settings.data_dir / "questions.jsonl").write_text(text, "utf-8")


def failed(report: BuildReport) -> list[str]:
    return [gate.name for gate in report.gates.gates if not gate.passed]


def test_a_first_build_is_compared_with_nothing(settings: Settings, write: Write) -> None:
    write(library())
    report = rebuild(settings)
    assert [gate.name for gate in report.gates.gates] == ["whole", "quotes"]
    assert (report.promoted, report.gates.live_id) == (True, None)


def test_a_lost_document_does_not_go_live(settings: Settings, write: Write) -> None:
    write(library())
    live = rebuild(settings).snapshot_id
    write(library(without="gate"))
    report = rebuild(settings)
    assert (report.promoted, failed(report)) == (False, ["documents"])
    assert report.gates.gates[2].against == ("gate.md (gate-md: On the gate)",)
    assert SnapshotStore(settings.snapshots).current_id() == live


def test_a_withdrawn_document_may_go(settings: Settings, write: Write) -> None:
    write(library())
    rebuild(settings)
    write(library(without="gate"))
    entry = 'id = "gate-md"\nfile = "gate.md"\nwork = "gate"\ntitle = "Gate"\nstatus = "withdrawn"'
    (settings.data_dir / "catalogue.toml").write_text(f"[[source]]\n{entry}\n", "utf-8")
    report = rebuild(settings)
    assert (report.promoted, failed(report)) == (True, [])
    assert [one.reason for one in report.failed] == ["it is withdrawn, and its file is not there"]


def test_a_document_under_another_name_is_not_lost(settings: Settings, write: Write) -> None:
    write(library())
    rebuild(settings)
    write({**library(without="gate"), "the-gate.md": sheet("gate")})
    assert rebuild(settings).promoted


def test_a_new_edition_takes_the_place_of_the_old_one(settings: Settings, write: Write) -> None:
    def catalogue(edition: str) -> None:
        entry = f'id = "gate-{edition}"\nfile = "{edition}.md"\nwork = "gate"\ntitle = "Gate"'
        text = f'[[source]]\n{entry}\nlanguage = "en"\n'
        (settings.data_dir / "catalogue.toml").write_text(text, "utf-8")

    write({"first.md": sheet("gate")})
    catalogue("first")
    rebuild(settings)
    write({"second.md": sheet("gate").replace("by day", "by night")})
    catalogue("second")
    assert rebuild(settings).promoted


def test_another_folder_is_another_library(
    settings: Settings, write: Write, tmp_path: Path
) -> None:
    write(library())
    rebuild(settings)
    other = tmp_path / "other"
    other.mkdir()
    (other / "hill.md").write_text("# Hill\n\nA hill is far.", "utf-8")
    report = rebuild(settings, documents=other)
    assert (report.promoted, report.gates.live_id) == (True, None)
    (other / "hill.md").rename(other / "dale.md")
    (other / "dale.md").write_text("# Dale\n\nA dale is near.", "utf-8")
    assert failed(rebuild(settings, documents=other)) == ["documents"]


def test_judged_questions_that_are_answered_worse_stop_a_release(
    settings: Settings, write: Write
) -> None:
    write(library())
    ask(settings)
    rebuild(settings)
    broken = library()
    for topic in TOPICS[:5]:
        broken[f"{topic}.md"] = f"# On the {topic}\n\nNothing of use is written here any more."
    write(broken)
    report = rebuild(settings)
    assert (report.promoted, failed(report)) == (False, ["questions"])
    found = report.gates.regression
    assert found
    assert [one.id for one in found.questions if one.is_worse] == list(TOPICS[:5])
    assert found.means["success@5"] == (1.0, 0.375)
    assert found.chances["success@5"] == 0.0312  # 1 in 32
    assert found.questions[0].gone == ("Guards watch the gate",)


def test_few_questions_that_are_worse_may_be_chance(settings: Settings, write: Write) -> None:
    write(library())
    ask(settings)
    rebuild(settings)
    write({**library(), "gate.md": "# On the gate\n\nNothing of use."})
    report = rebuild(settings)
    assert report.promoted
    finding = report.gates.gates[-1].finding
    assert finding.startswith("Judged questions answered worse: 1 of 8, no more than chance")


@pytest.mark.parametrize(
    ("lost", "same", "verdict"),
    [
        (5, 95, "more than chance explains"),
        (5, 600, "but ndcg@10 fell by less than 0.01, too little to stop a release"),
        (4, 600, "no more than chance explains"),  # 1 in 16
    ],
)
def test_the_finding_names_the_reason_why_a_loss_stops_a_release_or_does_not(
    lost: int, same: int, verdict: str
) -> None:
    after = [0.0] * lost + [1.0] * same
    differences = [now - 1.0 for now in after]
    gate = _questions(Regression(
        tuple(QuestionChange(str(place), "Who?", 1, 1, 1, now, ()) for place, now in
              enumerate(after)),
        means={"success@5": (1.0, 1.0), "ndcg@10": (1.0, sum(after) / len(after))},
        chances={"success@5": 1.0, "ndcg@10": chance_of_loss(differences)},
        is_loss=is_significant_loss(differences),
        skipped=0,
    ))  # fmt: skip
    told = f"Judged questions answered worse: {lost} of {lost + same}, {verdict}: "
    assert gate.finding.startswith(told)
    assert gate.passed == (not verdict.startswith("more"))


def test_another_model_is_not_compared_by_questions(
    settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(library())
    ask(settings)
    rebuild(settings)
    monkeypatch.setattr("assistant.rebuild.load_embedder", lambda model: WordEmbedder(name="new"))
    report = rebuild(settings)
    assert report.promoted
    assert report.gates.gates[-1].finding.startswith("Not asked: the live snapshot was built with")


def test_a_document_that_gets_an_entry_and_other_words_is_not_lost(
    settings: Settings, write: Write
) -> None:
    write(library())
    rebuild(settings)
    write({**library(), "gate.md": sheet("gate") + " They sit."})
    entry = 'id = "gates"\nfile = "gate.md"\nwork = "gates"\ntitle = "Gates"'
    (settings.data_dir / "catalogue.toml").write_text(f"[[source]]\n{entry}\n", "utf-8")
    assert rebuild(settings).promoted


def test_questions_that_cannot_be_used_are_named(settings: Settings, write: Write) -> None:
    write(library())
    rebuild(settings)
    write({**library(), "gate.md": sheet("door")})
    (settings.data_dir / "questions.jsonl").write_text("{", "utf-8")
    before = SnapshotStore(settings.snapshots).ids()
    with pytest.raises(EvaluationError, match=r"questions\.jsonl, line 1"):
        rebuild(settings)
    assert SnapshotStore(settings.snapshots).ids() == before


def test_a_library_that_lost_most_of_its_words_does_not_go_live(
    settings: Settings, write: Write
) -> None:
    words = " ".join(f"word{number}" for number in range(1500))
    texts = {name: f"{text} {words} {name}." for name, text in library().items()}
    write(texts)
    rebuild(settings)
    for name in list(texts)[:4]:
        texts[name] = " ".join(f"other{number}" for number in range(1500))
    write(texts)
    report = rebuild(settings)
    assert (report.promoted, failed(report)) == (False, ["texts"])
    assert len(report.gates.gates[3].against) == 4
    assert report.gates.gates[3].against[0].startswith("bridge.md: 0 %") is False


def test_pages_that_can_no_longer_be_read_stop_a_release(settings: Settings, write: Write) -> None:
    write(library())
    rebuild(settings)
    write({**library(), "gate.md": f"{sheet('gate')} \ue000\ue001"})
    report = rebuild(settings)
    assert (report.promoted, failed(report)) == (False, ["pages"])
    assert report.gates.gates[4].against == ("gate.md: 100 % of its pages could be read, now 0 %",)


def test_a_reason_makes_it_live_all_the_same_and_is_recorded(
    settings: Settings, write: Write
) -> None:
    write(library())
    rebuild(settings)
    write(library(without="gate"))
    report = rebuild(settings, force="the gate was sold")
    assert report.promoted
    assert SnapshotStore(settings.snapshots).current_id() == report.snapshot_id
    text = Path(report.report).read_text("utf-8")
    assert "fails: documents; it went live because: the gate was sold" in text


def test_a_refused_snapshot_is_removed_by_the_next_build(settings: Settings, write: Write) -> None:
    write(library())
    live = rebuild(settings).snapshot_id
    write(library(without="gate"))
    ids = [rebuild(settings).snapshot_id for _ in range(3)]
    assert SnapshotStore(settings.snapshots).ids() == (live, ids[-1])
    write(library())
    last = rebuild(settings).snapshot_id
    assert SnapshotStore(settings.snapshots).ids() == (live, last)


def test_a_report_is_there_as_text_page_and_json(settings: Settings, write: Write) -> None:
    write({**library(), "x.md": "# <b>Gate</b> &lt;i&gt;\n\nGuards stand."})
    rebuild(settings)
    write(library())
    report = rebuild(settings)
    text = Path(report.report)
    assert "FAILED documents: Documents lost: 1 of 9." in text.read_text("utf-8")
    values = json.loads(text.with_suffix(".json").read_text("utf-8"))
    assert (values["passed"], values["forced"]) == (False, None)
    page = text.with_suffix(".html").read_text("utf-8")
    assert "<b>" not in page
    assert "http" not in page
    assert '<td class="failed">failed</td>' in page
