"""What people bring in their own formats: captions of SRT, films with a wrong length or no mark."""

import pytest
from django.core.files.base import ContentFile

from directory.videos.captions import captions_in, tidied
from wiq.media.remux import Refused, kind_of

SRT = "1\n00:00:01,000 --> 00:00:04,000\n{}\n"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mieten < 10 Euro & Heizung", "Mieten &lt; 10 Euro &amp; Heizung"),
        ("Leipzig --> Berlin", "Leipzig --&gt; Berlin"),
        ("<i>leise</i> und <B>laut</B>", "<i>leise</i> und <b>laut</b>"),
        ('<font color="#fff">weiß</font>', "weiß"),
        ("a <script> b", "a &lt;script&gt; b"),
        ("schon &amp; so", "schon &amp;amp; so"),
    ],
)
def test_srt_becomes_webvtt_that_says_the_same(typed: str, kept: str) -> None:
    said = captions_in(ContentFile(SRT.format(typed).encode()))
    assert said == f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n{kept}\n"
    # Saved again at the desk, it stays as it is.
    assert tidied(said) == said


def test_a_mov_of_an_older_camera_is_known_without_its_mark() -> None:
    for atom in (b"moov", b"mdat", b"wide", b"free"):
        assert kind_of(b"\x00\x00\x00\x08" + atom + b"\x00\x00\x00\x00") == "mp4"
    with pytest.raises(Refused):
        kind_of(b"\x00\x00\x00\x08oops\x00\x00\x00\x00")
