"""What fifty sockets that send slowly cost everybody else: p95 of pages, idle and attacked.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    WIQ_CADDY=/usr/bin/caddy .venv/bin/python -m bench.slow_bodies

Starts a stack of its own; asks it without a proxy, and through each program that WIQ_CADDY names.
"""

from tests.stack.running import RunningStack, open_folder
from tests.stack.test_slow_bodies import PROXIES, compare, proxied


def say(name: str, port: int) -> None:
    """Measure at one port and print a line."""
    idle, attacked = compare(port)
    print(f"{name}: p95 idle {idle * 1000:.1f} ms, attacked {attacked * 1000:.1f} ms", flush=True)


def main() -> None:
    """Measure, and print one line for each way in."""
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            say("without a proxy", stack.port)
            for program in PROXIES:
                with proxied(program, stack) as port:
                    say(program, port)
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
