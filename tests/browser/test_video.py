"""A video of the district: brought in at the desk, played on a phone, from this site alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_transfer import sign_in
from tests.stack.running import RunningStack
from tests.videos.films import film

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
WORDS = "1\n00:00:00,000 --> 00:00:20,000\nGuten Tag aus dem Viertel.\n"


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_video_is_played_from_here_in_parts_with_its_captions(
    stack: RunningStack, page: Any, tmp_path: Path, kind: str
) -> None:
    given = tmp_path / f"film.{kind}"
    given.write_bytes(film(kind, seconds=20, size=(320, 180), noise=60))
    assert given.stat().st_size > 3_000_000
    address = f"http://leipziger-westen.localhost:{stack.port}"
    sign_in(
        page, f"{address}/koordination/", "redaktion@leipziger-westen.wiq.example",
        stack.environment["WIQ_DEMO_PASSWORD"],
    )  # fmt: skip
    page.goto(f"{address}/koordination/videos/video/add/")
    page.get_by_label("Titel", exact=False).first.fill(f"Film als {kind}")
    page.locator("input[name=film]").set_input_files(given)
    captions = {"name": "worte.srt", "mimeType": "text/plain", "buffer": WORDS.encode()}
    page.locator("input[name=captions_file]").set_input_files(captions)
    page.locator("textarea[name=transcript]").fill("Es rauscht.")
    for box in ("everyone_agreed", "is_published"):
        page.locator(f"input[name={box}]").check(force=True)
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url("**/koordination/videos/video/")

    parts: list[Any] = []
    page.on("response", lambda answer: "/medien/video/" in answer.url and parts.append(answer))
    page.goto(f"{address}/menschen/")
    section = page.locator("section.film", has_text=f"Film als {kind}")
    assert section.get_by_text("Es rauscht.").count() == 1
    # The still and the captions, a few kilobytes, and nothing of the film before somebody asks.
    assert [part.url for part in parts if part.url.endswith("/")] == []
    video = section.locator("video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("video => video.currentTime > 1", arg=video.element_handle())
    video.evaluate("video => { video.currentTime = 18; }")
    page.wait_for_function("video => video.currentTime > 19", arg=video.element_handle())
    shown = video.evaluate("video => [...video.textTracks[0].activeCues].map(cue => cue.text)")
    assert shown == ["Guten Tag aus dem Viertel."]
    films = [part for part in parts if part.url.endswith("/")]
    assert len(films) > 1
    assert {part.status for part in films} == {206}
