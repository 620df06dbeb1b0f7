"""Mails that no program writes, to an address that looks like one of ours."""

TO = "anfrage+aaaaaaaaaaaaaaaa@localhost"


def nested(depth: int) -> bytes:
    """Return a mail whose parts stand in each other, so many deep."""
    heads = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"To: {TO}\n{''.join(heads)}\nHallo\n".encode()


def parted(count: int) -> bytes:
    """Return a mail of so many empty parts."""
    head = f'To: {TO}\nContent-Type: multipart/mixed; boundary="x"\n\n'
    return head.encode() + b"--x\n\n\n" * count + b"--x--\n"


def lined(count: int) -> bytes:
    """Return a mail of so many short lines."""
    return f"To: {TO}\n\n".encode() + b"a\n" * count


def addressed(count: int) -> bytes:
    """Return a mail to so many addresses that look like ours."""
    heads = (f"To: anfrage+a{number:039}@localhost\n" for number in range(count))
    return f"{''.join(heads)}\nHallo\n".encode()


HOSTILE = {"nested": nested(3_000), "parted": parted(6_000), "lined": lined(1_100_000)}
