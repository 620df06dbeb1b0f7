"""Finds a Chromium for the browser tests, or installs one if this machine allows it."""

import os
import shutil
import subprocess

from wiq.embedded.console import say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the Chromium that ``$CHROMIUM`` names or that is on the path."""
    named = os.environ.get("CHROMIUM")
    if named and os.access(named, os.X_OK):
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> str | None:
    """Return a Chromium, installing it for root on Debian; None if there is none."""
    found = find()
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        if not found:
            say("No Chromium found (CHROMIUM or PATH): the browser tests will be skipped.")
        return found
    with step("Installing Chromium for the browser tests"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-qq", *command],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    return find()
