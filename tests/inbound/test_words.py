"""What a mail says, apart from what it quotes; hostile mails take no time."""

import time
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from wiq.inbound.attachments import attached_to
from wiq.inbound.words import MARKS, apart, text_of_html, words_of

MARK = f"---- {MARKS['de']} ----"
QUOTING = {
    "Thunderbird": "Am 30.11.26 um 19:50 schrieb Wir im Quartier:\n> Guten Tag\n",
    "Gmail": "Am Mo., 30. Nov. 2026 um 19:50 Uhr schrieb Wir im Quartier <\npost@wiq.example>:\n\n> Tag\n",
    "Apple": "> Am 30.11.2026 um 19:50 schrieb Wir im Quartier <post@wiq.example>:\n> \n> Tag\n",
    "Apple, English": "On 30. Nov 2026, at 19:50, Wir im Quartier <post@wiq.example> wrote:\n> Tag\n",
    "Outlook": "Von: Wir im Quartier <post@wiq.example>\nGesendet: Montag\nAn: E\nBetreff: A\n\nTag\n",
    "Outlook on the web": "________________________________\nVon: WiQ\nGesendet: Mo\nAn: E\n\nTag\n",
    "GMX": "Gesendet: Montag, 30. November 2026 um 19:50 Uhr\nVon: WiQ\nAn: e@b.example\nTag\n",
    "GMX on the phone": "Wir im Quartier <post@wiq.example> schrieb am Mo. 30. Nov. 2026 um 19:50:\n\n> Tag\n",
    "Samsung": "-------- Ursprüngliche Nachricht --------\nVon: WiQ\nDatum: 30.11.26\nAn: E\n\nTag\n",
    "one that nobody knows": f"so sprach WiQ\n{MARK}\nTag\n",
}  # fmt: skip


@pytest.mark.parametrize("program", QUOTING)
def test_what_a_program_quotes_is_set_apart(program: str) -> None:
    found = apart(f"Guten Tag,\n\nja, am Freitag.\n\nErika\n\n{QUOTING[program]}")
    assert found.text.removesuffix("\n\nso sprach WiQ") == "Guten Tag,\n\nja, am Freitag.\n\nErika"
    assert "Tag" in found.quoted


@pytest.mark.parametrize("program", ["Thunderbird", "Gmail", "Apple, English"])
def test_what_stands_above_a_quotation_is_not_said_twice(program: str) -> None:
    """Our own mark stands in the quotation of every ordinary answer."""
    found = apart(f"Ja, am Freitag.\n\n{QUOTING[program]}> {MARK}\n> Wann?\n")
    assert found.text == "Ja, am Freitag."
    assert "Freitag" not in found.quoted
    assert "Wann?" in found.quoted


def test_answers_below_and_between_quotations_are_found() -> None:
    header = "Am 30.11.26 um 19:50 schrieb Wir im Quartier:\n"
    below = apart(f"{header}> {MARK}\n> Wann?\n\nAm Freitag.\n")
    assert below.text == "Am Freitag."
    between = apart("> Wann?\n\nAm Freitag.\n\n> Wo?\n\nAm Kanal.")
    assert between.text == "Am Freitag.\n\nAm Kanal."
    assert "> Wo?" in between.quoted
    assert apart("Nur ein Satz.") == type(between)("Nur ein Satz.", "")


def test_a_mail_in_html_alone_is_read_as_text() -> None:
    mail = EmailMessage()
    mail.set_content(
        "<style>p{}</style><p>Ja, <b>gern</b>.</p><div>Erika</div><script>x()</script>"
        "<blockquote><p>Wann?</p></blockquote>", subtype="html",
    )  # fmt: skip
    assert words_of(message_from_bytes(mail.as_bytes())).text == "Ja, gern.\nErika"


@pytest.mark.parametrize(
    "text",
    ["On " * 6000, ("On " * 90 + "\n") * 70, "\n" * 20_000 + "-", "> " * 10_000, "Am " * 6000,
     "Von: a\n" * 3000, "<" * 20_000, ("Am Am schrieb" * 22 + "\n") * 70, "-" * 20_000],
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.process_time()
    apart(text)
    assert time.process_time() - began < 2


def test_quotation_marks_of_windows_are_read_though_the_mail_calls_them_latin() -> None:
    mail = b"Content-Type: text/plain; charset=iso-8859-1\n\n\x84Gern\x93 \x96 bis morgen\x81"
    assert words_of(message_from_bytes(mail)).text == "„Gern“ – bis morgen"


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "raw_unicode_escape", "rot13", "undefined"]
)
def test_no_word_for_letters_takes_time(charset: str) -> None:
    mail = f"Content-Type: text/plain; charset={charset}\n\nGern-".encode() + b"a" * 3_000_000
    began = time.process_time()
    assert words_of(message_from_bytes(mail)).text.startswith("Gern-aaa")
    assert time.process_time() - began < 2


def test_what_html_does_not_say_is_not_read() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 5000}">'
    html = (
        f"<!DOCTYPE html><!-- a < b --><p>Ja, 3 < 4{picture} &amp; <b title='x'>gern</b>.<![endif]>"
    )
    assert text_of_html(html).strip() == "Ja, 3 < 4 & gern."


@pytest.mark.parametrize(
    "html",
    ["<!--" * 100_000, "<![CDATA[" * 40_000, "<a " * 130_000, "</a" * 130_000, "<" * 400_000,
     "<a x='" * 60_000, "<script>" * 50_000, "&#" * 200_000, "<?" * 200_000, "<![x[>" * 60_000,
     f"<{'a x=' * 700}>" * 140, "<!-->" * 80_000],
)  # fmt: skip
def test_hostile_html_takes_no_time(html: str) -> None:
    began = time.process_time()
    text_of_html(html)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('filename="../../etc/passwd"', "etc passwd"),
        ("filename*=utf-8''a%E2%80%AEgnp.exe", "a gnp.exe"),
        ("filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ('filename="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="', "Grüße.pdf"),
        (f'filename="{"a" * 300}.pdf"', f"{'a' * 108}.pdf"),
        ('filename="=?utf-8?b?A?="', "= utf-8 b A ="),
        ("", "Anhang 1"),
    ],
)
def test_the_name_of_a_file_is_only_a_name(field: str, name: str) -> None:
    head = f"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment; {field}\n\n%PDF\n--x--\n"
    (file,) = attached_to(message_from_bytes(head.encode()))
    assert (file.name, file.content) == (name, b"%PDF")
