"""The editor's tab without a browser: what it shows and does, and to whom."""

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder
from page_fixtures import shown, told_helpful

from assistant.build_process import Builder
from assistant.config import Settings
from assistant.editing_desk import EditingDesk
from assistant.feedback import record_feedback, record_missing
from assistant.gate_report import read_report
from assistant.live import LiveAssistant
from assistant.rebuild import QUESTIONS_NAME, BuildReport, rebuild
from assistant.session import Session
from assistant.steps import Step
from corpus.catalogue import load_catalogue
from corpus.errors import SettingsError
from corpus.progress import Progress
from corpus.situations import load_situations
from index.snapshot import SnapshotStore

PASSWORD = "correct horse battery"
GATE = "# Gate\n\nGuards stand at the gate and check the papers of every driver who comes.\n"


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.rebuild.load_embedder", lambda model: WordEmbedder())
    monkeypatch.setitem(Settings.model_config, "toml_file", None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "data", editor_password=PASSWORD)  # type: ignore[arg-type]  # pydantic takes a str
    settings.documents.mkdir(parents=True)
    (settings.documents / "gate.md").write_text(GATE, "utf-8")
    rebuild(settings)
    return settings


@pytest.fixture
def desk(settings: Settings) -> EditingDesk:
    store = SnapshotStore(settings.snapshots)

    def build(progress: Progress) -> BuildReport:
        return rebuild(settings, documents=settings.documents, progress=progress)

    live = LiveAssistant(store, WordEmbedder())
    return EditingDesk(live, settings, settings.documents, builder=Builder(build))


def done(
    desk: EditingDesk, name: str, *, values: dict[str, str] | None = None, **data: Any
) -> Step:
    *_, last = desk.act(Session(), name, {**data, "values": json.dumps(values or {})})
    return last


@pytest.fixture
def token(desk: EditingDesk) -> str:
    html = done(desk, "editor_enter", values={"password": PASSWORD}).editor or ""
    return html.split('data-token="')[1].split('"')[0]


def built(desk: EditingDesk, token: str) -> Step:
    """Return what is shown when a build that is begun now has ended."""
    done(desk, "editor_build", token=token)
    while (state := desk._builder.state) and state.is_running:
        pass
    return done(desk, "editor_status", token=token)


def uploaded(desk: EditingDesk, name: str, text: str) -> str:
    path = desk.new_file(name)
    path.write_text(text, "utf-8")
    return path.parent.name


def item_in(html: str | None) -> str:
    return (html or "").split('data-item="')[1].split('"')[0]


ALL_BUT_TWO = (
    "leave", "consider", "add", "discard", "build", "status", "publish", "roll_back", "report",
    "judge",
    "situate",
)  # fmt: skip


@pytest.mark.parametrize("given", [None, "", "x", PASSWORD])
def test_without_a_token_every_step_shows_the_password_box_and_does_nothing(
    desk: EditingDesk, settings: Settings, given: str | None
) -> None:
    names = {"editor", *(f"editor_{one}" for one in ALL_BUT_TWO)}
    assert set(desk.steps) == {*names, "editor_enter"}
    before = sorted(settings.data_dir.rglob("*"))
    snapshot = SnapshotStore(settings.snapshots).current_id()
    for name in names:
        step = done(
            desk, name, token=given, item="x", snapshot=snapshot, feedback="x",
            values={"reason": "x", "address": "https://example.org/x.pdf"},
        )  # fmt: skip
        assert 'type="password"' in (step.editor or "")
        assert "data-token" not in (step.editor or "")
        assert step.building == ""
        assert (step.conversation, step.side, step.message) == (None, None, None)
    assert desk._builder.state is None
    assert sorted(settings.data_dir.rglob("*")) == before


def test_a_wrong_password_opens_nothing(desk: EditingDesk) -> None:
    step = done(desk, "editor_enter", values={"password": "wrong"})
    assert shown(step.editor or "", "warning") == ["This is not the password."]
    assert "data-token" not in (step.editor or "")


