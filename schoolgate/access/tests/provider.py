"""A provider of OpenID Connect on this computer: discovery, keys, and tokens that say what a test wants."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, SECRET, TENANT = "schoolgate-at-north", "a secret", "north.example"


@dataclass
class Provider:
    """Signs what it is told to say."""

    address: str
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    published: rsa.RSAPrivateKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = (self.published or self.key).public_key()
        return {"keys": [json.loads(RSAAlgorithm.to_jwk(public)) | {"kid": "one", "alg": "RS256"}]}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        self.asked.append(form)
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        claims = {"iss": self.address, "aud": CLIENT_ID, "exp": int(time.time()) + 300, "hd": TENANT} | self.claims
        return {"access_token": "x", "id_token": jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers on the loopback address until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/.well-known/openid-configuration": provider.discovery, "/keys": provider.keys}
            self.answer(pages[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token(parse_qs(body)))

        def answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def leave_for(provider: Provider, browser: Client, address: str) -> str:
    """Follow the link to the provider; gives the state that it would send back."""
    away = urlsplit(browser.get(address).headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(away.query).items()}
    assert f"{away.scheme}://{away.netloc}" == provider.address
    assert (asked["client_id"], asked["prompt"]) == (CLIENT_ID, "select_account")
    provider.challenge = asked["code_challenge"]
    return asked["state"]
