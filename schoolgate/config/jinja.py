"""The Jinja environment that every page is rendered in."""

from collections.abc import MutableMapping
from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader

DICT_ATTRIBUTES = frozenset(dir(dict))


class Environment(jinja2.Environment):
    """Jinja that looks into dicts first: the government's macros read hundreds of keys a form.

    Without it each of them costs an exception; a form of eight fields takes a fifth longer.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute not in DICT_ATTRIBUTES:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict for each template: its keys are compared at every import, and a form has hundreds."""
        return {**self.globals, **(d or {})}


def environment(*, loader: BaseLoader, autoescape: bool, **options: Any) -> Environment:
    """Take Django's options (its loader finds each app's jinja2 folder), give the environment.

    The government's macros read parameters that callers leave out, hence ChainableUndefined.
    Escaping is always on.
    """
    government = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options |= {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(
        loader=ChoiceLoader([loader, government]), autoescape=True, extensions=["jinja2.ext.i18n"], **options
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals |= {"language": get_language, "static": static, "url": url}
    env.filters["indent"] = as_it_is
    return env


def as_it_is(text: str, *_width: object) -> str:
    """Indent nothing: the government's macros do it at every level, and nobody reads it."""
    return text


def url(name: str, *args: object, **kwargs: object) -> str:
    """Take a view's name and its arguments, give its path."""
    return reverse(name, args=args, kwargs=kwargs)