def test_who_leaves_needs_the_password_again(desk: EditingDesk, token: str) -> None:
    assert "data-token" in (done(desk, "editor", token=token).editor or "")
    done(desk, "editor_leave", token=token)
    assert "data-token" not in (done(desk, "editor", token=token).editor or "")


def test_a_file_is_considered_corrected_added_and_built(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    item = uploaded(desk, "river.md", "# River\n\nSecond edition (2026)\n\nNobody may cross it.")
    html = done(desk, "editor_consider", token=token, item=item).editor or ""
    assert 'name="title" value="River"' in html
    assert 'name="edition" value="Second edition (2026)"' in html
    assert not (settings.documents / "river.md").exists()  # only shown so far
    values = {
        "title": "The <river>", "edition": "2026", "language": "en", "kind": "tool", "area": "",
        "status": "current", "work": "river", "topic": "", "publisher": "", "url": "", "id": "r",
    }  # fmt: skip
    html = done(desk, "editor_add", token=token, item=item_in(html), values=values).editor or ""
    assert shown(html, "said") == ["river.md is in the documents folder. Rebuild to take it in."]
    source = load_catalogue(settings.catalogue)["river.md"]
    assert (source.id, source.title, source.edition, source.kind) == (
        "r", "The <river>", "2026", "tool",
    )  # fmt: skip
    assert "New, or not readable so far (1):" in html
    assert list((settings.data_dir / ".additions").iterdir()) == []
    step = built(desk, token)
    assert "The new snapshot is live." in (step.building or "")
    assert "Nothing: the live snapshot has every file as it is." in (step.editor or "")
    assert "r" in SnapshotStore(settings.snapshots).open().documents


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "no name"), ("../../x.md", None), ("..", "no name"), (".hidden.md", "no name"),
        ("a\nb.md", "no name"), ("x.exe", "files are read"), ("x" * 300 + ".md", "no name"),
    ],
)  # fmt: skip
def test_a_file_keeps_its_last_name_and_lies_in_a_folder_of_its_own(
    desk: EditingDesk, settings: Settings, name: str, told: str | None
) -> None:
    if told is None:
        path = desk.new_file(name)
        assert path.name == "x.md"
        assert path.parent.parent == settings.data_dir / ".additions"
        return
    with pytest.raises(SettingsError, match=told):
        desk.new_file(name)


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "gate.md", "ftp://x/y"])
def test_an_address_never_opens_a_file_of_the_machine(
    desk: EditingDesk, token: str, address: str
) -> None:
    html = done(desk, "editor_consider", token=token, values={"address": address}).editor or ""
    assert shown(html, "warning") == ["An address begins with https:// or http://."]


def test_an_address_in_a_private_network_is_refused_in_plain_words(
    desk: EditingDesk, token: str
) -> None:
    values = {"address": "http://127.0.0.1:1/x.pdf"}
    html = done(desk, "editor_consider", token=token, values=values).editor or ""
    assert "private" in shown(html, "warning")[0]


