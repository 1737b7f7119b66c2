"""Settings of `schoolgate migrate`: the same, as the owner of the tables."""

from schoolgate.config.settings import *  # noqa: F403
from schoolgate.config.settings import ENVIRONMENT, database_settings

DATABASE_ROLE = "schoolgate_owner"
DATABASES = {"default": database_settings(ENVIRONMENT, DATABASE_ROLE)}
