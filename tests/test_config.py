from pathlib import Path

import pytest

from fitsvc.config import DEMO_SECRET_KEY, ConfigError, read_config
from tests.keys import DATA_KEYS

GOOD = {
    "FITSVC_DATABASE_URL": "postgresql://fitsvc:secret@db/fitsvc",
    "FITSVC_DATA_KEYS": DATA_KEYS,
    "FITSVC_SECRET_KEY": "x" * 48,
    "FITSVC_BASE_URL": "https://maaling.kommune.example/",
}


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        read_config({})
    named = {line.split(":")[0] for line in refused.value.problems}
    assert named == set(GOOD)


def test_good_settings_become_a_frozen_record() -> None:
    config = read_config(GOOD)
    assert config.base_url == "https://maaling.kommune.example"
    assert config.database_url == "postgresql+psycopg://fitsvc:secret@db/fitsvc"
    assert config.is_https
    with pytest.raises(AttributeError):
        config.demo = True  # type: ignore[misc]


def test_the_secret_is_not_in_the_records_text() -> None:
    assert GOOD["FITSVC_SECRET_KEY"] not in repr(read_config(GOOD))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "not an address"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", DEMO_SECRET_KEY),
        ("BASE_URL", "maaling.kommune.example"),
        ("BASE_URL", "https://maaling.kommune.example/under/path"),
        ("BASE_URL", "https://user:password@maaling.kommune.example"),
        ("BASE_URL", "ftp://maaling.kommune.example"),
        ("INSTRUMENT_PACKS", "/no/such/folder"),
        ("DEMO", "yes"),
        ("LINK_DAYS", "0"),
        ("LINK_DAYS", "many"),
        ("RETENTION_MONTHS", "-1"),
        ("TRUSTED_PROXIES", "9"),
        ("LIMITS_URL", "memcached://localhost"),
        ("LIMITS_URL", "redis://"),
        ("SMTP_URL", "https://mail.kommune.example"),
        ("SMTP_URL", "smtp://user-without-password@mail.kommune.example"),
        ("MAIL_FROM", "nobody"),
        ("KOMMUNE_NAME", "n" * 61),
        ("KOMMUNE_PHONE", "12\x0034"),
    ],
)
def test_a_wrong_setting_is_named_and_a_secret_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(GOOD | {f"FITSVC_{name}": value})
    (problem,) = refused.value.problems
    assert problem.startswith(f"FITSVC_{name}: not usable; expected ")
    assert name != "SECRET_KEY" or value not in problem


def test_a_misspelt_setting_is_named() -> None:
    with pytest.raises(ConfigError, match="FITSVC_DATABSE_URL: not a setting"):
        read_config(GOOD | {"FITSVC_DATABSE_URL": "sqlite:///x"})


def test_a_demo_needs_no_settings_and_outside_it_the_demo_secret_is_refused() -> None:
    assert read_config({"FITSVC_DEMO": "1"}).secret_key == DEMO_SECRET_KEY
    with pytest.raises(ConfigError, match="FITSVC_SECRET_KEY"):
        read_config(GOOD | {"FITSVC_SECRET_KEY": DEMO_SECRET_KEY})


MAPPING = """
[person]
name = "name"
email = "email"
[roles]
claim = ["realm_access", "roles"]
values = { "Behandler" = "practitioner", "Leder" = ["authority_leader", "caseworker"] }
[units]
claim = "department"
values = { "4711" = "Familiehuset" }
[assurance]
claim = "https://data.gov.dk/concept/core/nsis/loa"
accepted = ["Substantial", "High"]
"""


def with_provider(tmp_path: Path, mapping: str = MAPPING) -> dict[str, str]:
    file = tmp_path / "mapping.toml"
    file.write_text(mapping)
    return GOOD | {
        "FITSVC_OIDC_ISSUER": "https://login.kommune.example/realms/kommune",
        "FITSVC_OIDC_CLIENT_ID": "fitsvc",
        "FITSVC_OIDC_CLIENT_SECRET": "a-provider-secret",
        "FITSVC_OIDC_MAPPING": str(file),
    }


def test_the_kommunes_provider_is_read_with_its_mapping_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    config = read_config(with_provider(tmp_path) | {"FITSVC_LOCAL_PASSWORDS": "0"})
    assert config.kommune_provider is not None
    assert config.kommune_provider.mapping.role_claim == ("realm_access", "roles")
    assert not config.local_passwords
    assert "a-provider-secret" not in repr(config)


def test_the_providers_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    sent = with_provider(tmp_path)
    del sent["FITSVC_OIDC_CLIENT_SECRET"]
    (tmp_path / "secret").write_text("from-a-file\n")
    config = read_config(sent | {"FITSVC_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")})
    assert config.kommune_provider is not None
    assert config.kommune_provider.client_secret == "from-a-file"


def test_half_a_provider_is_refused_naming_what_is_missing() -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(GOOD | {"FITSVC_OIDC_CLIENT_ID": "fitsvc"})
    named = {line.split(":")[0] for line in refused.value.problems}
    assert named == {"FITSVC_OIDC_ISSUER", "FITSVC_OIDC_CLIENT_SECRET", "FITSVC_OIDC_MAPPING"}


@pytest.mark.parametrize(
    ("issuer", "is_taken"),
    [
        ("https://login.kommune.example/t/v2.0", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost/realms/k", True),
        ("http://login.kommune.example", False),
        ("http://localhost.example", False),
        ("https://user@login.kommune.example", False),
        ("https://login.kommune.example?tenant=1", False),
        ("login.kommune.example", False),
    ],
)
def test_an_issuer_without_https_is_taken_on_this_machine_only(
    tmp_path: Path, issuer: str, is_taken: bool
) -> None:
    sent = with_provider(tmp_path) | {"FITSVC_OIDC_ISSUER": issuer}
    if is_taken:
        assert read_config(sent).kommune_provider
    else:
        with pytest.raises(ConfigError, match="FITSVC_OIDC_ISSUER: not usable"):
            read_config(sent)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"practitioner"', '"wizard"', r"roles\.values\.Behandler: expected one of practitioner"),
        ('"Familiehuset"', "7", r"units\.values\.4711"),
        ('name = "name"', 'nmae = "name"', r"person\.name"),
        ("[units]", 'colour = "red"\n[units]', r"roles\.colour"),
        ("accepted = [", "accepted = [3, ", r"assurance\.accepted"),
        ("[person]", "[person", "expected valid TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told_where(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ConfigError, match=rf"FITSVC_OIDC_MAPPING: mapping\.toml: {named}"):
        read_config(with_provider(tmp_path, MAPPING.replace(old, new)))


def test_local_passwords_can_be_switched_off_only_where_there_is_another_way() -> None:
    with pytest.raises(ConfigError, match="FITSVC_LOCAL_PASSWORDS: not usable"):
        read_config(GOOD | {"FITSVC_LOCAL_PASSWORDS": "0"})


def test_a_mail_server_needs_a_sender_and_its_password_is_in_no_repr() -> None:
    server = {"FITSVC_SMTP_URL": "smtps://u:mail-secret-44@mail.kommune.example"}
    with pytest.raises(ConfigError):
        read_config(GOOD | server)
    config = read_config(GOOD | server | {"FITSVC_MAIL_FROM": "Kurven <kurven@kommune.example>"})
    assert config.mail_server is not None
    assert config.mail_server.password == "mail-secret-44"
    assert "mail-secret-44" not in repr(config)
    assert read_config(GOOD).mail_server is None
