"""Entry point of ``python -m wiq.embedded``."""

from wiq.embedded.cli import main

if __name__ == "__main__":
    main()
