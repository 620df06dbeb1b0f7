"""Line breaks as we store them."""


def with_plain_line_ends(text: str) -> str:
    """Return a text with LF where browsers and Windows write CRLF (HTML, 4.10.21.4)."""
    return text.replace("\r\n", "\n")
