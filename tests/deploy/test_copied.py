"""What the Dockerfile copies is enough to run, and is all of the program: seen without an image."""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("platform/wiq", "tenants", "directory", "api")
# What run.py starts on a developer's machine, and is imported nowhere on a server.
EMBEDDED_ALONE = ROOT / "platform" / "wiq" / "embedded"
FOR_DEVELOPERS = ("messages.py",)  # a command that CONTRIBUTING names, not operating.md
OURS = {"wiq", "tenants", "directory", "api"}
SETTINGS = {
    "SECRET_KEY": "a key for this test alone, long and never used anywhere else: 0a1b2c3d",
    "WIQ_DOMAIN": "wiq.example",
    "WIQ_ENV": "production",
    "DATABASE_URL": "postgres://build/build",
    "REDIS_URL": "redis://build",
    "EMAIL_URL": "smtp://build",
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with what the Dockerfile takes out of the repository, and nothing else."""
    dockerfile = (ROOT / "platform/deploy/Dockerfile").read_text()
    ignored = shutil.ignore_patterns("__pycache__")
    for words in re.findall(r"^COPY (?!--from|requirements)(.+)$", dockerfile, re.MULTILINE):
        *sources, target = words.split()
        for source in sources:
            place = tmp_path / target.removeprefix("/srv/wiq").lstrip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=ignored)
            else:
                shutil.copy(ROOT / source, place)
    return tmp_path


def manage(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    # -S: without the file of this environment that leads to the repository.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    path = os.pathsep.join((str(folder), str(folder / "platform"), packages))
    return subprocess.run(
        [sys.executable, "-S", "manage.py", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "WIQ_STATE": str(folder / "var")}
        | SETTINGS,
        capture_output=True,
        text=True,
    )


@pytest.mark.thorough
def test_the_copied_folders_pass_djangos_check_for_production(copied: Path) -> None:
    checked = manage(copied, "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    where = manage(copied, "shell", "--no-imports", "-c", "import api; print(api.__file__)")
    assert where.stdout.startswith(str(copied)), where.stderr
    collected = manage(copied, "collectstatic", "--noinput", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    assert list((copied / "staticfiles" / "web").glob("wiq.*.css"))


def test_every_package_that_the_program_imports_is_installed_on_a_server() -> None:
    locked = (ROOT / "requirements" / "prod.txt").read_text()
    installed = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^([\w.-]+)(?:\[.*\])?==", locked, re.MULTILINE)
    }
    known = packages_distributions()
    missing = {}
    for folder in PRODUCT:
        for file in (ROOT / folder).rglob("*.py"):
            if EMBEDDED_ALONE in file.parents or file.name in FOR_DEVELOPERS:
                continue
            for name in imported(file) - OURS - set(sys.stdlib_module_names):
                shared = [one for one in installed if one.startswith(f"{name}-")]
                of = {found.lower().replace("_", "-") for found in known.get(name, [name, *shared])}
                if not of & installed:
                    missing[name] = file.relative_to(ROOT)
    assert missing == {}


def imported(file: Path) -> set[str]:
    """Return the first parts of the modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
