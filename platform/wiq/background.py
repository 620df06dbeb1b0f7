"""Celery's worker and beat from the command line, without the rest of that command line.

``celery`` itself loads every command it has, and with them a shell with completions
(click-repl, prompt-toolkit, pygments): 8 MB in each process that runs for weeks. The commands are
Celery's own and take the same words:

    python -m wiq.background -A wiq.celery_app worker --pool threads
    python -m wiq.background -A wiq.beat_app beat -l WARNING
"""

import click
from celery.app.utils import find_app
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker


@click.group()
@click.option("-A", "--app", required=True, help="The module with the app.")
@click.pass_context
def main(context: click.Context, app: str) -> None:
    """Run a worker or beat until it is stopped."""
    context.obj = CLIContext(app=find_app(app), no_color=False, workdir=None, quiet=False)


main.add_command(worker)
main.add_command(beat)

if __name__ == "__main__":
    main()
