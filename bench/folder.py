"""The whole folder for the data protection officer with 1,000 rows of settings: what it costs.

    .venv/bin/python -m bench.folder   (after `python3 run.py lint`)

Starts a stack of its own. In a process beside it the folder of a district is made into one PDF,
first with one company that works for the platform, then with 1,000. Counted is the processor's time
of that process, for the clock tells of the machine's other work as well; beside it stands a loop of
Python, so that a slow machine is seen. Status 1 above the bar.
"""

import subprocess
import sys

from tests.stack.running import RunningStack, free_port, open_folder

BAR = 10.0
MEASURE = """
import statistics, time
from datetime import date
from tenants.accountability import folder, pdf
from tenants.accountability.models import SubProcessor
from tenants.districts.models import District

def spent(work):
    began = time.process_time()
    made = work()
    return time.process_time() - began, made

def loop():
    total = 0
    for number in range(20_000_000):
        total += number

district = District.objects.get(slug="leipziger-westen")
pdf.of_folder(folder.of_district(district))  # what is loaded once
times = {}
for rows in (1, 1000):
    SubProcessor.objects.all().delete()
    SubProcessor.objects.bulk_create(
        SubProcessor(
            name=f"Firma {n}", address="Weg 1", purpose="Server", place="Leipzig",
            agreement_on=date(2026, 1, 2),
        )
        for n in range(rows)
    )
    measured = []
    for turn in range(3):
        seconds, made = spent(lambda: pdf.of_folder(folder.of_district(district)))
        measured.append(seconds)
    times[rows] = statistics.median(measured)
    print(f"{rows} rows: {times[rows]:.2f} s of the processor, {len(made) / 1000:.0f} KB")
beside = min(spent(loop)[0] for turn in range(3))
print(f"a loop of 20 million additions: {beside:.2f} s")
print(f"1,000 rows beside one: {times[1000] / times[1]:.1f}, beside the loop: {times[1000] / beside:.1f}")
raise SystemExit(times[1000] >= BAR)
"""


def main() -> None:
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state", WIQ_METRICS_PORT=str(free_port())).start()
        environment = stack.environment | {"WIQ_STATE": str(stack.state)}
        code = MEASURE.replace("BAR", str(BAR))
        try:
            command = [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c", code]
            ended = subprocess.run(command, env=environment, check=False).returncode
        finally:
            stack.stop()
    raise SystemExit(ended)


if __name__ == "__main__":
    main()
