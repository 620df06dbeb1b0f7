"""The container's health check of its web server: ``python -m wiq.health_check``."""

import http.client
import os
import sys

PORT = 8000  # the image's port


def main() -> int:
    """Ask /health/live on the platform's host; return 0 if it answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    headers = {"Host": os.environ["WIQ_DOMAIN"], "X-Forwarded-Proto": "https"}
    try:
        connection.request("GET", "/health/live", headers=headers)
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
