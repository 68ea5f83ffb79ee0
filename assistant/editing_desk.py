"""What an editor does in, what changes in the editor's tab out; nothing without the password.

Gradio-free like the desk. Every step but the first two checks the token that the password gave, so
it does not matter who calls it, or how.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from assistant.adding import consider, described, enter, fetcher_of
from assistant.build_process import Builder, build_apart
from assistant.config import Settings
from assistant.door import Door
from assistant.feedback import add_situation, judge, judged_ids, quotes_of, read_feedback
from assistant.gate_report import read_report
from assistant.live import LiveAssistant
from assistant.pages import building, frame
from assistant.pages import editor as page
from assistant.rebuild import QUESTIONS_NAME, publish
from assistant.session import Session
from assistant.snapshot_facts import snapshot_facts
from assistant.staging import Staging, safe_name
from assistant.steps import Act, Step, acted
from assistant.texts import Texts, texts_of
from assistant.waiting import waiting
from corpus.errors import AccessError, CatalogueError, SettingsError, ToolkitError
from corpus.lock import writing
from corpus.situations import load_situations
from corpus.worker import ParserProcess
from index.snapshot import SnapshotStore

# Seconds that an addition waits for a build or sync that another process is at.
_WAIT_SECONDS = 2.0


class EditingDesk:
    """Serves whoever knows the editor's password; a file, a build or a snapshot is everybody's."""

    def __init__(
        self, toolkit: LiveAssistant, settings: Settings, documents: Path, *,
        builder: Builder | None = None,
    ) -> None:  # fmt: skip
        """Edit what the toolkit serves, read from a documents folder."""
        self._toolkit = toolkit
        self._settings = settings
        self._folder = documents.resolve()
        self._store = SnapshotStore(settings.snapshots)
        self._builder = builder or Builder(partial(build_apart, settings, self._folder))
        self._staging = Staging(settings.data_dir)
        self._considering = threading.Lock()
        self.door = Door(settings.editor_password.get_secret_value())
        inside: dict[str, Callable[[Texts, Mapping[str, Any]], Iterator[_Seen]]] = {
            "editor_leave": self._leave, "editor_consider": self._consider,
            "editor_add": self._add, "editor_discard": self._discard,
            "editor_build": self._build, "editor_status": self._status,
            "editor_publish": self._publish, "editor_roll_back": self._roll_back,
            "editor_report": self._report, "editor_judge": self._judge,
            "editor_situate": self._situate,
        }  # fmt: skip
        guarded = {name: partial(self._guarded, act) for name, act in inside.items()}
        self.steps: Mapping[str, Act] = {
            "editor": self._open, "editor_enter": self._enter, **guarded,
        }  # fmt: skip

    def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what changes when an editor does something, as `acted` does."""
        return acted(self.steps, session, name, data)

    def new_file(self, name: str) -> Path:
        """Return where a file with this name may be written, whose folder's name is its id.

        The caller has checked the token. Raises `SettingsError` for a name that cannot be.
        """
        safe = safe_name(name)
        return self._staging.new_folder() / safe

    def refuse(self, reason: str) -> None:
        """Tell in the tab why a file was not taken in, until an editor has read it."""
        self._staging.refuse(reason)

    def _open(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the tab to whoever has a token, to others the form for the password."""
        texts = texts_of(session.language)
        if not data.get("token"):
            yield Step(session, editor=page.sign_in(texts), building="")
            return
        yield from self._guarded(self._show, session, data)

    def _enter(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        texts = texts_of(session.language)
        try:
            token = self.door.enter(str(_values(data)["password"]))
        except AccessError as error:
            yield Step(session, editor=page.sign_in(texts, str(error)), building="")
            return
        yield Step(session, editor=self._view(token, texts), building=self._building(texts))

    def _guarded(
        self, act: "Callable[[Texts, Mapping[str, Any]], Iterator[_Seen]]", session: Session,
        data: Mapping[str, Any],
    ) -> Iterator[Step]:  # fmt: skip
        """Yield what a step shows to whoever has a token, with what went wrong in plain words."""
        texts = texts_of(session.language)
        try:
            self.door.check(data.get("token"))
        except AccessError as error:
            yield Step(session, editor=page.sign_in(texts, str(error)), building="")
            return
        try:
            for seen in act(texts, data):
                foot = frame.footer(self._toolkit.snapshot.manifest, texts)
                yield Step(session, foot=foot, **seen)
        except (ToolkitError, OSError) as error:  # a full disk is to be told, too
            yield Step(session, editor=self._view(str(data["token"]), texts, fault=str(error)))

    def _show(self, texts: Texts, data: Mapping[str, Any], said: str = "") -> "Iterator[_Seen]":
        editor = self._view(str(data["token"]), texts, said=said)
        yield {"editor": editor, "building": self._building(texts)}

    def _said(self, texts: Texts, data: Mapping[str, Any], said: str) -> "Iterator[_Seen]":
        """Yield the tab anew with what has just been done; a report that is open stays."""
        yield {"editor": self._view(str(data["token"]), texts, said=said)}

    def _leave(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        self.door.leave(data["token"])
        yield {"editor": page.sign_in(texts), "building": ""}

    def _consider(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        """Yield the tab with what an uploaded file or an address says of itself."""
        self._require_own_folder(texts)
        # One at a time: a parser may take gigabytes.
        with self._considering, ParserProcess() as parser, fetcher_of(self._settings) as fetcher:
            address = str(_values(data).get("address", "")).strip()
            if address and not re.match(r"https?://", address, re.IGNORECASE):
                raise SettingsError(texts.plain("editor.add.no_address"))  # never a file here
            own = self._staging.new_folder() if address else None
            path = own or self._staging.path_of(str(data["item"]))
            try:
                found = consider(
                    self._settings, address or str(path), path, parser=parser, fetcher=fetcher
                )
            except ToolkitError as error:
                self._staging.remove(path)
                self.refuse(str(error).replace(str(path), path.name))
                yield from self._said(texts, data, "")
                return
            self._staging.keep(found)
        yield from self._said(texts, data, texts.plain("editor.add.read", file=found.source.file))

    def _add(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        """Yield the tab once a file has gone to the documents folder with what is said of it."""
        self._require_own_folder(texts)
        item, values = str(data["item"]), _values(data)
        considered = self._staging.considered.get(item)
        if considered is None:
            raise SettingsError(texts.plain("editor.add.lost"))
        told = described(considered, {key: str(values.get(key, "")) for key in page.ASKED_FOR})
        with writing(self._settings.data_dir, "An addition", wait_seconds=_WAIT_SECONDS):
            [added] = enter(self._settings, [told], replace_existing=values.get("replace") == "on")
        self._staging.discard(item)
        said = texts.plain("editor.add.done", file=added.source.file)
        for other in added.other_editions:
            said += " " + texts.plain("editor.add.other_edition", id=other)
        yield from self._said(texts, data, said)

    def _discard(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        """Yield the tab without a file; without an item, what was refused has been read."""
        if data.get("item"):
            self._staging.discard(str(data["item"]))
        else:
            self._staging.refused = ()
        yield from self._said(texts, data, "")

    def _build(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        origin = self._toolkit.snapshot.origin
        if origin and origin.folder != str(self._folder):  # it would replace the library unchecked
            raise SettingsError(texts.plain("editor.wait.other_library", folder=origin.folder))
        self._builder.start()
        yield from self._show(texts, data)

    def _status(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        """Yield what the build is at; once it has ended, the lists as they are now as well."""
        state = self._builder.state
        if state and state.is_running:
            yield {"building": building.building(state, texts)}
        else:
            yield from self._show(texts, data)

    def _publish(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        snapshot_id = str(data["snapshot"])
        publish(self._settings, snapshot_id, reason=str(_values(data).get("reason", "")))
        self._builder.forget()
        said = texts.plain("editor.publish.done", snapshot=snapshot_id)
        yield from self._show(texts, data, said)

    def _roll_back(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        said = texts.plain("editor.snapshots.went_back", snapshot=self._store.roll_back())
        self._builder.forget()  # what it made is not live any more
        yield from self._show(texts, data, said)

    def _report(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        snapshot_id = str(data["snapshot"])
        report = read_report(self._settings.reports, snapshot_id)
        if report is None:
            state = self._builder.state
            yet = "_yet" if state and state.is_running else ""
            raise SettingsError(texts.plain(f"editor.gates.no_report{yet}", snapshot=snapshot_id))
        # Only what the live snapshot was compared with can still take its place.
        is_done = snapshot_id == self._store.current_id() or report.live_id != (
            self._store.current_id()
        )
        yield {"building": building.report_view(report, texts, is_live=is_done)}

    def _judge(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        own = self._settings.data_dir / QUESTIONS_NAME
        feedback_id, question = self._unused(texts, data)
        judge(self._settings.data_dir, self._store, feedback_id, question=question, questions=own)
        yield from self._said(texts, data, texts.plain("editor.feedback.done"))

    def _situate(self, texts: Texts, data: Mapping[str, Any]) -> "Iterator[_Seen]":
        self._require_own_folder(texts)
        feedback_id, question = self._unused(texts, data)
        add_situation(self._settings, self._store, feedback_id, question=question)
        yield from self._said(texts, data, texts.plain("editor.feedback.situated"))

    def _unused(self, texts: Texts, data: Mapping[str, Any]) -> tuple[str, str | None]:
        """Return the id of feedback and the question given for it.

        What measures the ranking must not feed it: raises `SettingsError` for a judged question.
        """
        feedback_id = str(data["feedback"])
        if feedback_id in judged_ids(self._settings.data_dir):
            raise SettingsError(texts.plain("editor.feedback.judged"))
        return feedback_id, str(_values(data).get("question", "")).strip() or None

    def _view(self, token: str, texts: Texts, *, said: str = "", fault: str = "") -> str:
        snapshot, words = self._toolkit.snapshot, read_feedback(self._settings.data_dir)
        tab = page.Tab(
            token,
            waiting(self._folder, snapshot),
            snapshot_facts(self._store),
            considered=self._staging.considered,
            refused=self._staging.refused,
            feedback=words,
            quotes=quotes_of(words, snapshot),
            judged=judged_ids(self._settings.data_dir),
            situations=self._situations(),
            can_add=self._is_own_folder,
        )
        return page.editor(tab, texts, said=said, fault=fault)

    def _building(self, texts: Texts) -> str:
        state = self._builder.state
        return building.building(state, texts) if state else ""

    def _situations(self) -> frozenset[str]:
        """Return all situations; none of a file that cannot be read, which the build names."""
        try:
            entries = load_situations(self._folder)
        except CatalogueError:
            return frozenset()
        return frozenset(line for entry in entries for line in entry.situations)

    @property
    def _is_own_folder(self) -> bool:
        return self._folder == self._settings.documents.resolve()

    def _require_own_folder(self, texts: Texts) -> None:
        if not self._is_own_folder:
            raise SettingsError(texts.plain("editor.add.other_folder"))


_Seen = Mapping[str, str]  # the HTML of the parts that change


def _values(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a form, by the names of its boxes."""
    values = json.loads(str(data.get("values") or "{}"))
    if not isinstance(values, dict):
        raise ValueError("a form has names and values")
    return values
