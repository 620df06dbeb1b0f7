"""Small films for tests: written by FFmpeg, as a telephone would write them."""

import io
from fractions import Fraction
from typing import Any

import av
from PIL import Image

PLACE = "+51.3300+012.3300/"
# What is said in one, as captions.
WORDS = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nGuten Tag aus dem Viertel.\n"


def film(
    kind: str = "webm", *, codecs: tuple[str, str] | None = None, seconds: int = 2,
    size: tuple[int, int] = (160, 90), sound: bool = True, noise: float = 0,
) -> bytes:  # fmt: skip
    """Return a film that knows where and with what it was taken."""
    picture_codec, sound_codec = codecs or {
        "webm": ("libvpx", "libopus"), "mp4": ("libx264", "aac"), "mov": ("libx264", "aac"),
    }[kind]  # fmt: skip
    content = io.BytesIO()
    with av.open(content, "w", format=kind) as out:
        out.metadata.update({"location": PLACE, "title": "Telefon Beispiel 7", "comment": PLACE})
        video = out.add_stream(picture_codec, rate=10)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        if noise:
            video.bit_rate = 2_000_000
        audio: Any = out.add_stream(sound_codec, rate=48_000) if sound else None
        for number in range(seconds * 10):
            out.mux(video.encode(_picture(number, size, noise)))
        out.mux(video.encode())
        if audio is not None:
            for start in range(0, seconds * 48_000, 960):
                out.mux(audio.encode(_silence(start)))
            out.mux(audio.encode())
    return content.getvalue()


def _picture(number: int, size: tuple[int, int], noise: float) -> av.VideoFrame:
    grey = (number * 12) % 255
    # Noise can't be packed: a film of it weighs what one of real life does.
    drawn = Image.effect_noise(size, noise) if noise else Image.new("L", size, grey)
    return av.VideoFrame.from_image(drawn.convert("RGB"))


def _silence(start: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
    return frame
