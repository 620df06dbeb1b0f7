"""What people call their browser: "Firefox, Windows"."""

# The first that stands in the header wins: Edge calls itself Chrome, too, and Chrome Safari.
BROWSERS = (
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(header: str) -> str:
    """Return browser and system of a ``User-Agent`` header; empty if neither is known."""
    found = (
        next((name for sign, name in signs if sign in header), "") for signs in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, found))
