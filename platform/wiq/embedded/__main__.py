"""Entry point of ``python -m wiq.embedded``."""

import signal

from wiq.embedded.signals import end_quietly

for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_number, end_quietly)

from wiq.embedded.cli import main  # noqa: E402 (importing takes long enough for a Ctrl-C)

if __name__ == "__main__":
    main()