def test_a_file_that_cannot_be_read_is_refused_and_not_kept(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    item = uploaded(desk, "x.pdf", "no PDF at all")
    html = done(desk, "editor_consider", token=token, item=item).editor or ""
    assert shown(html, "warning")[0].startswith("x.pdf: ")
    assert list((settings.data_dir / ".additions").iterdir()) == []


def test_a_failed_gate_is_told_and_passed_with_a_reason_alone(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    store = SnapshotStore(settings.snapshots)
    live = store.current_id()
    (settings.documents / "gate.md").unlink()
    (settings.documents / "other.md").write_text("# <b>Other</b>\n\nLamps burn.", "utf-8")
    step = built(desk, token)
    assert "a gate failed" in shown(step.building or "", "warning")[0]
    assert "Documents: failed" in shown(step.building or "", "strong")[0]  # failed ones first
    refused = store.ids()[-1]
    assert store.current_id() == live
    step = done(desk, "editor_publish", token=token, snapshot=refused, values={"reason": " "})
    assert shown(step.editor or "", "warning") == [
        "A gate failed. Give the reason for publishing all the same."
    ]
    assert store.current_id() == live
    values = {"reason": "The gate <sheet> is withdrawn."}
    step = done(desk, "editor_publish", token=token, snapshot=refused, values=values)
    assert store.current_id() == refused
    assert f"Snapshot {refused}, " in (step.foot or "")
    report = read_report(settings.reports, refused)
    assert report
    assert report.forced == "The gate <sheet> is withdrawn."
    step = done(desk, "editor_report", token=token, snapshot=refused)
    assert "because: The gate &lt;sheet&gt; is withdrawn." in (step.building or "")
    assert "<form" not in (step.building or "")  # it is live
    step = done(desk, "editor_roll_back", token=token)
    assert store.current_id() == live
    assert f"Snapshot {live}, " in (step.foot or "")


def test_a_snapshot_that_was_compared_with_another_is_not_published(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    store = SnapshotStore(settings.snapshots)
    (settings.documents / "gate.md").unlink()
    (settings.documents / "other.md").write_text("# Other\n\nLamps burn.", "utf-8")
    refused = rebuild(settings).snapshot_id
    (settings.documents / "gate.md").write_text(GATE, "utf-8")
    again = rebuild(settings, promote=False)
    store.promote(again.snapshot_id)
    step = done(desk, "editor_publish", token=token, snapshot=refused, values={"reason": "x"})
    assert "is not live any more" in shown(step.editor or "", "warning")[0]
    assert store.current_id() == again.snapshot_id
    step = done(desk, "editor_publish", token=token, snapshot="../x", values={"reason": "x"})
    assert "no gate report" in shown(step.editor or "", "warning")[0]


def test_a_library_of_another_folder_is_not_replaced(settings: Settings, tmp_path: Path) -> None:
    live = LiveAssistant(SnapshotStore(settings.snapshots), WordEmbedder())
    desk = EditingDesk(live, settings, tmp_path)
    html = done(desk, "editor_enter", values={"password": PASSWORD}).editor or ""
    token = html.split('data-token="')[1].split('"')[0]
    assert 'type="file"' not in html  # what is added would not be indexed
    step = done(desk, "editor_build", token=token)
    assert "was built from" in shown(step.editor or "", "warning")[0]
    step = done(desk, "editor_consider", token=token, values={"address": "https://example.org"})
    assert "by hand" in shown(step.editor or "", "warning")[0]


def test_a_question_that_no_passage_answered_is_shown_with_nothing_to_make_of_it(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    record_missing(settings.data_dir, "20260301T1-ab", "Who <flies>?")
    html = done(desk, "editor", token=token).editor or ""
    assert shown(html, "strong") == ["No passage was shown"]
    assert "Who &lt;flies&gt;?" in html
    assert "data-feedback" not in html


def test_a_helpful_passage_becomes_a_judged_question_once(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    place, passage = told_helpful(settings, "Who <checks>?", None)
    record_feedback(settings.data_dir, place, passage.id, verdict="unhelpful", reason="outdated")
    html = done(desk, "editor", token=token).editor or ""
    assert shown(html, "strong") == ["Outdated", "It helps", "It helps"]
    assert "Who &lt;checks&gt;?" in html
    assert shown(html, "blockquote") == [passage.text] * 3
    first = html.split('data-feedback="')[2].split('"')[0]
    done(desk, "editor_judge", token=token, feedback=first)
    again = done(desk, "editor_judge", token=token, feedback=first).editor or ""
    assert shown(again, "warning") == ["This is a judged question already."]
    private = again.split('data-feedback="')[1].split('"')[0]
    done(desk, "editor_judge", token=token, feedback=private, values={"question": "Who checks?"})
    lines = (settings.data_dir / QUESTIONS_NAME).read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["Who <checks>?", "Who checks?"]
    assert json.loads(lines[0])["relevant"][0]["evidence"] == passage.text


def test_what_helped_becomes_a_situation_that_waits_for_the_next_build(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    told_helpful(settings, "Who <checks>?", "Who asks?")
    asks, checks = (one.split('"')[0] for one in (
        (done(desk, "editor", token=token).editor or "").split('data-feedback="')[1::2]
    ))  # fmt: skip
    html = done(desk, "editor_situate", token=token, feedback=checks).editor or ""
    assert "Its question is a situation already." in html
    assert "The situations have changed." in html
    assert load_situations(settings.documents)[-1].situations == ("Who <checks>?",)
    done(desk, "editor_judge", token=token, feedback=asks)
    refused = done(desk, "editor_situate", token=token, feedback=asks).editor or ""
    assert shown(refused, "warning") == ["This is a judged question already."]


def test_a_build_tells_where_it_is_and_how_long_it_takes_yet(desk: EditingDesk, token: str) -> None:
    desk._builder._state = None
    desk._builder._tell("embed", 30, 120)
    desk._builder._stage_began -= 10
    html = done(desk, "editor_status", token=token).building or ""
    assert 'value="30" max="120"' in html
    assert "Embedding passages · 30 / 120 · about 0:30 left in this step" in html
    step = done(desk, "editor_build", token=token)
    assert shown(step.editor or "", "warning") == ["A build is under way already."]


def test_a_build_that_fails_says_why(desk: EditingDesk, token: str, settings: Settings) -> None:
    settings.catalogue.write_text("not <TOML>", "utf-8")
    step = built(desk, token)
    assert shown(step.building or "", "warning") == [
        "The build did not end. What was live still is."
    ]
    assert "catalogue.toml" in (step.building or "")


def states_in(step: Step) -> list[str]:
    """Return the second cell of each snapshot's row, the newest snapshot first."""
    return shown(step.editor or "", "td")[1::5]


def test_every_snapshot_tells_its_state_and_a_rollback_closes_what_it_undoes(
    desk: EditingDesk, token: str, settings: Settings
) -> None:
    (settings.documents / "well.md").write_text("# Well\n\nTest the water twice.", "utf-8")
    step = built(desk, token)
    assert "The new snapshot is live." in (step.building or "")
    assert states_in(step) == ["live", "live before"]
    step = done(desk, "editor_roll_back", token=token)
    assert step.building == ""
    assert states_in(step) == ["not published, or taken back", "live"]


def test_a_report_that_is_still_being_written_is_told_from_none(
    desk: EditingDesk, token: str
) -> None:
    step = done(desk, "editor_report", token=token, snapshot="x")
    assert shown(step.editor or "", "warning") == ["There is no gate report on x."]
    desk._builder._state = None
    desk._builder._tell("check", 0, 1)
    step = done(desk, "editor_report", token=token, snapshot="x")
    assert shown(step.editor or "", "warning") == [
        "x is being checked. Its gate report comes when the build ends."
    ]


def test_every_refusal_stays_until_it_is_read(desk: EditingDesk, token: str) -> None:
    names = ["a.pdf", "river.md", "b.pdf", "a.pdf"]
    items = [uploaded(desk, name, "no PDF, but a text <at> least") for name in names]
    desk.refuse("x.exe: only others are read.")
    for item in items:
        step = done(desk, "editor_consider", token=token, item=item)
    told = shown(step.editor or "", "warning")
    assert [one.split(":")[0] for one in told] == ["x.exe", "b.pdf", "a.pdf"]
    assert told == shown(done(desk, "editor", token=token).editor or "", "warning")
    assert "considered" in (step.editor or "")  # the one that was read
    step = done(desk, "editor_discard", token=token, item="")
    assert shown(step.editor or "", "warning") == []
    assert "considered" in (step.editor or "")


def test_the_same_file_twice_waits_once(desk: EditingDesk, token: str, settings: Settings) -> None:
    texts = ("# River\n\nWide.", "# River\n\nWide.", "# River\n\nNarrow.")
    for text in texts:
        item = uploaded(desk, "river.md", text)
        step = done(desk, "editor_consider", token=token, item=item)
    assert (step.editor or "").count('class="considered"') == 2
    assert len(list((settings.data_dir / ".additions").iterdir())) == 2
