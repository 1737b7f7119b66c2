"""Settings of `schoolgate migrate`: the same, as the owner of the tables."""

from schoolgate.config.environment import OWNER
from schoolgate.config.roles import database_settings
from schoolgate.config.settings import *  # noqa: F403
from schoolgate.config.settings import ENVIRONMENT

DATABASES = {"default": database_settings(ENVIRONMENT, OWNER)}
