"""What is published with a version: its parts, how it was made, and sums that agree."""

import hashlib
import json
import re
import tarfile
from pathlib import Path

import pytest

from tests.stack.running import ROOT
from wiq.embedded.console import Unusable
from wiq.embedded.release import building, git, provenance, sbom
from wiq.embedded.release.checks import Candidate


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "ENGINES", ())


@pytest.mark.thorough
def test_a_release_consists_of_files_whose_sums_agree(
    candidate: Candidate, without_engine: None
) -> None:
    folder = candidate.root.parent / "dist"
    files = building.build(candidate.root, folder, "1.2.0")
    assert {path.name.removeprefix("wiq-platform-1.2.0") for path in files} == {
        ".tar", ".cdx.json", ".intoto.json", "SHA256SUMS",
    }  # fmt: skip
    sums = dict(reversed(line.split("  ")) for line in files[-1].read_text().splitlines())
    for path in files[:-1]:
        assert sums[path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    with tarfile.open(folder / "wiq-platform-1.2.0.tar") as source:
        assert "wiq-platform-1.2.0/CHANGELOG.md" in source.getnames()


@pytest.mark.thorough
def test_the_statement_names_the_files_the_commit_and_every_locked_file(
    candidate: Candidate, without_engine: None
) -> None:
    folder = candidate.root.parent / "dist"
    building.build(candidate.root, folder, "1.2.0")
    said = json.loads((folder / "wiq-platform-1.2.0.intoto.json").read_text())
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["predicateType"] == "https://slsa.dev/provenance/v1"
    for subject in said["subject"]:
        assert subject["digest"]["sha256"] == provenance.digest(folder / subject["name"])
    used = said["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert {"gitCommit": git.head(candidate.root)} in [one.get("digest") for one in used]
    assert {"uri": "docker://python:3.11-slim-bookworm"} in used
    locked = "".join((ROOT / "requirements" / name).read_text()
                     for name in ("build.txt", "prod.txt"))  # fmt: skip
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", locked)
    named = [one["digest"]["sha256"] for one in used if "sha256" in one.get("digest", {})]
    assert sorted(named) == sorted(hashes)


@pytest.mark.thorough
def test_the_list_of_parts_names_what_the_image_installs_and_no_address_of_this_machine(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.machine.example/simple")
    target = candidate.root.parent / "parts.json"
    sbom.write(candidate.root, target, "1.2.0")
    text = target.read_text()
    parts = json.loads(text)
    assert parts["bomFormat"] == "CycloneDX"
    assert parts["metadata"]["component"]["version"] == "1.2.0"
    assert sbom.missing(candidate.root, parts) == []
    assert {"django", "psycopg", "granian"} <= {part["name"] for part in parts["components"]}
    assert "machine.example" not in text
    assert str(candidate.root) not in text
    sbom.write(candidate.root, target, "1.2.0")
    assert target.read_text() == text


def test_a_client_without_its_engine_builds_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "docker"
    client.write_text("#!/bin/sh\necho 'Cannot connect' >&2\nexit 1\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert building.build_image(tmp_path, "1.2.0", tmp_path / "image.tar") == []


@pytest.mark.thorough
def test_a_folder_without_git_is_said_in_one_line(candidate: Candidate) -> None:
    bare = candidate.root.parent / "bare"
    bare.mkdir()
    with pytest.raises(Unusable, match="release: "):
        building.build(bare, bare / "dist", "1.2.0")
