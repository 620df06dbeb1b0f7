"""Makes what the upgrade test starts from: ten districts of an older version, and their files.

    .venv/bin/python -m tests.upgrade.make

Runs versions out of git, each in a work tree of its own with the packages of today, and writes into
``tests/upgrade/data``: the database of FIRST, what one could do with it, and a district's file of
each format that is still read. Run it again only to start from a later version.
"""

import json
import lzma
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, DATA = HERE.parents[1], HERE / "data"
FIRST = "baca897"
# A late commit of each format whose own migrations are whole.
FORMATS = {3: "e840a3d", 4: "7e672dd", 5: FIRST}
SECRET_KEY = "the key of the upgrade test, which signed the links in its mails"


def work_tree(commit: str, folder: Path) -> Path:
    tree = folder / commit
    add = ["git", "worktree", "add", "--quiet", "--detach", str(tree), commit]
    subprocess.run(add, cwd=ROOT, check=True)
    return tree


def run(tree: Path, *words: str) -> None:
    """Run a script of this folder in an older version, on servers of that version's own."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": os.pathsep.join((str(tree), str(tree / "platform"))),
        "SECRET_KEY": SECRET_KEY,
    }
    command = [sys.executable, "-S", "-c", START, packages(), *words]
    subprocess.run(command, cwd=tree, env=environment, check=True)


def packages() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))


# -S keeps this environment's own path to the repository out: the older version is to be found.
START = """
import sys
sys.path.append(sys.argv.pop(1))
script = sys.argv.pop(1)
exec(compile(open(script).read(), script, "exec"))
"""


def main() -> None:
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wiq-upgrade-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            for number, commit in FORMATS.items():
                tree = work_tree(commit, folder)
                target = DATA / f"format-{number}.zip"
                run(tree, str(HERE / "older_file.py"), str(folder / f"f{number}"), str(target))
                assert json.loads(unzipped(target, "manifest.json"))["version"] == number
            tree = folder / FIRST
            run(tree, str(HERE / "older_database.py"), str(folder / "db"), str(folder / "made"))
            (DATA / "facts.json").write_text((folder / "made" / "facts.json").read_text())
            dump = (folder / "made" / "dump.sql").read_bytes()
            (DATA / "database.sql.xz").write_bytes(lzma.compress(dump, preset=9))
        finally:
            subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)


def unzipped(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as opened:
        return opened.read(name)


if __name__ == "__main__":
    main()
