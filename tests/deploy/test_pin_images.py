"""For a release, every image is named by its digest as well."""

import runpy

from tests.stack.running import ROOT

SCRIPT = runpy.run_path(str(ROOT / "platform/deploy/pin_images.py"))


def test_every_image_of_a_registry_gets_the_digest_that_the_registry_says() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    named = SCRIPT["images"](text)
    assert set(named) == {"postgres", "valkey", "caddy", "prometheus", "catcher"}
    pinned = SCRIPT["pinned"](text, lambda image: f"sha256:{len(image)}")
    for image in named.values():
        assert f"    image: {image}@sha256:{len(image)}\n" in pinned
