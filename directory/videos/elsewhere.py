"""The district's video at another provider, which is asked only after two clicks."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse

from wiq.web.content_policy import widen


@dataclass(frozen=True)
class Provider:
    """Where a video can lie, and what we say of it before anything goes there."""

    name: str
    company: str
    privacy_url: str
    # From an address people copy to the number of the video; and to the player without cookies.
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
    """A video to look at: its page, and its player where we know how to show one here."""

    url: str
    host: str
    provider: Provider | None = None
    player: str = ""

    @property
    def page_host(self) -> str:
        """Where the link to the video leads, which is not always where its player is."""
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
    """Let this page show the video's player in a frame, and nothing else from elsewhere."""
    if video is not None and video.player:
        widen(response, {"frame-src": [f"https://{video.host}"]})
    return response
