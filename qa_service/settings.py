"""Settings: environment variables with the prefix QA_, read once, frozen."""

from functools import cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set; each is listed in the README."""

    model_config = SettingsConfigDict(env_prefix="QA_", frozen=True)

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL address (postgresql://user:password@host/name). Unset: an embedded server.",
    )
    owner_database_url: str | None = Field(
        default=None,
        description="Address of the role that owns the tables, for migrations only. Unset: QA_DATABASE_URL.",
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("qa-service")),
        description="Where the embedded server keeps its data and where exports are made.",
    )
    environment: Literal["dev", "test", "production"] = Field(
        default="dev", description="dev, test or production; production requires https cookies."
    )
    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that `serve` listens on.")
    session_idle_minutes: int = Field(
        default=60, ge=5, description="A signed-in person who does nothing for this long must sign in again."
    )
    session_max_hours: int = Field(
        default=12, ge=1, description="A session ends after this long, whatever happens."
    )
    max_upload_megabytes: int = Field(default=200, ge=1, description="Largest file that may be uploaded.")

    @property
    def uses_https(self) -> bool:
        """Return whether cookies must be Secure and HSTS be sent."""
        return self.environment == "production"


@cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
