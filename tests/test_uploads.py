"""Files that an editor's browser sends: taken in whole, by whoever has a token, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant import uploads
from assistant.door import Door
from assistant.editing_desk import EditingDesk
from assistant.staging import Staging, safe_name

PASSWORD = "correct horse battery"


class FakeDesk:
    def __init__(self, folder: Path) -> None:
        self.door = Door(PASSWORD)
        self._staging = Staging(folder)

    def new_file(self, name: str) -> Path:
        return self._staging.new_folder() / safe_name(name)

    def refuse(self, reason: str) -> None:
        self._staging.refuse(reason)

    @property
    def refused(self) -> tuple[str, ...]:
        return self._staging.refused


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    return FakeDesk(tmp_path)


@pytest.fixture
def client(desk: FakeDesk) -> Iterator[TestClient]:
    route = uploads.upload_route(cast(EditingDesk, desk))
    with TestClient(Starlette(routes=[Route("/up", route, methods=["POST"])])) as client:
        yield client


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_taken_in_under_its_name(
    client: TestClient, desk: FakeDesk, tmp_path: Path
) -> None:
    token = desk.door.enter(PASSWORD)
    headers = {"X-Editor-Token": token, "X-File-Name": "../Pr%C3%BCfung%20%3Cb%3E.pdf"}
    item = client.post("/up", headers=headers, content=b"%PDF-").json()["item"]
    path = tmp_path / ".additions" / item / "Prüfung <b>.pdf"
    assert path.read_bytes() == b"%PDF-"


def test_without_a_token_nothing_is_taken_in(client: TestClient, tmp_path: Path) -> None:
    for headers in ({}, {"X-Editor-Token": PASSWORD}):
        sent = client.post("/up", headers={**headers, "X-File-Name": "x.pdf"}, content=b"x")
        assert sent.status_code == 403
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "told"), [("x.pdf", "larger than"), ("x.exe", "files are read"), ("", "no name")]
)
def test_what_is_too_large_or_no_document_is_refused_and_leaves_nothing(
    client: TestClient, desk: FakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, told: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 4)
    headers = {"X-Editor-Token": desk.door.enter(PASSWORD), "X-File-Name": name}
    sent = client.post("/up", headers=headers, content=b"12345")
    assert sent.status_code == 400
    assert told in sent.json()["fault"]
    assert desk.refused == (sent.json()["fault"],)
    assert files(tmp_path) == []
