"""The commands of run.py, run inside its virtual environment."""

import argparse
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from wiq.embedded import lint, testing
from wiq.embedded.console import StopRequested, Unusable, report_on, say, step
from wiq.embedded.ports import check_metrics, reserve_port
from wiq.embedded.release import releasing
from wiq.embedded.signals import end_by_signal
from wiq.embedded.stack import ROOT, Stack, servers
from wiq.embedded.state import State
from wiq.embedded.unfit import check_settings
from wiq.metrics.switch import read

UNUSABLE, INTERRUPTED = 2, 130
SERVERS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "WIQ_STATE", "WIQ_DOMAIN", "SECRET_KEY")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class OneLineParser(argparse.ArgumentParser):
    """Reports a wrong call in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{message} (see run.py --help)")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = OneLineParser(prog="run.py", description="The WiQ platform on this machine.")
    commands = top.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start the platform (the default)")
    up.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
    up.add_argument("--state", type=Path, default=default_state(), help="state folder (./var)")
    up.add_argument("--no-demo", action="store_true", help="the platform without demo districts")
    commands.add_parser("test", add_help=False, help="run the tests; arguments go to pytest")
    commands.add_parser("manage", add_help=False, help="run a Django command")
    commands.add_parser("lint", help="run everything that is checked beside the tests")
    release = commands.add_parser("release", help="whether this can be released; what is published")
    what = release.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="look whether anything is missing")
    what.add_argument("--build", type=Path, metavar="FOLDER", help="write what is published")
    return top


def default_state() -> Path:
    return Path(os.environ.get("WIQ_STATE") or ROOT / "var")


def up(port: int, state_folder: Path, demo: bool) -> None:
    """Start the platform and run it until a signal ends it."""
    started = time.monotonic()
    check_metrics()
    reserved = reserve_port(port)
    check_settings()
    state = State(state_folder)
    state.acquire()
    stack = Stack(state, port=port)

    def request_stop(number: int, frame: object) -> None:
        stack.nursery.stopping = True

    try:
        for number in STOP_SIGNALS:
            signal.signal(number, request_stop)
        with contextlib.suppress(StopRequested):
            start(stack, demo, started)
            stack.watch()
    finally:
        say("Stopping ...")
        stopping = time.monotonic()
        stack.stop()
        state.release()
        if reserved is not None:
            reserved.close()
        say(f"stopped in {time.monotonic() - stopping:.1f} s")


def start(stack: Stack, demo: bool, started: float) -> None:
    """Start the stack step by step and print its addresses."""
    say("Starting the platform:")
    first_time = not (stack.state.folder / "demo-accounts").exists()
    if demo and stack.own_database:
        stack.environment.setdefault("WIQ_DEMO_PASSWORD", stack.state.kept("demo-password", 6))
    stack.start_servers()
    stack.start_catcher()
    options = ["--demo"] if demo else []
    if stack.is_prepared():
        # Nothing to migrate, so the rest need not wait for the search for missing districts.
        with step("Districts, web, worker and beat"):
            preparation = stack.begin_to_prepare(*options)
            stack.start_platform()
            stack.nursery.wait_for_end(preparation, 60)
    else:
        with step("Database and districts"):
            stack.prepare(*options)
        with step("Web, worker and beat"):
            stack.start_platform()
    stack.state.announce(stack.environment)
    say_addresses(stack, demo, first_time)
    say(f"started in {time.monotonic() - started:.1f} s; Ctrl-C stops everything")
    domain = stack.environment.get("WIQ_DOMAIN", "localhost")
    say(f"ready: http://{domain}:{stack.port}/")


def say_addresses(stack: Stack, demo: bool, first_time: bool) -> None:
    """Print the addresses that a newcomer opens next."""
    domain = stack.environment.get("WIQ_DOMAIN", "localhost")
    say(f"  Platform              http://{domain}:{stack.port}/")
    if demo:
        say(f"  Leipziger Westen      http://leipziger-westen.{domain}:{stack.port}/")
        say(f"  Leipziger Osten       http://leipziger-osten.{domain}:{stack.port}/")
    if numbers := read(stack.environment):
        say(f"  Numbers               http://{numbers.host}:{numbers.port}/metrics")
    if "EMAIL_URL" not in os.environ:
        say(f"  Mails (caught here)   http://{domain}:{stack.port}/postfach/")
    if demo and stack.own_database:
        given = "WIQ_DEMO_PASSWORD" in os.environ
        where = "as in WIQ_DEMO_PASSWORD" if given else f"see {stack.state.folder}/demo-password"
        password = stack.environment["WIQ_DEMO_PASSWORD"] if first_time and not given else where
        say(f"  Demo accounts         password: {password}")
        say(f"    projektteam@wiq.example on http://{domain}:{stack.port}/plattform/")
        for name in ("koordination", "redaktion"):
            say(
                f"    {name}@leipziger-westen.wiq.example on "
                f"http://leipziger-westen.{domain}:{stack.port}/koordination/"
            )
    for line in stack.to_do():
        say(f"  {line}")


def manage(arguments: list[str]) -> int:
    """Run a Django command against the running stack, or one started for it."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    check_settings()
    state = State(default_state())
    announced = state.announced()
    if announced is not None:
        os.execve(sys.executable, command, {**announced, **os.environ})
    if state.in_use():
        raise Unusable(f"the stack of {state.folder} is just starting or stopping; try again")
    report_on(sys.stderr)
    end_by_signal()
    with servers(state) as stack:
        stack.environment.setdefault("WIQ_MAIL_CATCHER", str(state.folder / "mail"))
        stack.environment.setdefault("EMAIL_URL", "smtp://127.0.0.1:25")
        if arguments[:1] != ["makemigrations"]:
            stack.prepare()
        return stack.run(command)


def main() -> None:
    """Parse the command line, run the command, exit with its status."""
    arguments = sys.argv[1:]
    for name in SERVERS:
        if os.environ.get(name) == "":
            del os.environ[name]  # a settings file that names no server leaves it empty
    try:
        if arguments[:1] == ["test"]:
            raise SystemExit(testing.run(arguments[1:]))
        if arguments[:1] == ["manage"]:
            raise SystemExit(manage(arguments[1:]))
        options = parser().parse_args(arguments)
        if options.command == "lint":
            raise SystemExit(lint.run())
        if options.command == "release":
            raise SystemExit(releasing.run(options.build))
        up(options.port, options.state, demo=not options.no_demo)
    except Unusable as problem:
        print(f"run.py: {problem}", file=sys.stderr)
        raise SystemExit(UNUSABLE) from None
    except (StopRequested, KeyboardInterrupt):
        raise SystemExit(INTERRUPTED) from None
