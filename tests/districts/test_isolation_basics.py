"""What belongs to one district is worth nothing in another."""

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.test import Client

from tests.cast import District
from wiq.signing import words


def test_a_session_of_one_district_is_none_in_the_other(nord: District, sued: District) -> None:
    cookies = nord.signed_in("coordinator").cookies
    thief = sued.client()
    thief.cookies = cookies
    assert thief.get("/koordination/").status_code == 302
    platform = Client(headers={"host": "localhost"})
    platform.cookies = cookies
    assert platform.get("/plattform/").status_code == 302


def test_the_cache_keeps_districts_apart(nord: District, sued: District) -> None:
    with nord.inside():
        cache.set("greeting", "Moin")
    with sued.inside():
        assert cache.get("greeting") is None
    with nord.inside():
        assert cache.get("greeting") == "Moin"


def test_files_of_districts_lie_apart(nord: District, sued: District) -> None:
    with nord.inside():
        name = default_storage.save("a.txt", ContentFile(b"nord"))
        assert nord.row.schema_name in default_storage.path(name)
    with sued.inside():
        assert not default_storage.exists("a.txt")
        with pytest.raises(Exception, match="outside"):
            default_storage.open(f"../{nord.row.schema_name}/a.txt")


def test_a_signed_word_is_worth_something_in_one_district_for_one_purpose(
    nord: District, sued: District
) -> None:
    with nord.inside():
        word = words.sign("a", 7)
        assert words.unsign("a", word, days=1) == 7
        with pytest.raises(BadSignature):
            words.unsign("b", word, days=1)
    with sued.inside(), pytest.raises(BadSignature):
        words.unsign("a", word, days=1)


def test_a_password_reset_of_one_district_does_not_work_in_the_other(
    nord: District, sued: District
) -> None:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    from wiq.accounts.models import User

    with nord.inside():
        user = User.objects.get(email="coordinator@nord.example")
        path = f"/anmelden/passwort/neu/{user_pk_to_url_str(user)}-"
        path += default_token_generator.make_token(user) + "/"
    assert nord.client().get(path).status_code == 302
    response = sued.client().get(path, follow=True)
    assert b"password1" not in response.content
