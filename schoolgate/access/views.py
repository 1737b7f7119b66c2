"""Our own sign-in pages; the others are the sign-in library's."""

from allauth.account import views as account
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.access.forms import UnlockForm
from schoolgate.access.idle_lock import held_from, is_ours, lock, lock_page, may_unlock_by_button, unlock
from schoolgate.access.shared_computer import clear_browser
from schoolgate.access.sign_in import account_of
from schoolgate.core.clock import now


class ChangePassword(account.PasswordChangeView):
    """For those who have a password; whoever signs in through the school has none here."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class SignOut(account.LogoutView):
    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        return clear_browser(super().post(*args, **kwargs))


def locked(request: HttpRequest) -> HttpResponse:
    """Lock the session, and open it again for its person."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    back = back if is_ours(request, back) else "/"
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={back}")
    lock(request)
    form = UnlockForm(request.POST if "password" in request.POST else None)
    if request.method == "POST" and _is_the_same_person(request, form):
        return _let_back(request, back)
    return lock_page(request, form=form, back=back, held=held_from(request), status=200)


def _is_the_same_person(request: HttpRequest, form: UnlockForm) -> bool:
    if "credential" in request.POST:
        passkey = ReauthenticateWebAuthnForm(user=request.user, data=request.POST)
        return passkey.is_valid() and not passkey.save()
    if not form.is_bound:
        return may_unlock_by_button(request)
    if not form.is_valid():
        return False
    found = authenticate(request, email=account_of(request).email, password=form.cleaned_data["password"])
    if found != request.user:
        form.add_error("password", _("That is not your password. Try again"))
    return found == request.user


def _let_back(request: HttpRequest, back: str) -> HttpResponse:
    unlock(request, at=now())
    held = held_from(request)
    return render(request, "account/held.html", {"held": held}) if held else redirect(back)
