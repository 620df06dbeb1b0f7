"""Mail both ways through real servers: Postfix, Dovecot, signatures, and the whole stack.

    .venv/bin/python -m bench.ways [MAILS]   how long an answer takes, by IDLE and by webhook

``bench.ways.machine`` is the proof that nothing is lost (tests/faults/test_mail_ways.py).
"""
