"""One frozen Settings: HUIKUAN_* variables, an .env file or secret files; complete or refused at start."""

from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.values import Refusal

_CHECKOUT = Path(__file__).resolve().parent.parent
_SECRETS = Path("/run/secrets")


class Settings(BaseSettings):
    """What the environment decides: URLs, paths and secrets, and nothing of the business (design 5)."""

    model_config = SettingsConfigDict(
        env_prefix="HUIKUAN_",
        env_file=".env",
        frozen=True,
        extra="ignore",
        secrets_dir=_SECRETS if _SECRETS.is_dir() else None,
    )

    home: Path = Field(default=_CHECKOUT / "var")
    database_url: SecretStr | None = None
    broker_url: SecretStr = SecretStr("memory://")
    keys: SecretStr | None = None
    """Fernet keys, newest first, separated by blanks."""
    smtp_url: SecretStr | None = None
    mail_from: str = "huikuan@localhost"
    sms_url: SecretStr | None = None
    """Who sends SMS, with the keys to it: aliyun://ACCESS_KEY_ID:ACCESS_KEY_SECRET@dysmsapi.aliyuncs.com"""
    wecom_url: SecretStr | None = None
    """The webhook of the group robot that tells the staff."""
    ping_url: SecretStr | None = None
    """The dead man's switch that is called when nights start, went well or failed: https://hc-ping.com/UUID"""
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_url", "keys", "smtp_url", "sms_url", "wecom_url", "ping_url", mode="before")
    @classmethod
    def _nothing_is_none(cls, given: object) -> object:
        # A secret file has to be there, also for what is not used: it is empty then.
        return None if isinstance(given, str) and not given.strip() else given

    @property
    def embedded(self) -> bool:
        """True where one process and one SQLite file are the whole installation."""
        return self.broker_url.get_secret_value().startswith("memory:")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; without one, a SQLite file in `home`."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'huikuan.db'}"
        return self.database_url.get_secret_value()

    @property
    def files(self) -> Path:
        """Every file that was brought, as it came."""
        return self.home / "files"

    @property
    def ledgers(self) -> Path:
        return self.home / "ledgers"

    @property
    def outbox(self) -> Path:
        """Where the file channel lays its mails."""
        return self.home / "outbox"


_DEFAULTS = frozenset({
    "password", "passwd", "secret", "changeme", "change-me", "change_me", "default", "example", "test",
    "admin", "root", "postgres", "redis", "huikuan", "guest", "123456", "12345678", "access_key_secret",
})  # fmt: skip
"""What examples and other people's installations have for a password."""


def _refuse_defaults(found: Settings) -> None:
    """Raise Refusal where a server that others may reach is guarded by what everybody would try first."""
    if found.embedded:
        return
    for name in ("database_url", "broker_url", "smtp_url", "sms_url"):
        url: SecretStr | None = getattr(found, name)
        password = urlsplit(url.get_secret_value()).password if url else None
        if password and unquote(password).lower() in _DEFAULTS:
            raise Refusal(
                f"The password in HUIKUAN_{name.upper()} is one that everybody would try first. Give the "
                "server one of its own (python3 -c 'import secrets; print(secrets.token_urlsafe(32))') and "
                "write it there."
            )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Raises Refusal naming every variable that is wrong."""
    try:
        found = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"HUIKUAN_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors()
        )
        raise Refusal(
            f"The settings cannot be used: {wrong}. Correct the environment and start again."
        ) from None
    _refuse_defaults(found)
    return found
