"""How a release was made, of what, and from which commit: a statement that others can check.

An in-toto Statement (v1) with SLSA's Provenance (v1). It is not signed here: who publishes signs it
with a key that no build holds (docs/releases.md).
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md,
https://slsa.dev/provenance/v1
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from wiq.embedded.release import git
from wiq.embedded.release.sbom import LOCK

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
# docs/releases.md says what both stand for.
BUILD_TYPE, BUILDER = "urn:wiq:release:1", "urn:wiq:run.py:release"
_LOCKED = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)[^\n]*\n((?:\s+--hash=sha256:[0-9a-f]{64}[^\n]*\n)+)",
    re.MULTILINE,
)


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def materials(root: Path) -> list[dict[str, Any]]:
    """Return what the image is built of: the commit, each locked file, the image it stands on."""
    text = "".join(
        (root / name).read_text(encoding="utf-8") for name in ("requirements/build.txt", LOCK)
    )
    packages = [
        {"uri": f"pkg:pypi/{name.lower()}@{version}", "digest": {"sha256": value}}
        for name, version, hashes in _LOCKED.findall(text)
        for value in re.findall(r"sha256:([0-9a-f]{64})", hashes)
    ]
    return [
        {"uri": "git+file:.", "digest": {"gitCommit": git.head(root)}},
        {"uri": f"docker://{base(root)}"},
        *packages,
    ]


def base(root: Path) -> str:
    """Return the image on which ours stands, as the Dockerfile names it."""
    text = (root / "platform/deploy/Dockerfile").read_text(encoding="utf-8")
    named = re.search(r"^ARG PYTHON=(\S+)$", text, re.MULTILINE)
    return named[1] if named else ""


def statement(root: Path, version: str, subjects: list[Path], *, finished: str) -> dict[str, Any]:
    """Return the statement about these files. ``finished``: when, in UTC (RFC 3339)."""
    named = [{"name": path.name, "digest": {"sha256": digest(path)}} for path in subjects]
    return {
        "_type": STATEMENT,
        "subject": named,
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "version": version,
                    "dockerfile": "platform/deploy/Dockerfile",
                },
                "internalParameters": {},
                "resolvedDependencies": materials(root),
            },
            "runDetails": {
                "builder": {"id": BUILDER},
                "metadata": {
                    "invocationId": f"{git.head(root)}/{version}",
                    "finishedOn": finished,
                },
            },
        },
    }
