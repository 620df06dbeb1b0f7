"""Runs inside an older version: one small district as that version's file.

older_file.py STATE TARGET
"""

import os
import subprocess
import sys
from pathlib import Path

from wiq.embedded.stack import servers
from wiq.embedded.state import State

state, target = Path(sys.argv[1]), sys.argv[2]
FILL = """
from django.core.management import call_command
from tests.cast import make_cast
make_cast()
call_command("export_district", "nord", {target!r})
"""
state.mkdir(parents=True)
state.chmod(0o755)
with servers(State(state), throwaway=True) as stack:
    environment = stack.environment | {"EMAIL_URL": "smtp://127.0.0.1:1"}
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment["PYTHONPATH"] = os.environ["PYTHONPATH"] + os.pathsep + packages
    manage = [sys.executable, "-S", "manage.py"]
    subprocess.run([*manage, "migrate_districts"], env=environment, check=True)
    code = FILL.format(target=target)
    subprocess.run([*manage, "shell", "--no-imports", "-c", code], env=environment, check=True)
