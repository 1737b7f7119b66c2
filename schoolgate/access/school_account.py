"""Sign-in with the school's own Google or Microsoft account (OpenID Connect).

Who somebody is follows from issuer, tenant and subject, never from the domain of an address: pupils share it.
The first time, the subject is bound to the one person whom the school's staff list has with the verified,
exact address; from then on only the subject counts, and the person must still be on the list.
"""

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.shortcuts import render

from schoolgate.access.models import IdentityProvider, User
from schoolgate.core.ids import number_from

Claims = Mapping[str, Any]

# Asked every time, since the computer may still be signed in as whoever sat there before.
ASK_WHICH_ACCOUNT = {"prompt": "select_account"}


class SchoolAccountAdapter(DefaultSocialAccountAdapter):
    """Where the sign-in library asks which providers there are and who may come in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [_app(row) for row in IdentityProvider.objects.filter(pk=number_from(provider or "") or 0)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind or refuse. Raises ImmediateHttpResponse with a page that says whom to ask."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        provider = IdentityProvider.objects.get(pk=sociallogin.account.provider)
        user = None
        if sociallogin.state.get("process") == AuthProcess.LOGIN and comes_from(provider, claims):
            user = _bound(provider, sociallogin) if sociallogin.account.pk else _bind(provider, claims)
        if user is None:
            context = {"provider": provider, "contact": settings.SUPPORT_CONTACT}
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", context, status=403))
        SocialAccount.objects.filter(provider=str(provider.pk), user=user).update(extra_data={})
        sociallogin.user = user


class SchoolOpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """Verifies the signature even of a token that came straight from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Claims:
        claims: Claims = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=app.settings["server_url"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


def comes_from(provider: IdentityProvider, claims: Claims) -> bool:
    """Whether the token speaks for the school's own tenant: `tid` at Microsoft, `hd` at Google."""
    return bool(claims.get("iss") == provider.issuer and provider.tenant in (claims.get("tid"), claims.get("hd")))


def verified_address(claims: Claims) -> str:
    """The address, if the provider says that it is the person's; Microsoft says so as `xms_edov`."""
    says_so = claims.get("email_verified") is True or claims.get("xms_edov") in (True, 1, "1", "true")
    return str(claims.get("email", "")) if says_so else ""


def _app(provider: IdentityProvider) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=str(provider.pk),
        name=provider.name,
        client_id=provider.client_id,
        secret=settings.OIDC_SECRETS.get(provider.client_id, ""),
        settings={
            "server_url": provider.issuer,
            "fetch_userinfo": False,
            "oauth_pkce_enabled": True,
            "auth_params": ASK_WHICH_ACCOUNT,
        },
    )


def _bound(provider: IdentityProvider, sociallogin: SocialLogin) -> User | None:
    """Whoever the subject was bound to, while they are on the staff list."""
    user = User.objects.get(pk=sociallogin.account.user_id)
    return user if _ask("select access_is_listed(%s, %s)", provider.school, user.pk) else None


def _bind(provider: IdentityProvider, claims: Claims) -> User | None:
    """Bind the subject to the listed person with this address; nobody, if they are bound to another already."""
    listed = _ask("select access_listed_account(%s, %s)", provider.school, verified_address(claims))
    if listed is None:
        return None
    try:
        with transaction.atomic():
            SocialAccount.objects.create(provider=str(provider.pk), uid=claims["sub"], user_id=listed)
    except IntegrityError:
        return None
    return User.objects.get(pk=listed)


def _ask(query: str, *values: str | int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]
