"""Public pages come from memory and are right at once after every write, on the real server."""

import gzip
import http.client
import http.cookiejar
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable

import brotli
import pytest
import redis

from tests.stack.running import Answer, RunningStack, eventually
from tests.stack.test_run import run

WEST = "leipziger-westen.localhost"
EMAIL = "koordination@leipziger-westen.wiq.example"
PASSWORD = "ein Kennwort zum Probieren"
TEAM = "/loesungsteams/leipzig-giesst/"


@pytest.fixture(scope="module")
def token(stack: RunningStack) -> str:
    state = str(stack.state)
    result = run("manage", "create_api_token", "--district", "leipziger-westen", EMAIL,
                 WIQ_STATE=state)  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()[-1]


def warm(stack: RunningStack, path: str = TEAM) -> Answer:
    """Ask twice, so that the second answer comes from memory; return it."""
    first, second = stack.get(path, WEST), stack.get(path, WEST)
    assert first.status == second.status == 200
    assert first.headers["ETag"]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    return second


def test_a_page_that_the_visitor_has_is_answered_with_304(stack: RunningStack) -> None:
    etag = warm(stack).headers["ETag"]
    again = stack.get(TEAM, WEST, **{"If-None-Match": etag})
    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == etag
    assert stack.get(TEAM, WEST, **{"If-None-Match": f'W/{etag}, "other"'}).status == 304
    assert stack.get(TEAM, WEST, **{"If-None-Match": '"other"'}).status == 200


def test_memory_knows_district_language_and_query(stack: RunningStack) -> None:
    answers = {
        (host, path): warm_on(stack, host, path)
        for host in (WEST, "leipziger-osten.localhost")
        for path in ("/", "/en/", "/loesungsteams/", "/loesungsteams/?q=marianne")
    }
    assert len({answer.text for answer in answers.values()}) == 8
    assert "Marianne" not in "".join(a.text for (host, _), a in answers.items() if host == WEST)


def warm_on(stack: RunningStack, host: str, path: str) -> Answer:
    stack.get(path, host)
    return stack.get(path, host)


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl: urllib speaks no HTTP/2")
def test_over_http_2_each_host_gets_its_own_page(stack: RunningStack) -> None:
    def asked(host: str) -> str:
        command = ["curl", "-s", "--http2-prior-knowledge", "-w", "%{http_version}",
                   "--connect-to", f"{host}:{stack.port}:127.0.0.1:{stack.port}",
                   f"http://{host}:{stack.port}/loesungsteams/"]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert said.endswith("2")
        return said

    hosts = (WEST, "leipziger-osten.localhost")
    first = {host: asked(host) for host in hosts}
    for _time in range(3):
        assert {host: asked(host) for host in hosts} == first
    assert [re.findall("<title>.*Leipziger (West|Ost)en</title>", first[host]) for host in hosts] == [
        ["West"], ["Ost"],
    ]  # fmt: skip


def test_a_cached_page_keeps_its_headers(stack: RunningStack) -> None:
    headers = warm(stack).headers
    for name in ("Content-Security-Policy", "X-Frame-Options", "Content-Language",
                 "X-Content-Type-Options", "Permissions-Policy"):  # fmt: skip
        assert name in headers
    assert "Set-Cookie" not in headers


def test_a_session_in_the_second_of_two_cookie_headers_is_seen(stack: RunningStack) -> None:
    warm(stack)
    asking = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
    asking.putrequest("GET", TEAM, skip_host=True)
    for name, value in (("Host", WEST), ("Cookie", "hell=1"), ("Cookie", "session=x")):
        asking.putheader(name, value)
    asking.endheaders()
    # Django answers, and notes no tag: only what lies in memory has one.
    assert asking.getresponse().headers["ETag"] is None
    asking.close()


def test_a_page_comes_packed_without_a_proxys_help(stack: RunningStack) -> None:
    plain = warm(stack).text
    for form, unpacked in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        for _first_and_from_memory in range(2):
            url = f"http://127.0.0.1:{stack.port}{TEAM}"
            headers = {"Host": WEST, "Accept-Encoding": form}
            asked = urllib.request.Request(url, headers=headers)
            with urllib.request.urlopen(asked, timeout=20) as answer:
                assert answer.headers["Content-Encoding"] == form
                assert unpacked(answer.read()).decode() == plain


def test_pages_with_a_secret_or_a_form_are_never_kept(stack: RunningStack) -> None:
    for path in ("/kontakt/", "/idee/", "/anmelden/", "/api/v1/teams/", "/gibt-es-nicht/"):
        assert "ETag" not in stack.get(path, WEST).headers


def test_a_write_by_api_is_seen_at_once(stack: RunningStack, token: str) -> None:
    for number in range(3):
        warm(stack)
        warm(stack, "/neuigkeiten/")
        text = f"Nummer {number} ist gegossen."
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/v1{TEAM.replace('loesungsteams', 'solution-teams')}updates/"
        assert stack.get(path, WEST, {"text": text}, **headers).status == 201
        for page in (TEAM, "/neuigkeiten/", "/neuigkeiten/feed/", "/"):
            assert text in stack.get(page, WEST).text


