"""For a release: add the digest to every image that docker-compose.yml names by its version.

    python3 platform/deploy/pin_images.py > docker-compose.pinned.yml
    docker compose -f docker-compose.yml -f docker-compose.pinned.yml up -d

A version's name can be given to another image later, a digest can't. Asks the registries through
docker (``docker buildx imagetools inspect``), and fails where one does not answer.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
_SERVICE = re.compile(r"^  (\w+):$|^    image: (\S+:\S+)$", re.MULTILINE)


def images(text: str) -> dict[str, str]:
    """Return the image of each service of a compose file that has one from a registry."""
    found: dict[str, str] = {}
    service = ""
    for match in _SERVICE.finditer(text):
        if match[1]:
            service = match[1]
        else:
            found[service] = match[2]
    return found


def digest(image: str) -> str:
    """Return the digest that a registry has for an image's name."""
    command = [
        "docker",
        "buildx",
        "imagetools",
        "inspect",
        image,
        "--format",
        "{{.Manifest.Digest}}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def pinned(text: str, ask: Callable[[str], str]) -> str:
    """Return a compose file that names the images by version and digest."""
    lines = ["# Written by platform/deploy/pin_images.py for a release.", "services:"]
    for service, image in images(text).items():
        lines += [f"  {service}:", f"    image: {image}@{ask(image)}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(pinned(COMPOSE.read_text(encoding="utf-8"), digest))
