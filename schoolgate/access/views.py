"""Our own sign-in pages; the others are the sign-in library's."""

from allauth.account import views as account
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.usersessions import views as devices
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from schoolgate.access.day_code import sign_in_supply
from schoolgate.access.forms import ProviderForm, ReasonForm, SchoolForm, SupplyForm, UnlockForm
from schoolgate.access.held import held_from, held_of, is_ours, offer
from schoolgate.access.idle_lock import lock, lock_page, may_unlock_by_button, unlock
from schoolgate.access.permissions import require
from schoolgate.access.policies import may_look_after_accounts, may_make_code
from schoolgate.access.presenters import account_facts, device_rows
from schoolgate.access.school_account import SchoolOpenIDAdapter
from schoolgate.access.selectors import (
    any_provider,
    person_account,
    providers,
    school_codes,
    school_name,
    school_sign_ins,
)
from schoolgate.access.services import ProviderThere, add_provider, make_day_code, remove_provider, reset_second_factor
from schoolgate.access.shared_computer import clear_browser
from schoolgate.access.sign_in import account_of
from schoolgate.access.viewer import Request, Viewer
from schoolgate.core.clock import now
from schoolgate.core.ids import number_from


class SignIn(account.LoginView):
    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"schools": any_provider()}


class ChangePassword(account.PasswordChangeView):
    """For those who have a password; whoever signs in through the school has none here."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Devices(devices.ListUserSessionsView):
    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return context | {"rows": device_rows(context["sessions"], now=now())}


class SignOut(account.LogoutView):
    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        return clear_browser(super().post(*args, **kwargs))


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """How one signs in, and what can be changed about it."""
    mine = account_of(request)
    context = {"email": mine.email, "has_password": mine.has_usable_password()}
    return render(request, "account/home.html", context)


def locked(request: HttpRequest) -> HttpResponse:
    """Lock the session, and open it again for its person."""
    back = _back(request)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={back}")
    lock(request)
    form = UnlockForm(request.POST if "password" in request.POST else None)
    if request.method == "POST" and _is_the_same_person(request, form):
        return _let_back(request, back)
    return lock_page(request, form=form, back=back, held=held_from(request), status=200)


def supply(request: HttpRequest) -> HttpResponse:
    """Let supply staff in with the school's code for the day."""
    form = SupplyForm(request.POST or None)
    if form.is_valid():
        account = authenticate(request, day_code=form.cleaned_data["code"])
        if account:
            sign_in_supply(request, account, name=form.cleaned_data["name"], at=now())
            return redirect(_back(request))
        form.add_error("code", _("That is not today's code. Ask the school office for it"))
    return render(request, "account/supply.html", {"form": form})


def school(request: HttpRequest) -> HttpResponse:
    """Find the school whose own sign-in somebody wants to use."""
    form = SchoolForm(request.GET if "school" in request.GET else None)
    found = providers(form.cleaned_data["school"]) if form.is_valid() else []
    return render(request, "account/school.html", {"form": form, "providers": found, "back": _back(request)})


def school_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the school's own sign-in."""
    return _at_the_school(OAuth2LoginView, request, provider_id)


def school_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the school's own sign-in."""
    return _at_the_school(OAuth2CallbackView, request, provider_id)


def _at_the_school(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(SchoolOpenIDAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException:
        answer = render(request, "socialaccount/authentication_error.html", status=502)
    return answer


def day_code(request: Request) -> HttpResponse:
    """Make a school's code for supply staff, and show it this once."""
    require(may_make_code, request.viewer)
    schools = school_codes(request.viewer, at=now())
    context: dict[str, object] = {"schools": schools}
    if request.method == "POST":
        school = number_from(request.POST.get("school", "")) or 0
        code = make_day_code(by=request.viewer, at=now(), school=school)
        context |= {"code": code, "school": next(each for each in schools if each.school == school)}
    return render(request, "access/day_code.html", context)


def persons_account(request: Request, person: int) -> HttpResponse:
    """How far somebody has come with signing in; take their second factor back."""
    require(may_look_after_accounts, request.viewer)
    found, form = person_account(person), ReasonForm(request.POST or None)
    if found.user and form.is_valid():
        reset_second_factor(by=request.viewer, at=now(), user=found.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The second factor is taken back. They set up a new one when they sign in."))
        return redirect("persons_account", person)
    context = {"account": found, "facts": account_facts(found, now=now()), "form": form}
    return render(request, "access/account.html", context)


def school_sign_in_setup(request: Request, school: int) -> HttpResponse:
    """A school's own sign-in: add one, or remove it."""
    viewer = request.viewer
    require(may_look_after_accounts, viewer)
    name, form = school_name(school), ProviderForm(request.POST if "issuer" in request.POST else None)
    if provider := number_from(request.POST.get("remove", "")):
        remove_provider(by=viewer, at=now(), school=school, provider=provider)
        return redirect("school_sign_in_setup", school)
    if form.is_valid() and _add_provider(viewer, school, name, form):
        return redirect("school_sign_in_setup", school)
    context = {"school": name, "present": school_sign_ins(school), "form": form, "base": settings.BASE_ADDRESS}
    return render(request, "access/school_sign_in.html", context)


def _add_provider(viewer: Viewer, school: int, name: str, form: ProviderForm) -> bool:
    try:
        add_provider(by=viewer, at=now(), school=school, name=name, **form.cleaned_data)
    except ProviderThere:
        form.add_error("tenant", _("The school has this tenant already"))
        return False
    return True


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next") or request.GET.get("next") or "/"
    return _as_it_was_left(back) if is_ours(request, back) else "/"


def _as_it_was_left(address: str) -> str:
    """Whoever asked for an empty form has typed in it since, and comes back to the draft."""
    path, _mark, query = address.partition("?")
    kept = [part for part in query.split("&") if part and part != "empty"]
    return "?".join([path, "&".join(kept)] if kept else [path])


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
    return offer(request, held, signed_in=True, status=200) if held else redirect(back)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with the token of an earlier session: what it says is offered for sending once more."""
    if held := held_of(request):
        return offer(request, held, signed_in=True, status=403)
    return render(request, "403_csrf.html", status=403)
