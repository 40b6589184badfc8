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
