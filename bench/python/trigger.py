"""The pre token generation trigger of examples/profile, for events of version 2.

TABLE_NAME names the table of profiles.
"""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    item = table.get_item(Key={"id": f"USER#{event['userName']}"}).get("Item")
    # A user without a profile signs in, without these claims.
    if item:
        event["response"]["claimsAndScopeOverrideDetails"] = {
            "idTokenGeneration": {"claimsToAddOrOverride": pick(item, "first_name", "last_name")},
            "accessTokenGeneration": {"claimsToAddOrOverride": pick(item, "interesting_value")},
        }
    return event


def pick(item, *names):
    return {name: item[name] for name in names if name in item}
