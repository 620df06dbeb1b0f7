"""Traces where nobody asked for them, and what is said where they can't be sent."""

from wiq.traces import tracing

TO_RECEIVER = {tracing.ENDPOINTS[0]: "http://127.0.0.1:4318"}


def test_without_a_receiver_a_task_is_sent_and_run_as_before() -> None:
    with tracing.sending("a.task", "mail") as headers, tracing.running("a.task", "mail", headers):
        assert headers == {}
    assert not tracing.are_wanted({tracing.ENDPOINTS[0]: ""})
    assert tracing.objection({}) == ""


def test_what_keeps_traces_from_being_sent_is_said_before_anything_starts() -> None:
    assert tracing.are_wanted(TO_RECEIVER)
    assert "requirements/prod.txt" in tracing.objection(TO_RECEIVER)
    assert "http/protobuf" in tracing.objection(TO_RECEIVER | {tracing.PROTOCOLS[0]: "grpc"})
