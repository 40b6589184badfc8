"""All settings, read once from the environment. Everything missing or wrong is named at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fitsvc import kommune_settings
from fitsvc import setting_values as values
from fitsvc.domain.kommune_mapping_file import KommuneMappingError
from fitsvc.keyring import Keyring
from fitsvc.kommune_settings import KommuneProvider
from fitsvc.messaging.mail_server import MailServer

T = TypeVar("T")

PREFIX = "FITSVC_"
DEMO_SECRET_KEY = "demo-only-secret-key-never-for-real-data"  # noqa: S105  refused outside demo mode
DEMO_DATA_KEYS = "demo:ZGVtby1vbmx5LWRhdGEta2V5LW5ldmVyLWZvci1yZWE="  # as well
SHORTEST_SECRET = 32


class ConfigError(Exception):
    """Settings that cannot be used. `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one installation.

    `base_url` has no slash at the end; `link_days` is how long a respondent's link can be used; `retention_months`
    is how long answers are kept after a case is closed, as respondents are told; `log_months` is how long
    no row of the logs can be pruned; `trusted_proxies` is how many reverse proxies stand in front and set
    X-Forwarded-* headers; `limits_url` is a Redis that counts the rate limits,
    "" for our own database; `data_keys` encrypt names and free text.

    `kommune_provider` is the kommune's own identity provider, where there is one; without `local_passwords` it is the
    only way in.

    `mail_server` sends invitations and links for new passwords, from `mail_from`; without one an administrator hands
    the links over.
    """

    database_url: str
    data_keys: Keyring = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str
    instrument_packs: Path | None = None
    demo: bool = False
    kommune_name: str = "kommunen"
    kommune_phone: str = ""
    link_days: int = 21
    retention_months: int = 6
    log_months: int = 24
    trusted_proxies: int = 0
    limits_url: str = field(default="", repr=False)
    kommune_provider: KommuneProvider | None = None
    local_passwords: bool = True
    mail_server: MailServer | None = field(default=None, repr=False)
    mail_from: str = ""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def read_config(environment: Mapping[str, str]) -> Config:
    """Parse FITSVC_* variables; raises ConfigError with every problem found."""
    reader = _Reader(environment)
    demo = reader.read("DEMO", values.parse_flag, "0", "1 for a demo with invented data, else 0")
    mail_server = reader.read(
        "SMTP_URL",
        values.parse_mail,
        "",
        "smtp://user:password@host:587 or smtps://user:password@host:465, or nothing",
    )
    config = Config(
        demo=demo,
        database_url=reader.read(
            "DATABASE_URL",
            values.parse_database_url,
            "sqlite:///var/demo.sqlite" if demo else None,
            "a database address, sqlite:///path/to/file.sqlite or postgresql://user:password@host/name",
        ),
        data_keys=reader.read(
            "DATA_KEYS",
            _data_keys(demo),
            reader.file_named_by("DATA_KEYS_FILE") or (DEMO_DATA_KEYS if demo else None),
            "keys as `fitsvc new-data-key` prints them, the one that writes first; or FITSVC_DATA_KEYS_FILE,"
            " a file with them",
        ),
        secret_key=reader.read(
            "SECRET_KEY",
            _secret_key(demo),
            DEMO_SECRET_KEY if demo else None,
            f"a random secret of at least {SHORTEST_SECRET} characters, not the demo's"
            ' (python -c "import secrets; print(secrets.token_urlsafe(48))")',
        ),
        base_url=reader.read(
            "BASE_URL",
            values.parse_base_url,
            "http://127.0.0.1:8000" if demo else None,
            "the service's public address without a path, such as https://maaling.kommune.example",
        ),
        instrument_packs=reader.read(
            "INSTRUMENT_PACKS", values.parse_folder, "", "a folder that can be read, or nothing"
        ),
        kommune_name=reader.read(
            "KOMMUNE_NAME", values.parse_text, "kommunen", "the kommune's name, at most 60 characters"
        ),
        kommune_phone=reader.read(
            "KOMMUNE_PHONE", values.parse_text, "", "a telephone number people can call, or nothing"
        ),
        link_days=reader.read(
            "LINK_DAYS", values.number_between(1, 366), "21", "a whole number of days from 1 to 366"
        ),
        retention_months=reader.read(
            "RETENTION_MONTHS",
            values.number_between(1, 120),
            "6",
            "a whole number of months from 1 to 120",
        ),
        log_months=reader.read(
            "LOG_MONTHS",
            values.number_between(6, 120),
            "24",
            "a whole number of months from 6 to 120",
        ),
        trusted_proxies=reader.read(
            "TRUSTED_PROXIES", values.number_between(0, 5), "0", "a whole number from 0 to 5"
        ),
        limits_url=reader.read(
            "LIMITS_URL",
            values.parse_limits_url,
            "",
            "redis://host:port/0 or rediss://…, or nothing for our own database",
        ),
        kommune_provider=_kommune_provider(reader),
        local_passwords=reader.read(
            "LOCAL_PASSWORDS",
            _local_passwords(kommune_settings.is_set(environment, PREFIX)),
            "1",
            "1, or 0 where FITSVC_OIDC_ISSUER is set and passwords of this service shall not work",
        ),
        mail_server=mail_server,
        mail_from=reader.read(
            "MAIL_FROM",
            values.parse_sender,
            None if mail_server else "",
            "the address our e-mails come from, such as maaling@kommune.example",
        ),
    )
    reader.finish()
    return config


KNOWN = frozenset(
    PREFIX + name
    for name in (
        "DATABASE_URL", "DATA_KEYS", "DATA_KEYS_FILE", "SECRET_KEY",
        "BASE_URL", "INSTRUMENT_PACKS", "DEMO", "KOMMUNE_NAME", "KOMMUNE_PHONE",
        "LINK_DAYS", "RETENTION_MONTHS", "LOG_MONTHS", "TRUSTED_PROXIES", "LIMITS_URL", "PICTURES", "CHROMIUM",
        "LOCAL_PASSWORDS", "SMTP_URL", "MAIL_FROM", *kommune_settings.NAMES,
    )
)  # fmt: skip


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems = [
            f"{name}: not a setting of this service (misspelt?)"
            for name in sorted(environment)
            if name.startswith(PREFIX) and name not in KNOWN
        ]

    def read(self, name: str, parse: Callable[[str], T], default: str | None, expected: str) -> T:
        """One setting. A bad one is noted and read on, so that all problems are told together."""
        sent = self.environment.get(PREFIX + name, "").strip()
        if not sent and default is None:
            self.problems.append(f"{PREFIX}{name}: missing; expected {expected}")
            return parse_nothing()
        try:
            return parse(sent or default or "")
        except ValueError:
            # The value itself is not repeated: it may be a secret or hold a password.
            self.problems.append(f"{PREFIX}{name}: not usable; expected {expected}")
            return parse_nothing()

    def file_named_by(self, name: str) -> str | None:
        """What stands in the file a setting names; None when it names none."""
        path = self.environment.get(PREFIX + name, "").strip()
        if not path:
            return None
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            self.problems.append(f"{PREFIX}{name}: not usable; expected a text file that can be read")
            return "?"

    def finish(self) -> None:
        if self.problems:
            raise ConfigError(self.problems)


def _kommune_provider(reader: _Reader) -> KommuneProvider | None:
    """None where nothing of it is set; else everything it needs has to be there."""
    if not kommune_settings.is_set(reader.environment, PREFIX):
        return None
    return KommuneProvider(
        issuer=reader.read(
            "OIDC_ISSUER", kommune_settings.parse_issuer, None, "the provider's address, over https"
        ),
        client_id=reader.read(
            "OIDC_CLIENT_ID", kommune_settings.parse_word, None, "this service's name at the provider"
        ),
        client_secret=reader.read(
            "OIDC_CLIENT_SECRET",
            kommune_settings.parse_word,
            (reader.file_named_by("OIDC_CLIENT_SECRET_FILE") or "").strip() or None,
            "what the provider gave this service to prove itself by; or FITSVC_OIDC_CLIENT_SECRET_FILE, a file with it",
        ),
        mapping=reader.read(
            "OIDC_MAPPING", _kommune_mapping(reader), None, "a TOML file as docs/sign-in.md describes"
        ),
    )


def _kommune_mapping(reader: _Reader) -> Callable[[str], Any]:
    """A mapping holds no secrets: what is wrong with it is told where it stands."""

    def parse(sent: str) -> Any:
        try:
            return kommune_settings.read_mapping(sent)
        except KommuneMappingError as error:
            reader.problems.append(f"{PREFIX}OIDC_MAPPING: {error}")
            return parse_nothing()

    return parse


def _local_passwords(has_other_way: bool) -> Callable[[str], bool]:
    def parse(sent: str) -> bool:
        if not values.parse_flag(sent) and not has_other_way:
            raise ValueError
        return sent == "1"

    return parse


def parse_nothing() -> Any:
    """Stands in for a setting that could not be read; `finish` refuses before anybody sees it."""
    return None


def _secret_key(demo: bool) -> Callable[[str], str]:
    def parse(sent: str) -> str:
        if not demo and (len(sent) < SHORTEST_SECRET or sent == DEMO_SECRET_KEY):
            raise ValueError
        return sent

    return parse


def _data_keys(demo: bool) -> Callable[[str], Keyring]:
    def parse(sent: str) -> Keyring:
        keys = Keyring.parse(sent)
        if not demo and DEMO_DATA_KEYS.partition(":")[0] in keys.keys:
            raise ValueError
        return keys

    return parse
