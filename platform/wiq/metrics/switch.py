"""Whether this process counts, and where the numbers are served. Knows nothing of Django."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Where prometheus_client keeps what every process counts.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Address:
    """Where the numbers are served."""

    host: str
    port: int
    per_district: bool


def read(environment: Mapping[str, str]) -> Address | None:
    """Return the address in WIQ_METRICS_PORT and WIQ_METRICS_HOST; None without a port.

    Raises ValueError with the name of the setting. A compose file passes an unset variable on as
    an empty one.
    """
    port = environment.get("WIQ_METRICS_PORT") or "0"
    if not port.isdecimal() or int(port) > HIGHEST_PORT:
        raise ValueError(f"WIQ_METRICS_PORT is {port!r}; it must be a port, or empty")
    if not int(port):
        return None
    return Address(
        host=environment.get("WIQ_METRICS_HOST") or "127.0.0.1",
        port=int(port),
        per_district=environment.get("WIQ_METRICS_PER_DISTRICT", "") not in ("", "0"),
    )


def prepare_folder() -> None:
    """Name and make the folder that all processes of this machine share.

    prometheus_client reads its name when it is loaded.
    """
    shared = Path(tempfile.gettempdir()) / f"wiq-metrics-{os.geteuid()}"
    folder = Path(os.environ.setdefault(FOLDER, str(shared)))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
