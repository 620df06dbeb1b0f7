"""How long a new district's schema takes: replayed from the template, and migrated, side by side.

    .venv/bin/python -m bench.provisioning [DISTRICTS ...]   (after `python3 run.py lint`)

Starts a stack of its own; before each round of measuring so many districts are there (10 and 1000).
Not within a minute after deleting many files on the same disk: ext4 passes over freshly deleted
inodes one by one, and a schema is 150 new files.
"""

import subprocess
import sys

from tests.stack.running import RunningStack, open_folder

ROUNDS = 15
MEASURE = """
import statistics, time
from django.db import transaction
from tenants.districts.models import District
from tenants.provisioning import schemas
from tenants.provisioning.services import new_row

def made(create):
    row = new_row(slug=f"bench-{{District.objects.count()}}", name="Bench", city="Leipzig")
    began = time.perf_counter()
    with transaction.atomic():
        create(row)
    return (time.perf_counter() - began) * 1000

def told(name, times):
    p95 = sorted(times)[int(len(times) * 0.95)]
    print(f"  {{name}}: median {{statistics.median(times):.0f}} ms, p95 {{p95:.0f}} ms")

while District.objects.count() < {districts}:
    made(schemas.create)
replayed, migrated = [], []
for turn in range({rounds}):
    replayed.append(made(schemas.create))
    migrated.append(made(schemas.create_by_migrating))
print("beside {districts} districts:")
told("replayed from the template", replayed)
told("created and migrated", migrated)
print(f"  ratio of the medians: {{statistics.median(migrated) / statistics.median(replayed):.1f}}")
"""


def main(counts: list[int]) -> None:
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state", "--no-demo").start()
        environment = stack.environment | {"WIQ_STATE": str(stack.state)}
        try:
            for count in counts:
                code = MEASURE.format(districts=count, rounds=ROUNDS)
                command = [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c", code]
                subprocess.run(command, env=environment, check=True)
        finally:
            stack.stop()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10, 1000])
