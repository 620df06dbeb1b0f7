"""Celery's worker and beat from the command line, without the rest of that command line.

``celery`` itself loads every command it has, and with them a shell with completions
(click-repl, prompt-toolkit, pygments): 8 MB in each process that runs for weeks. The commands are
Celery's own and take the same words:

    python -m wiq.background -A wiq.celery_app worker --pool threads
    python -m wiq.background -A wiq.beat_app beat -l WARNING

With ``--beat wiq.beat_app`` a worker runs beat in a thread of its own, which needs 40 MB less.
"""

import click
from celery.app.utils import find_app
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker

from wiq.beat_inside import beat_of


@click.group()
@click.option("-A", "--app", required=True, help="The module with the app.")
@click.option("--beat", "inside", help="The module with an app whose beat the worker runs.")
@click.pass_context
def main(context: click.Context, app: str, inside: str | None) -> None:
    """Run a worker or beat until it is stopped."""
    found = find_app(app)
    if inside is not None:
        found.steps["worker"].add(beat_of(find_app(inside)))
    context.obj = CLIContext(app=found, no_color=False, workdir=None, quiet=False)


main.add_command(worker)
main.add_command(beat)

if __name__ == "__main__":
    main()
