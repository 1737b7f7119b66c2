"""The government's components, rendered from Python."""

from functools import cache
from typing import Any

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from markupsafe import Markup

Parameters = dict[str, Any]


def component(folder: str, name: str, parameters: Parameters) -> Markup:
    """Take a component's folder, its macro's name and its parameters, give the markup."""
    return rendered(f"govuk_frontend_jinja/components/{folder}/macro.html", name, parameters)


def rendered(path: str, name: str, *arguments: Any) -> Markup:
    """Take a template's path, one of its macros and what it is called with, give the markup."""
    markup: Markup = macro(path, name)(*arguments)
    return markup.strip()


@cache
def macro(path: str, name: str) -> Any:
    """Take a template's path and a macro's name, give the macro."""
    backend = next(engine for engine in engines.all() if isinstance(engine, Jinja2))
    return getattr(backend.env.get_template(path).module, name)
