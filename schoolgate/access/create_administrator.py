"""`schoolgate create-administrator`: the first account of a force, from which all others are made in pages."""

import argparse
import sys
from typing import LiteralString

import psycopg
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify

from schoolgate.access.models import User
from schoolgate.access.services import password_link
from schoolgate.core.enums import Nation

FORCE = "select id from directory_organisation where kind = 'force' and name = %s"

MAKE_FORCE = """
with made as (
    insert into directory_organisation (kind, name, regime, nation)
    values ('force', %(name)s, 'law_enforcement', %(nation)s) returning id)
insert into directory_force (organisation_id, slug, role_title, has_safer_schools_officers, non_emergency)
select id, %(slug)s, 'Safer Schools Officer', true, '101' from made returning organisation_id
"""

IS_ADMINISTERED = """
select exists (select from directory_membership where organisation_id = %(force)s and role = 'administrator'
    and daterange(since, until, '[]') @> (now() at time zone 'Europe/London')::date)
"""

MAKE_ADMINISTRATOR = """
with account as (
    insert into access_user (email, password, is_active) values (lower(%(email)s), '!', true) returning id),
someone as (
    insert into directory_person (name, title, email, telephone, user_id)
    select %(name)s, '', lower(%(email)s), '', id from account returning id, user_id),
role as (
    insert into directory_membership (person_id, organisation_id, role, on_slt, since)
    select id, %(force)s, 'administrator', false, (now() at time zone 'Europe/London')::date from someone)
select user_id from someone
"""


class NotTheFirst(Exception):
    """The force has an administrator; its text is one line for whoever ran the command."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say whom to make an administrator, and of which force."""
    parser.add_argument("--email", required=True, type=_email, help="their work e-mail address")
    parser.add_argument("--name", required=True, help="their name")
    parser.add_argument("--force", required=True, help="the name of the police force; it is made if it is not there")
    parser.add_argument("--nation", choices=Nation.values, default=Nation.ENGLAND, help="where a force made here is")


def main(arguments: argparse.Namespace) -> int:
    """Make the account, print the link that sets its password once, and give 0; 1 when it cannot be made."""
    try:
        with psycopg.connect(arguments.connect_as("schoolgate_owner")) as owner:
            user = create_first_administrator(
                owner, email=arguments.email, name=arguments.name, force=arguments.force, nation=arguments.nation
            )
    except NotTheFirst as error:
        sys.stderr.write(f"schoolgate: {error}\n")
        return 1
    sys.stdout.write(f"Set the password here, once, within three days:\n{password_link(User.objects.get(pk=user))}\n")
    return 0


def create_first_administrator(
    owner: psycopg.Connection, *, email: str, name: str, force: str, nation: str = Nation.ENGLAND
) -> int:
    """Make the first technical administrator of a force, and the force with them; gives the account's id.

    owner: a connection as the owner of the tables. nation: of a force that is not there yet. Raises NotTheFirst.
    """
    found = owner.execute(FORCE, [force]).fetchone()
    new: dict[str, object] = {"name": force, "slug": slugify(force), "nation": nation}
    organisation = found[0] if found else _made(owner, MAKE_FORCE, new)
    if _made(owner, IS_ADMINISTERED, {"force": organisation}):
        raise NotTheFirst(f"{force} has an administrator already, who makes accounts in the pages of the product.")
    try:
        return _made(owner, MAKE_ADMINISTRATOR, {"email": email, "name": name, "force": organisation})
    except psycopg.errors.UniqueViolation as error:
        raise NotTheFirst(f"There is an account for {email} already.") from error


def _made(owner: psycopg.Connection, query: LiteralString, values: dict[str, object]) -> int:
    row = owner.execute(query, values).fetchone()
    return int(row[0]) if row else 0


def _email(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"“{typed}” is not an e-mail address") from error
    return typed
