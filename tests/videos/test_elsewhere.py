"""A video at another provider: which player an address leads to, and which to none."""

import pytest
from django.http import HttpResponse

from directory.videos.elsewhere import allow_frame, video_of
from tests.cast import District

YOUTUBE = "https://www.youtube-nocookie.com/embed/abcdef12345"
VIMEO = "https://player.vimeo.com/video/123456789?dnt=1"


@pytest.mark.parametrize(
    ("url", "player", "page_host"),
    [
        ("https://www.youtube.com/watch?v=abcdef12345&t=7", YOUTUBE, "www.youtube.com"),
        ("https://m.youtube.com/watch?list=x&v=abcdef12345", YOUTUBE, "m.youtube.com"),
        ("https://youtu.be/abcdef12345", YOUTUBE, "youtu.be"),
        ("https://youtube.com/shorts/abcdef12345", YOUTUBE, "youtube.com"),
        ("https://vimeo.com/123456789", VIMEO, "vimeo.com"),
        ("https://player.vimeo.com/video/123456789", VIMEO, "player.vimeo.com"),
        ("https://video.example/?next=https://youtu.be/abcdef12345", "", "video.example"),
        ("https://video.example/youtube.com/embed/abcdef12345", "", "video.example"),
        ("https://notyoutube.com/embed/abcdef12345", "", "notyoutube.com"),
        ("https://vimeo.com/kanal", "", "vimeo.com"),
    ],
)
def test_an_address_leads_to_the_player_that_watches_least_or_to_none(
    nord: District, url: str, player: str, page_host: str
) -> None:
    district = nord.row
    district.video_url = url
    found = video_of(district)
    assert found is not None
    assert (found.player, found.page_host) == (player, page_host)
    assert (found.provider is None) is (player == "")


def test_a_district_without_a_video_has_none(nord: District) -> None:
    assert video_of(nord.row) is None


@pytest.mark.parametrize(
    ("url", "sources"),
    [(YOUTUBE, {"frame-src": ["https://www.youtube-nocookie.com"]}), ("https://v.example/", None)],
)
def test_only_a_player_we_know_may_stand_in_a_frame(
    nord: District, url: str, sources: dict[str, list[str]] | None
) -> None:
    district = nord.row
    district.video_url = url
    response = allow_frame(HttpResponse(), video_of(district))
    assert getattr(response, "_csp_update", None) == sources
