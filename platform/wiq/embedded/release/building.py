"""What is published with a version: source, list of parts, statement of how it was made, sums."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from wiq.embedded.console import Unusable, say, step
from wiq.embedded.release import git, provenance, sbom

IMAGE = "wiq-platform"
ENGINES = ("docker", "podman")


def build(root: Path, folder: Path, version: str) -> list[Path]:
    """Write a version's files into ``folder``; return them.

    The image is built where there is an engine. Raises Unusable where git, the list of parts or the
    engine fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{IMAGE}-{version}"
    source, parts = folder / f"{name}.tar", folder / f"{name}.cdx.json"
    statement, sums = folder / f"{name}.intoto.json", folder / "SHA256SUMS"
    try:
        with step("Source"):
            git.archive(root, source, name)
        with step("List of parts"):
            sbom.write(root, parts, version)
        images = build_image(root, version, folder / f"{name}.image.tar")
        subjects = [source, parts, *images]
        finished = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = provenance.statement(root, version, subjects, finished=finished)
    except (git.NoRepository, sbom.NoList) as error:
        raise Unusable(f"release: {error}") from None
    statement.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    files = [*subjects, statement]
    sums.write_text("".join(f"{provenance.digest(path)}  {path.name}\n" for path in files))
    return [*files, sums]


def build_image(root: Path, version: str, target: Path) -> list[Path]:
    """Build the image and save it to ``target``; return that file, or none without an engine."""
    engine = next(filter(_answers, ENGINES), "")
    if not engine:
        say("  Image ... not built: neither docker nor podman answers")
        return []
    name = f"{IMAGE}:{version}"
    with step(f"Image ({engine})"):
        _run(engine, "build", "-f", str(root / "platform/deploy/Dockerfile"), "-t", name, str(root))
        _run(engine, "save", "--output", str(target), name)
    return [target]


def _answers(engine: str) -> bool:
    """Tell whether an engine is there; a client alone builds nothing."""
    return (
        bool(shutil.which(engine))
        and not subprocess.run([engine, "info"], capture_output=True).returncode
    )


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Unusable(f"release: {' '.join(command[:2])}: {last}")
