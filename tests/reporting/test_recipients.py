"""The file of recipients: what is wrong in it is one sentence, and nothing of an address is ever shown that may be a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.errors import InputError
from reports.notices.recipients import EVERYONE, for_incubator, read_recipients

SECRETS = ("s3cr3t", "jeton-abcdef", "motdepasse", "0123456789abcdef")


def read(tmp_path: Path, text: str, **environment: str):
    path = tmp_path / "destinataires.toml"
    path.write_text(text, "utf-8")
    return read_recipients(path, environment)


@pytest.mark.parametrize(
    "url,shown",
    [
        ("mmosts://chat.example.org/jeton-abcdef", "mmosts://chat.example.org/…"),
        ("mmosts://bot@chat.example.org:8065/chemin/jeton-abcdef?channel=x", "mmosts://chat.example.org/…"),
        ("matrixs://agent:motdepasse@matrix.example.org/#salon", "matrixs://matrix.example.org/…"),
        ("matrix://0123456789abcdef0123456789abcdef/?mode=t2bot", "matrix://…/…"),
        ("jsons://u:motdepasse@a.fr/jeton-abcdef?+X-Token=s3cr3t", "jsons://a.fr/…"),
        ("json://localhost:8080/x", "json://localhost/…"),
        ("mailtos://u:motdepasse@smtp.a.fr?to=b@c.fr&cc=d@e.fr&from=s3cr3t", "mailtos://smtp.a.fr/… (b@c.fr, d@e.fr)"),
        ("mailtos://u:motdepasse@smtp.a.fr/b%40c.fr", "mailtos://smtp.a.fr/… (b@c.fr)"),
        ("slack://jeton-abcdef.x/0123456789abcdef", "slack://…"),
        ("JSON://a.fr/s3cr3t", "json://a.fr/…"),
        ("json://[::1/s3cr3t", "json://…/…"),
        ("s3cr3t", "…"),
        ("s3cr3t jeton-abcdef://x", "…"),
        ("https://a.fr/hooks/s3cr3t", "https://…"),
    ],
)
def test_only_what_cannot_be_a_secret_is_shown(tmp_path: Path, url: str, shown: str):
    (address,) = read(tmp_path, f'dinum = ["{url}"]')["dinum"]

    assert (address.url, address.shown) == (url, shown)
    assert not [secret for secret in SECRETS if secret in repr(address) or secret in str(address)]


def test_two_addresses_that_read_alike_are_told_apart(tmp_path: Path):
    found = read(tmp_path, 'dinum = ["mmosts://a.fr/un", "mmosts://a.fr/deux", "mmosts://b.fr/trois"]')

    assert [address.shown for address in found["dinum"]] == [
        "mmosts://a.fr/…",
        "mmosts://a.fr/… (2)",
        "mmosts://b.fr/…",
    ]


def test_who_reads_a_mail_is_shown_and_never_kept(tmp_path: Path):
    (address,) = read(tmp_path, 'dinum = ["mailtos://u:motdepasse@smtp.a.fr?to=b@c.fr"]')["dinum"]

    assert (address.shown, address.name) == ("mailtos://smtp.a.fr/… (b@c.fr)", "mailtos://smtp.a.fr/…")


def test_everyone_has_a_copy_once(tmp_path: Path):
    found = read(tmp_path, 'dinum = ["json://a.fr/1"]\n"*" = ["json://a.fr/1", "json://b.fr/2"]')

    assert [address.url for address in for_incubator(found, "dinum")] == ["json://a.fr/1", "json://b.fr/2"]
    assert [address.url for address in for_incubator(found, "anct")] == ["json://a.fr/1", "json://b.fr/2"]
    assert len(found[EVERYONE]) == 2


def test_variables_keep_secrets_out_of_the_file(tmp_path: Path):
    text = 'dinum = ["json://u:${MOT}@a.fr/${MOT}", "${TOUT}", "json://a.fr/$MOT"]'
    found = read(tmp_path, text, MOT="p@s/s%20 é", TOUT="json://b.fr/x?y=1")

    assert [address.url for address in found["dinum"]] == [
        "json://u:p%40s%2Fs%2520%20%C3%A9@a.fr/p%40s%2Fs%2520%20%C3%A9",
        "json://b.fr/x?y=1",
        "json://a.fr/$MOT",
    ]


@pytest.mark.parametrize(
    "text,said",
    [
        ("dinum = ", "n'est pas du TOML (at"),
        ('dinum = "json://s3cr3t"', "« dinum » : attendu une liste d'adresses"),
        ("dinum = [1]", "attendu une liste d'adresses"),
        ('dinum = ["  "]', "attendu une liste d'adresses"),
        ('[dinum]\na = ["json://s3cr3t"]', "attendu une liste d'adresses"),
        (
            'dinum = ["json://a.fr", "json://s3cr3t/${RIEN}"]',
            "« dinum », adresse 2 : la variable d'environnement RIEN manque",
        ),
        ('dinum = ["json://s3cr3t/${VIDE}"]', "la variable d'environnement VIDE manque ou est vide"),
        ('dinum = ["json://s3cr3t"', "n'est pas du TOML (at"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, text: str, said: str):
    with pytest.raises(InputError) as error:
        read(tmp_path, text, VIDE="")

    assert said in str(error.value)
    assert "destinataires.toml" in str(error.value)
    assert not [secret for secret in SECRETS if secret in str(error.value)]
    assert len(str(error.value).splitlines()) == 1


def test_a_file_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(InputError, match="ne peut pas être lu"):
        read_recipients(tmp_path / "rien.toml", {})
    (tmp_path / "latin.toml").write_bytes('é = ["x"]'.encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_recipients(tmp_path / "latin.toml", {})


@pytest.mark.parametrize(
    "url",
    ["mailtos://agent:abc/motdepasse@smtp.a.fr?to=b@c.fr", "mailtos://prenom.nom:abc/motdepasse@smtp.a.fr?to=b@c.fr"],
)
def test_the_end_of_a_password_that_holds_a_slash_is_no_mailbox(tmp_path: Path, url: str):
    (address,) = read(tmp_path, f'dinum = ["{url}"]')["dinum"]

    assert address.mailboxes == ("b@c.fr",)


def test_the_mark_that_editors_put_first_is_no_part_of_the_file(tmp_path: Path):
    assert read(tmp_path, '\ufeffdinum = ["json://a.fr/"]').keys() == {"dinum"}


@pytest.mark.parametrize("text", [f"dinum = {'[' * 5000}", f"dinum = {'1' * 5000}"])
def test_what_the_reader_of_toml_chokes_on_is_one_sentence(tmp_path: Path, text: str):
    with pytest.raises(InputError, match=r"n'est pas du TOML : corrigez-le\.$"):
        read(tmp_path, text)


def test_a_variable_may_hold_any_bytes_and_its_end_of_line(tmp_path: Path):
    found = read(tmp_path, 'dinum = ["json://${A}@a.fr/", "${B}"]', A="\udcff\n", B="json://b.fr/\n")["dinum"]

    assert [address.url for address in found] == ["json://%FF%0A@a.fr/", "json://b.fr/"]


def test_an_address_in_the_place_of_an_incubator_is_not_quoted(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        read(tmp_path, '"mmosts://chat.a.fr/jeton-abcdef" = "dinum"')

    assert "jeton-abcdef" not in str(raised.value)
