#!/usr/bin/env python3
"""Signs an application in at Microsoft Entra ID with its secret.

Reads the request from standard input. CONTOSO_TENANT_ID, CONTOSO_CLIENT_ID and CONTOSO_CLIENT_SECRET have to be
among `passVariables`; CONTOSO_AUTHORITY_HOST may be.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 20


class Failure(Exception):
    """Why there is no token, as the contract has it."""

    def __init__(self, code, message, remedy=None, retry_after=None):
        super().__init__(message)
        error = {"code": code, "message": message, "remedy": remedy, "retryAfter": retry_after}
        self.error = {name: value for name, value in error.items() if value is not None}


def read_request():
    request = json.load(sys.stdin)
    if request.get("version") != 1:
        raise Failure("unsupported-version", "This program speaks version 1.", "Update this program.")
    return request


def variable(name):
    value = os.environ.get(name)
    if not value:
        raise Failure("not-configured", f"{name} is not set.", f"Set it, and add it to `passVariables`.")
    return value


def failure_of(error):
    """Entra's refusal, without what it repeats of the request."""
    try:
        description = json.load(error).get("error_description", "")
    except ValueError:
        description = ""
    first_line = description.splitlines()[0] if description else f"HTTP {error.code}"
    if error.code == 429:
        return Failure("throttled", first_line, retry_after=int(error.headers.get("Retry-After", "60")))
    if error.code >= 500:
        return Failure("unreachable", first_line, "Try again later.")
    return Failure("rejected", first_line, "Check the secret of the application.")


def acquire(request):
    tenant = request.get("tenantId") or variable("CONTOSO_TENANT_ID")
    host = os.environ.get("CONTOSO_AUTHORITY_HOST") or "https://login.microsoftonline.com"
    form = {
        "grant_type": "client_credentials",
        "client_id": variable("CONTOSO_CLIENT_ID"),
        "client_secret": variable("CONTOSO_CLIENT_SECRET"),
        "scope": " ".join(request["scopes"]),
    }
    url = f"{host}/{urllib.parse.quote(tenant)}/oauth2/v2.0/token"
    asked_at = int(time.time())
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), TIMEOUT_SECONDS) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        raise failure_of(error) from error
    except OSError as error:
        raise Failure("unreachable", f"No answer from {host}.", "Check the network.") from error
    return {
        "token": answer["access_token"],
        "tokenType": "Bearer",
        "expiresOn": asked_at + int(answer["expires_in"]),
        "principal": {"tenantId": tenant, "clientId": form["client_id"]},
    }


def main():
    try:
        answer = acquire(read_request())
    except Failure as failure:
        answer = {"error": failure.error}
    print(json.dumps({"version": 1, **answer}))
    return 1 if "error" in answer else 0


sys.exit(main())
