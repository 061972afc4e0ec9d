"""Settings: read once, from the environment, checked at start-up.

Every setting is an environment variable ``BRAID_…``; the defaults are a one-machine installation under one folder.
"""

import secrets
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
SECRET_LENGTH = 32  # characters, at least


class ConfigError(RuntimeError):
    """A setting is missing or makes no sense; the message says which and what to do."""


class Settings(BaseSettings):
    """Everything Braid needs to know about where it runs."""

    model_config = SettingsConfigDict(env_prefix="BRAID_", extra="ignore", frozen=True)

    data: Path = Field(default=ROOT / "var", description="The one folder that holds everything.")
    secret_key: str = Field(default="", description="Signs cookies. Kept in the data folder unless set here.")
    database_url: str = Field(default="", description="sqlite:///… or postgresql+psycopg://…")
    search_url: str = Field(default="", description="whoosh:FOLDER")
    mail_url: str = Field(default="outbox:", description="outbox: or smtp://USER:PASSWORD@HOST:PORT (smtps:// for TLS)")
    mail_from: str = Field(default="Braid <braid@localhost>", description="Who mail comes from.")
    public_url: str = Field(default="http://127.0.0.1:8000", description="The address people type, used in mail.")
    proxies: int = Field(default=0, ge=0, le=5, description="How many trusted proxies stand in front.")

    @field_validator("data", mode="after")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().resolve()

    @field_validator("public_url", mode="after")
    @classmethod
    def _address(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            msg = "must be the address people type, such as https://braid.example.org"
            raise ValueError(msg)
        return url.rstrip("/")

    @field_validator("mail_url", mode="after")
    @classmethod
    def _mail(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"outbox", "smtp", "smtps"}:
            msg = "must be outbox: or smtp://HOST:PORT"
            raise ValueError(msg)
        return url

    @model_validator(mode="after")
    def _places(self) -> Self:
        places = {
            "database_url": f"sqlite:///{self.data}/braid.db",
            "search_url": f"whoosh:{self.data}/index",
            "secret_key": _kept_secret(self.data),
        }
        for name, place in places.items():
            if not getattr(self, name):
                object.__setattr__(self, name, place)
        if len(self.secret_key) < SECRET_LENGTH:
            msg = f"BRAID_SECRET_KEY must be at least {SECRET_LENGTH} characters. Make one with: braid secret"
            raise ValueError(msg)
        return self

    @property
    def is_https(self) -> bool:
        """Whether people reach it over TLS, so that cookies may insist on it."""
        return self.public_url.startswith("https://")


def load() -> Settings:
    """Read the settings.

    Raises:
        ConfigError: for a setting that makes no sense; the message says what to type.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"BRAID_{str(first['loc'][0]).upper()} " if first["loc"] else ""
        raise ConfigError(name + first["msg"].removeprefix("Value error, ")) from None


def _kept_secret(data: Path) -> str:
    """Return the secret of this installation, made at its first start and readable by its owner alone."""
    place = data / "secret"
    try:
        return place.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True)
        fresh = secrets.token_urlsafe(48)
        try:
            with place.open("x", encoding="ascii") as file:
                place.chmod(0o600)
                file.write(fresh)
        except FileExistsError:  # another process was a moment faster
            return place.read_text(encoding="ascii").strip()
        return fresh
