"""The risk tier of a sign-in as a logic component; the policy stands in ../README.md."""

import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import logic as wit

DAY = 24 * 60 * 60
MAX_COUNT = 2**53 - 1


class Logic(exports.Logic):
    def plan(self, request: wit.TokenRequest) -> list[wit.Lookup]:
        # A machine has no user, and a test event may have a user without a name.
        if request.user is None or not request.user.name:
            return []
        key = [wit.KeyAttribute("id", json.dumps(request.user.name, ensure_ascii=False))]
        return [
            wit.Lookup(fact="account", table="accounts", key=key, fields=[], consistent=False),
            wit.Lookup(fact="signins", table="signins", key=key, fields=[], consistent=False),
        ]

    def shape(self, request: wit.TokenRequest, facts: list[wit.Fact]) -> wit.TokenShape:
        if request.user is None:
            return token_shape([], [], [])
        if has_failed(facts, "account"):
            raise Err(wit.Refusal_FactFailed("account"))
        account = record(facts, "account")
        if account is not None and account.get("locked") is True:
            message = "this account is locked; write to support"
            raise Err(wit.Refusal_Blocked(wit.Block("risk.locked", message)))
        points = account_points(account, request.now) + signin_points(record(facts, "signins"))
        tier = tier_of(points)
        risk_tier = claim("risk_tier", tier)
        if request.version is wit.TriggerVersion.V1:
            return token_shape([risk_tier], [], [])
        suppressed = ["orders/refund"] if tier == "high" else []
        return token_shape([risk_tier], [risk_tier, claim("risk_points", points)], suppressed)

    def authorize(self, request: wit.AccessRequest) -> wit.Decision:
        denial = wit.Denial(wit.DenialReason.NO_RULES, rule=None, message=None)
        return wit.Decision(denial, context=[], grants=None, denied_fields=[])


def account_points(account: dict[str, object] | None, now: int) -> int:
    if account is None:
        return 40
    chargebacks = count(account.get("chargebacks")) or 0
    return age_points(count(account.get("created")), now) + min(20 * chargebacks, 60)


def age_points(created: int | None, now: int) -> int:
    if created is None or created > now:
        return 30
    age = now - created
    if age < 7 * DAY:
        return 30
    return 10 if age < 30 * DAY else 0


def signin_points(signins: dict[str, object] | None) -> int:
    if signins is None:
        return 0
    failures = count(signins.get("failures")) or 0
    failure_points = 40 if failures >= 10 else 20 if failures >= 3 else 0
    countries = signins.get("countries")
    texts = {text for text in countries if isinstance(text, str)} if isinstance(countries, list) else set()
    return failure_points + (20 if len(texts) > 2 else 0)


def tier_of(points: int) -> str:
    if points < 30:
        return "low"
    return "medium" if points < 70 else "high"


def claim(name: str, value: str | int) -> wit.Claim:
    return wit.Claim(name, json.dumps(value))


def token_shape(
    id_claims: list[wit.Claim], access_claims: list[wit.Claim], suppressed_scopes: list[str]
) -> wit.TokenShape:
    return wit.TokenShape(
        id=wit.ClaimChanges(add=id_claims, suppress=[]),
        access=wit.ClaimChanges(add=access_claims, suppress=[]),
        scopes=wit.ScopeChanges(add=[], suppress=suppressed_scopes),
        groups=None,
    )


def count(value: object) -> int | None:
    """Returns a whole number from 0 to 2^53 - 1. Numbers are read as doubles: 3, 3.0 and 3e0 are the same."""
    if isinstance(value, float) and value.is_integer() and 0 <= value <= MAX_COUNT:
        return int(value)
    return None


def outcome(facts: list[wit.Fact], name: str) -> wit.FactOutcome | None:
    return next((fact.outcome for fact in facts if fact.name == name), None)


def has_failed(facts: list[wit.Fact], name: str) -> bool:
    return isinstance(outcome(facts, name), wit.FactOutcome_Failed)


def record(facts: list[wit.Fact], name: str) -> dict[str, object] | None:
    """Returns the record of a fact; none if there is none, or if it is no object."""
    found = outcome(facts, name)
    if not isinstance(found, wit.FactOutcome_Found):
        return None
    try:
        # Numbers as doubles, whatever their size. NaN and Infinity are Python's and not JSON's.
        value = json.loads(found.value, parse_int=float, parse_constant=refuse)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def refuse(text: str) -> None:
    raise ValueError(text)
