"""The house is built as it was planned: folders, layers, locked requirements, sizes, documents."""

import ast
import platform as standard_library_platform
import re
import subprocess
import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
CODE = ("platform", "tenants", "directory", "api", "bench", "docs", "run.py", "manage.py")
PIN = r"([a-z0-9-]+)(?:\[[a-z0-9, -]+\])?"
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 40
MOST_COLUMNS_OF_A_TEMPLATE = 160


def sources() -> list[Path]:
    found: list[Path] = []
    for name in CODE:
        path = ROOT / name
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def test_the_standard_librarys_platform_is_the_one_imported() -> None:
    stdlib = Path(sysconfig.get_paths()["stdlib"]).resolve()
    assert Path(standard_library_platform.__file__).resolve().parent == stdlib
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_no_tests_lie_under_platform_and_every_test_folder_is_a_package() -> None:
    assert not list((ROOT / "platform").rglob("test_*.py"))
    for folder in (ROOT / "tests").rglob("*"):
        if folder.is_dir() and any(folder.glob("*.py")):
            assert (folder / "__init__.py").exists(), folder


@pytest.mark.parametrize("name", ["base", "embedded", "prod", "test"])
def test_requirements_are_locked_with_hashes_and_without_an_index_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = re.findall(rf"^{PIN}==", text, re.MULTILINE)
    blocks = re.split(rf"^(?={PIN}==)", text, flags=re.MULTILINE)[2::2]
    assert len(blocks) == len(packages) > 50
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text
    wanted = (ROOT / "requirements" / f"{name}.in").read_text()
    for line in wanted.splitlines():
        direct = re.match(r"([A-Za-z0-9-]+)", line)
        if direct and not line.startswith("-r"):
            assert direct[1].lower() in packages, direct[1]


def test_the_lists_agree_on_versions() -> None:
    def versions(name: str) -> set[tuple[str, str]]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(rf"^{PIN}==([^ ]+)", text, re.MULTILINE))

    base = versions("base")
    for name in ("embedded", "prod", "test"):
        assert base <= versions(name)


def test_files_and_functions_stay_small() -> None:
    long = [
        f"{path.relative_to(ROOT)} ({count} lines)"
        for path in sources()
        if (count := path.read_text().count("\n")) > MOST_LINES
    ]
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > MOST_LINES_OF_A_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}: {node.name} ({size} lines)")
    assert not long


def test_lines_of_templates_can_be_read_side_by_side() -> None:
    templates = [
        path
        for folder in ("platform", "tenants", "directory")
        for kind in ("html", "txt")
        for path in (ROOT / folder).rglob(f"templates/**/*.{kind}")
    ]
    assert len(templates) > 80
    assert not [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > MOST_COLUMNS_OF_A_TEMPLATE
    ]


def test_nothing_is_called_utils_or_common() -> None:
    assert not [path for path in sources() if path.stem in ("utils", "common", "helpers")]


def test_every_setting_and_command_is_documented() -> None:
    text = (ROOT / "docs" / "operating.md").read_text()
    settings = set()
    for path in (ROOT / "platform" / "wiq" / "settings").glob("*.py"):
        settings |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', path.read_text()))
    assert len(settings) > 10
    ours = {
        path.stem
        for folder in ("platform", "tenants", "directory", "api")
        for path in (ROOT / folder).rglob("management/commands/*.py")
        if path.stem != "__init__"
    }
    assert {"create_district", "import_district", "create_api_token"} <= ours
    missing = [name for name in sorted(settings | ours) if f"`{name}" not in text]
    assert not missing


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_layers_are_kept_and_a_break_would_be_noticed(tmp_path: Path) -> None:
    import os
    import sys

    linter = Path(sys.executable).with_name("lint-imports")
    good = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert good.returncode == 0, good.stdout
    for name in ("wiq", "tenants", "directory", "api"):
        source = ROOT / "platform" / "wiq" if name == "wiq" else ROOT / name
        subprocess.run(["cp", "-r", source, tmp_path / name], check=True)
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    with (tmp_path / "wiq" / "tenancy.py").open("a") as file:
        file.write("\nimport directory.people.models\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    broken = subprocess.run(
        [linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert broken.returncode == 1
    assert "wiq.tenancy -> directory.people.models" in broken.stdout


def test_the_lists_pin_packages_with_the_extras_that_others_ask_for() -> None:
    """pip before 23.3 looks for a newer ``coverage[toml]`` beside a pinned ``coverage``."""
    lines = (ROOT / "requirements" / "test.txt").read_text().splitlines()
    pinned = [Requirement(line.split("\\")[0]) for line in lines if re.match(r"[a-z]", line)]
    extras = {canonicalize_name(pin.name): pin.extras for pin in pinned}
    for pin in pinned:
        try:
            wanted = distribution(pin.name).requires or []
        except PackageNotFoundError:  # a package for another system
            continue
        for requirement in map(Requirement, wanted):
            environments = [{"extra": extra} for extra in (*pin.extras, "")]
            if any(not requirement.marker or requirement.marker.evaluate(e) for e in environments):
                assert requirement.extras <= extras[canonicalize_name(requirement.name)], pin
