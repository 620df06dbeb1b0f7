"""A whole stack with its files in a bucket, as an operator starts it."""

import io
import urllib.request
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.media.s3 import S3Server
from tests.stack.running import RunningStack, open_folder

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"
KEEP = """
import io
from django.core.files.base import ContentFile
from django_tenants.utils import tenant_context
from PIL import Image
from tenants.districts import services
from tenants.districts.models import District
from wiq.media.pictures import keep, redraw
content = io.BytesIO()
Image.new("RGB", (400, 300), "green").save(content, "JPEG")
west = District.objects.get(slug="leipziger-westen")
with tenant_context(west):
    name = keep(redraw(ContentFile(content.getvalue())), "district")
services.update(west, actor="test", logo=name)
print(west.schema_name, name)
"""


@pytest.fixture
def stack(s3: S3Server) -> Iterator[RunningStack]:
    with open_folder("wiq-bucket-") as folder:
        running = RunningStack(folder / "state", WIQ_MEDIA_URL=s3.url("stack")).start()
        yield running
        running.stop()


def test_web_and_commands_of_a_stack_share_the_bucket(stack: RunningStack, s3: S3Server) -> None:
    assert stack.get("/health/ready").json()["files"] == "ok"
    schema, name = stack.manage(KEEP).split()[-2:]
    assert f"stack/{schema}/{name}" in s3.listed("stack/")
    assert not list(stack.state.glob("media/*"))
    for small, kind in (("", "JPEG"), ("160.webp", "WEBP")):
        content = fetched(stack, f"/medien/quartier/logo/{small}")
        assert Image.open(io.BytesIO(content)).format == kind
    log = (stack.state / "log" / "web.log").read_text()
    assert s3.url("stack") not in log


def fetched(stack: RunningStack, path: str) -> bytes:
    """Return the bytes of a picture, over the real web server."""
    request = urllib.request.Request(f"http://127.0.0.1:{stack.port}{path}", headers={"Host": WEST})
    with urllib.request.urlopen(request, timeout=20) as answer:
        content: bytes = answer.read()
        assert int(answer.headers["Content-Length"]) == len(content)
    return content
