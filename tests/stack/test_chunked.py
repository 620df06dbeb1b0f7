"""Bodies that come in chunks, without a length before them: read within the limit, never as empty."""

import json
import socket

from tests.stack.running import RunningStack

HOST = "leipziger-westen.localhost"


def post(stack: RunningStack, chunks: list[bytes]) -> tuple[int, str]:
    """Post to the API in chunks (RFC 9112, 7.1); return status and answer."""
    head = (
        f"POST /api/v1/contact-requests/ HTTP/1.1\r\nHost: {HOST}:{stack.port}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
        f"X-Forwarded-For: 198.18.0.{len(chunks)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(head.encode())
        for chunk in (*chunks, b""):
            try:
                connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            except OSError:  # refused already
                break
        said = b""
        while got := connection.recv(65_536):
            said += got
    answer = said.decode()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]


def body(message: str) -> bytes:
    return json.dumps({
        "name": "Erika Beispiel", "email": "stueck@reise.example", "message": message,
        "privacy_acknowledged": True,
    }).encode()  # fmt: skip


def test_a_request_in_chunks_is_a_request(stack: RunningStack) -> None:
    whole = body("Guten Tag, das kommt in Stücken.")
    status, answer = post(stack, [whole[:20], whole[20:50], whole[50:]])
    assert status == 201, answer
    assert "reference" in answer


def test_too_much_in_chunks_is_too_much(stack: RunningStack) -> None:
    status, _answer = post(stack, [b"x" * 600_000, b"x" * 600_000])
    assert status == 413


def test_nothing_in_chunks_is_said_to_be_nothing(stack: RunningStack) -> None:
    status, answer = post(stack, [])
    assert status == 400
    assert "errors" in answer
