"""The authorizer of examples/api, for REST APIs (TOKEN and REQUEST).

USER_POOL_ID and CLIENT_ID say whose tokens are taken. KEYS holds the pool's key set; without it the set is fetched at
the start, from KEYS_URL in place of the pool's own address.
"""

import json
import os

import jwt

METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

POOL = os.environ["USER_POOL_ID"]
CLIENT = os.environ["CLIENT_ID"]
ISSUER = f"https://cognito-idp.{POOL.split('_')[0]}.amazonaws.com/{POOL}"

if "KEYS" in os.environ:
    keys = jwt.PyJWKSet.from_json(os.environ["KEYS"])

    def key_of(token):
        return keys[jwt.get_unverified_header(token)["kid"]]
else:
    client = jwt.PyJWKClient(os.environ.get("KEYS_URL", f"{ISSUER}/.well-known/jwks.json"))
    client.get_jwk_set()
    key_of = client.get_signing_key_from_jwt


def handler(event, context):
    try:
        claims = verify(token_of(event))
    except (jwt.PyJWTError, KeyError) as error:
        print(json.dumps({"level": "info", "message": "token refused", "reason": type(error).__name__}))
        # API Gateway makes a 401 of exactly this word.
        raise Exception("Unauthorized") from None
    groups = as_list(claims.get("cognito:groups"))
    permissions = as_list(claims.get("permissions"))
    admin = "admin" in groups
    writes = admin or "write:all" in permissions
    stage = "/".join(event["methodArn"].split("/")[:2])
    # All routes of the contract, so that the gateway may keep the answer for every call of this token.
    allow, deny = [f"{stage}/GET/*"], []
    (allow if writes else deny).extend([f"{stage}/POST/invoices/*", f"{stage}/PUT/invoices/*"])
    (allow if admin else deny).extend(f"{stage}/{method}/admin/*" for method in METHODS)
    statements = [statement("Allow", allow)] + ([statement("Deny", deny)] if deny else [])
    told = {"tenant": claims.get("acme:tenant", "")}
    # A null in the context would be a 500.
    if "username" in claims:
        told["user_name"] = claims["username"]
    if "permissions" in claims:
        told["permissions"] = json.dumps(claims["permissions"], separators=(",", ":"))
    return {
        "principalId": claims["sub"],
        "policyDocument": {"Version": "2012-10-17", "Statement": statements},
        "context": told,
    }


def verify(token):
    claims = jwt.decode(
        token,
        key_of(token).key,
        algorithms=["RS256"],
        issuer=ISSUER,
        # Cognito's access tokens name the client in a claim of their own.
        options={"verify_aud": False, "require": ["exp", "iss", "sub", "token_use", "client_id"]},
    )
    if claims["token_use"] != "access" or claims["client_id"] != CLIENT:
        raise jwt.InvalidTokenError("token_use or client_id")
    return claims


def token_of(event):
    if event["type"] == "TOKEN":
        header = event.get("authorizationToken")
    else:
        headers = event.get("headers") or {}
        header = headers.get("Authorization") or headers.get("authorization")
    return (header or "").removeprefix("Bearer ")


def as_list(value):
    return value if isinstance(value, list) else []


def statement(effect, resource):
    return {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
