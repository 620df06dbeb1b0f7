"""The district's video at another provider, which is only contacted after two clicks."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse

from wiq.web.content_policy import widen


@dataclass(frozen=True)
class Provider:
    """A video provider, and what we tell visitors before contacting it."""

    name: str
    company: str
    privacy_url: str
    # How to find the video's id in an address that people copy; the player without cookies.
    pattern: str
    player: str


# Sources of the players: https://support.google.com/youtube/answer/171780 ("privacy-enhanced
# mode") and https://help.vimeo.com/hc/en-us/articles/12426260232977 ("dnt").
PROVIDERS = (
    Provider(
        "YouTube", "Google Ireland Ltd.", "https://policies.google.com/privacy",
        r"(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/|live/)|youtu\.be/)([\w-]{6,20})",
        "https://www.youtube-nocookie.com/embed/{}",
    ),
    Provider(
        "Vimeo", "Vimeo.com, Inc. (USA)", "https://vimeo.com/privacy",
        r"vimeo\.com/(?:video/)?(\d{5,12})",
        "https://player.vimeo.com/video/{}?dnt=1",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class VideoElsewhere:
    """A video elsewhere: its page, and its player if we can show one here."""

    url: str
    host: str
    provider: Provider | None = None
    player: str = ""

    @property
    def page_host(self) -> str:
        """The host of the link to the video, which may differ from the player's."""
        return urlsplit(self.url).netloc


def video_of(district: Any) -> VideoElsewhere | None:
    """Return the district's video, if it has one."""
    url = district.video_url
    if not url:
        return None
    for provider in PROVIDERS:
        match = re.search(rf"^https?://(?:www\.|player\.|m\.)?{provider.pattern}", url)
        if match:
            player = provider.player.format(match[1])
            return VideoElsewhere(url, urlsplit(player).netloc, provider, player)
    return VideoElsewhere(url, urlsplit(url).netloc)


def allow_frame(response: HttpResponse, video: VideoElsewhere | None) -> HttpResponse:
    """Allow this page to show the video's player in a frame, but nothing else from elsewhere."""
    if video is not None and video.player:
        widen(response, {"frame-src": [f"https://{video.host}"]})
    return response
