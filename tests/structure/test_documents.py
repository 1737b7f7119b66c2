"""The documents keep up with what can be set."""

import re

from schoolgate.config.environment import REPOSITORY

SETTING = re.compile(r'"(SCHOOLGATE_[A-Z_]+|DATABASE_URL)"')


def test_every_setting_stands_in_the_guide() -> None:
    guide = (REPOSITORY / "docs" / "how-to" / "run-it-for-real.md").read_text()
    read = {name for file in (REPOSITORY / "schoolgate").rglob("*.py") for name in SETTING.findall(file.read_text())}
    assert {name for name in read if f"| `{name}` |" not in guide} == set()
