"""Several installations: the others, and how many districts this one is to hold."""

from urllib.parse import unquote, urlsplit

from wiq.host_names import as_typed
from wiq.settings.environment import PRODUCTION, env, fitting, number

__all__ = ["WIQ_CELLS", "WIQ_MAX_DISTRICTS"]

SCHEMES = ("https",) if PRODUCTION else ("https", "http")


def _cells() -> list[dict[str, str]]:
    """Return the address of each installation and the token for its API."""
    found = []
    for word in env.list("WIQ_CELLS", default=[]):
        if not word.strip():
            continue
        parts = urlsplit(word.strip())
        if parts.scheme not in SCHEMES or parts.path.strip("/") or parts.query:
            raise ValueError("not the address of an installation")
        host = as_typed(parts.hostname or "") + (f":{parts.port}" if parts.port else "")
        token = unquote(parts.username or "")
        found.append({"url": f"{parts.scheme}://{host}", "host": host, "token": token})
    return found


WIQ_CELLS = fitting(
    "WIQ_CELLS", _cells, lambda found: all(one["host"] and one["token"] for one in found)
)
# None: nobody has said a number. With 0 it takes no new district.
_most = number("WIQ_MAX_DISTRICTS")
WIQ_MAX_DISTRICTS = int(_most) if _most else None
