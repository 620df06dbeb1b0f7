"""The fault machine: random schedules of everything that breaks, and the sum that must come out.

    .venv/bin/python -m bench.faults --seeds 1-200 --side-by-side 6
    .venv/bin/python -m bench.faults --seeds 17          (the seed of a failure, once more)

Needs `python3 run.py test` run once, and a C compiler for the clock faults.
"""
