"""The commands that bring documents, with a publisher on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_helpers import Run, one_object
from publisher import Answer, Publisher, page, serving

pytest_plugins = ("cli_fixtures",)


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Yield a publisher; the official pages are not asked."""
    monkeypatch.setattr("corpus.published.published.__defaults__", (tmp_path / "none.toml",))
    with serving() as served:
        yield served


def catalogue(data: Path, url: str) -> None:
    data.mkdir(exist_ok=True)
    entry = f'[[source]]\nid = "gate"\nfile = "gate.html"\nwork = "g"\ntitle = "G"\nurl = "{url}"\n'
    (data / "catalogue.toml").write_text(entry, "utf-8")


def test_a_file_is_added_built_and_cited(data: Path, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "gate.md"
    path.write_text("# Gate\n\nGuards stand at the gate.", "utf-8")
    ran = run("add", path, "--set", "edition=2026", "--yes")
    assert ran.out.splitlines() == [
        "added gate.md: Gate, 2026 [en]", "Index them: toolkit-assistant build",
    ]  # fmt: skip
    assert run("build").status == 0
    answer = one_object(run("ask", "guards stand at the gate", "--json"))
    assert (answer["citations"][0]["edition"], answer["citations"][0]["file"]) == (
        "2026", "gate.md",
    )  # fmt: skip
    added = one_object(run("add", path, "--json"))["added"]
    assert added[0]["source"]["file"] == "gate.md"


def test_an_address_inside_the_network_is_refused_unless_it_is_allowed(
    data: Path, publisher: Publisher, run: Run
) -> None:
    publisher.pages["/gate.html"] = Answer(page("Guards stand at the gate."))
    url = publisher.url("/gate.html")
    refused = run("add", url, "--yes")
    assert (refused.status, publisher.asked.total()) == (2, 0)
    assert "127.0.0.1, inside a private network" in refused.err
    assert not (data / "documents").exists()
    assert run("add", url, "--yes", "--allow-private").status == 0
    assert (data / "documents" / "gate.html").is_file()


def test_a_sync_tells_what_it_brought(data: Path, publisher: Publisher, run: Run) -> None:
    catalogue(data, publisher.url("/gate.html"))
    publisher.with_etag("/gate.html", page("Guards stand at the gate."), '"1"')
    dry = run("sync", "--dry-run", "--allow-private")
    assert dry.out.splitlines() == ["offered   gate.html", "1 offered"]
    assert sorted(path.name for path in data.iterdir()) == [".writing.lock", "catalogue.toml"]
    ran = run("sync", "--allow-private")
    assert ran.out.splitlines() == [
        "new       gate.html", "1 new", "Index what came: toolkit-assistant build",
    ]  # fmt: skip
    assert run("sync", "--allow-private").out == "1 unchanged\n"


def test_a_sync_that_fails_says_so_by_its_status(
    data: Path, publisher: Publisher, run: Run
) -> None:
    catalogue(data, publisher.url("/gate.html"))
    publisher.pages["/gate.html"] = Answer(status=403)
    ran = run("sync", "--allow-private", "--json")
    assert ran.status == 1
    report = json.loads(ran.out)
    assert report["counts"]["failed"] == 1
    assert report["sources"][0]["note"] == "the publisher answers 403 Forbidden"
    catalogue(data, publisher.url("/gate.html"))
    refused = run("sync")
    assert (refused.status, "inside a private network" in refused.out) == (1, True)


def test_a_gate_that_fails_is_told_by_the_status(data: Path, run: Run) -> None:
    folder = data / "documents"
    folder.mkdir(parents=True)
    for name in ("gate", "river"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nGuards stand at the {name}.", "utf-8")
    assert run("build").status == 0
    (folder / "river.md").unlink()
    ran = run("build")
    assert ran.status == 1
    assert "FAILED documents: Documents lost: 1 of 2." in ran.out
    assert "is built and not live; the one before stays" in ran.out
    assert one_object(run("build", "--force", "it dried up", "--json"))["gates"]["forced"] == (
        "it dried up"
    )
