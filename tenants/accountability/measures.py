"""Measures of security (Art. 32 GDPR), each with the test that shows it.

``shown_by`` is a test below ``tests/``, by its name: a file alone shows nothing to whoever asks
"and how do I know?". A test of the house looks whether it is there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measure: which aim of Art. 32 it serves, what it is, what shows it."""

    aim: str
    words: str
    shown_by: str


# Art. 32 (1) a and b: pseudonymisation, encryption, confidentiality.
_SECRET = "Vertraulichkeit (Art. 32 Abs. 1 Buchst. a und b)"  # noqa: S105
# Art. 32 (1) b: integrity.
_WHOLE = "Integrität (Art. 32 Abs. 1 Buchst. b)"
# Art. 32 (1) b and c: availability and restoring.
_THERE = "Verfügbarkeit und Wiederherstellung (Art. 32 Abs. 1 Buchst. b und c)"
# Art. 25 GDPR: by design and by default.
_SPARSE = "Datenschutz durch Technik und Voreinstellungen (Art. 25)"
# Art. 32 (1) d: regular testing.
_TESTED = "Regelmäßige Überprüfung (Art. 32 Abs. 1 Buchst. d)"

MEASURES = (
    Measure(
        _SECRET, "Jedes Quartier hat ein eigenes Datenbankschema und eine eigene Datenbankrolle, die kein anderes liest.",
        "isolation/test_database_roles.py::test_sql_by_hand_in_one_district_is_refused_elsewhere",
    ),
    Measure(
        _SECRET, "Koordination und Projektteam richten beim Anmelden einen zweiten Schritt oder einen Passkey ein, spätestens nach zwei Wochen.",
        "accounts/test_second_step.py::test_coordination_is_asked_at_once_and_led_there_after_two_weeks",
    ),
    Measure(
        _SECRET, "Wer Kennwörter durchprobiert, wird nach hundert Versuchen überall gebremst; bekannte Browser kommen weiter hinein.",
        "accounts/test_guesses.py::test_guesses_from_everywhere_stop_strangers_after_a_hundred_and_no_known_browser",
    ),
    Measure(
        _SECRET, "Jede Rolle darf, was ihre Arbeit braucht, und nicht mehr: Die Redaktion sieht weder Anfragen noch Einwilligungen.",
        "accounts/test_desk.py::test_editors_have_people_but_neither_requests_nor_consents",
    ),
    Measure(
        _SECRET, "Die Seiten gibt es nur verschlüsselt (HTTPS). Wer ohne Verschlüsselung kommt, wird umgeleitet.",
        "deploy/test_image.py::test_the_image_serves_a_district_over_tls_and_sends_everybody_else_there",
    ),
    Measure(
        _SECRET, "Die Merkliste dessen, was gelöscht wurde, nennt niemanden: Sie enthält nur Prüfsummen.",
        "erasures/test_restore.py::test_the_ledger_names_nobody_and_is_the_owners_alone",
    ),
    Measure(
        _SECRET, "Jede Adresse der Anwendung ist mit jeder Rolle und jeder Methode daraufhin geprüft, was sie zeigt.",
        "isolation/test_walk.py::test_a_sample_with_every_route_role_and_method_finds_nothing",
    ),
    Measure(
        _SECRET, "Schlüssel, Kennwörter und Sitzungen liegen gehasht oder verschlüsselt in der Datenbank.",
        "accounts/test_sessions.py::test_what_the_database_keeps_signs_nobody_in",
    ),
    Measure(
        _SECRET, "Das Projektteam sieht Daten eines Quartiers nur in einem Besuch: mit Grund, höchstens vier Stunden, im Protokoll des Quartiers.",
        "lifecycle/test_support.py::test_both_logs_say_who_visits_why_and_for_how_long",
    ),
    Measure(
        _WHOLE, "Das Protokoll hält fest, wer was geändert oder gelesen hat. Die Anwendung kann es nicht umschreiben.",
        "ground/test_audit.py::test_nobody_but_the_owner_rewrites_the_audit_log",
    ),
    Measure(
        _WHOLE, "Bilder und Filme von außen werden in einem abgeschotteten Prozess neu gezeichnet; Anhänge von E-Mails öffnet die Plattform nie.",
        "hostile/test_uploads.py::test_what_is_no_picture_for_a_page_is_refused_in_words",
    ),
    Measure(
        _THERE, "Keine Anfrage geht verloren: Nachricht und E-Mail entstehen in einer Transaktion, auch nach einem Absturz wird zugestellt.",
        "faults/test_faults.py::test_worker_killed_while_sending_loses_nothing",
    ),
    Measure(
        _THERE, "Sicherungen sind mit Schlüsseln verschlüsselt, die der Server nicht hat. Nach einem Rückspielen wird erneut gelöscht, was seitdem gelöscht wurde.",
        "deploy/test_encrypted_backup.py::test_a_backup_is_no_leak_and_brings_nobody_back",
    ),
    Measure(
        _SPARSE, "Wer nur liest oder schreibt, bekommt kein Cookie.",
        "contact/test_form.py::test_no_cookie_is_set_for_somebody_who_reads_and_writes",
    ),
    Measure(
        _SPARSE, "Die Protokolle der Anwendung enthalten keine IP-Adressen, E-Mail-Adressen und Telefonnummern.",
        "ground/test_ground.py::test_logs_keep_no_personal_data",
    ),
    Measure(
        _SPARSE, "Der Webserver, der mit der Anwendung kommt, schreibt kein Protokoll der Zugriffe.",
        "accountability/test_folder.py::test_the_web_server_that_comes_along_keeps_no_log_of_readers",
    ),
    Measure(
        _SPARSE, "Gezeigt wird nur, wofür eine Einwilligung verzeichnet ist; ein Widerruf wirkt sofort.",
        "people/test_consents.py::test_no_page_shows_a_picture_without_its_own_consent",
    ),
    Measure(
        _SPARSE, "Gelöscht wird jede Nacht von selbst, nach den Fristen des Löschkonzepts.",
        "accountability/test_terms.py::test_what_is_shown_is_done",
    ),
    Measure(
        _TESTED, "Die Anforderungen des OWASP ASVS 5.0, Stufen 1 und 2, stehen Zeile für Zeile mit ihrem Test in der Dokumentation.",
        "house/test_security_page.py::test_every_requirement_of_levels_1_and_2_stands_there_once",
    ),
    Measure(
        _TESTED, "Bekannte Lücken in fremder Software werden bei jeder Änderung abgefragt.",
        "house/test_dependencies.py::test_a_known_hole_fails_and_is_named_with_the_version_that_mends_it",
    ),
)  # fmt: skip