def test_a_web_server_whose_subscription_broke_is_right_at_once(
    stack: RunningStack, token: str
) -> None:
    valkey = redis.Redis.from_url(stack.announced()["REDIS_URL"])
    path = f"/api/v1{TEAM.replace('loesungsteams', 'solution-teams')}"
    for number in range(3):
        warm(stack)
        assert valkey.client_kill_filter(_type="pubsub") >= 1
        body = {"place": f"Ort {number}"}
        headers = {"Authorization": f"Bearer {token}"}
        assert stack.get(path, WEST, body, method="PATCH", **headers).status == 200
        assert f"Ort {number}" in stack.get(TEAM, WEST).text
        assert f"Ort {number}" in warm(stack).text


class Desk:
    """A coordinator's browser, without the browser."""

    def __init__(self, stack: RunningStack, host: str = WEST, email: str = EMAIL) -> None:
        self.root = f"http://127.0.0.1:{stack.port}"
        self.host = f"{host}:{stack.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.post("/anmelden/", login=email, password=PASSWORD)

    def get(self, path: str) -> str:
        request = urllib.request.Request(self.root + path, headers={"Host": self.host})
        return str(self.opener.open(request, timeout=20).read().decode())

    def post(self, path: str, **fields: str) -> str:
        form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert form is not None
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": form[1]}).encode()
        headers = {"Host": self.host, "Origin": f"http://{self.host}"}
        request = urllib.request.Request(self.root + path, data, headers)
        return str(self.opener.open(request, timeout=20).read().decode())


def test_a_write_at_the_desk_is_seen_at_once(stack: RunningStack) -> None:
    desk = Desk(stack)
    path = "/koordination/solutions/solutionteam/?q=leipzig+giesst"
    number = re.search(r'name="_selected_action" value="(\d+)"', desk.get(path))
    assert number is not None
    assert "Noch nicht bestätigt" in warm(stack).text
    desk.post(path, action="confirm", _selected_action=number[1], index="0")
    assert "Zuletzt bestätigt am" in stack.get(TEAM, WEST).text


def test_a_write_by_page_and_by_command_is_seen_at_once(stack: RunningStack, token: str) -> None:
    path = "/api/v1/solution-teams/waldweg/"
    headers = {"Authorization": f"Bearer {token}"}
    body = {
        "contact_email": "waldweg@wiq.example",
        "status": "running",
        "status_date": "2022-01-01",
        "status_reason": "Es geht weiter.",
    }
    assert stack.get(path, WEST, body, method="PATCH", **headers).status == 200
    page = "/loesungsteams/waldweg/"
    assert "läuft" in warm(stack, page).text
    link = asked(stack, "waldweg@wiq.example")
    before = warm(stack, page).text
    assert "Stand der Liste" not in before
    form = {"antwort": "stimmt"}
    assert "Danke!" in stack.post_form(link, WEST, form).text
    assert "Zuletzt bestätigt am" in stack.get(page, WEST).text


def asked(stack: RunningStack, address: str) -> str:
    """Let the desk ask a solution team's contact, and return the path in the mail."""
    desk = Desk(stack)
    path = "/koordination/solutions/solutionteam/?q=waldweg"
    number = re.search(r'name="_selected_action" value="(\d+)"', desk.get(path))
    assert number is not None
    desk.post(path, action="ask", _selected_action=number[1], index="0")

    def found() -> str | None:
        for file in (stack.state / "mail" / "new").iterdir():
            text = file.read_bytes().replace(b"=\n", b"").decode()
            match = re.search(r"/loesungsteams/stimmt-das-noch/[\w:-]+/", text)
            if address in text and match:
                return match[0]
        return None

    return str(eventually(found, 15, "the question"))


@pytest.mark.parametrize(("state", "status"), [("suspended", 503), ("hidden", 404)])
@pytest.mark.thorough
def test_a_district_that_closes_is_closed_at_once(
    stack: RunningStack, state: str, status: int
) -> None:
    def move(how: str) -> None:
        code = (
            "from tenants.districts import moves; from tenants.districts.models import District;"
            f"moves.{how}"
        )
        result = run("manage", "shell", "-c", code, WIQ_STATE=str(stack.state))
        assert result.returncode == 0, result.stderr

    osten = "District.objects.get(slug='leipziger-osten')"
    get: Callable[[], Answer] = lambda: stack.get("/", "leipziger-osten.localhost")  # noqa: E731
    warm_on(stack, "leipziger-osten.localhost", "/")
    move(f"move({osten}, '{state}', actor='test')")
    try:
        assert get().status == status
    finally:
        move(f"publish_on_the_operators_word({osten}, actor='test')")
    assert get().status == 200
