// The pre token generation trigger of examples/profile, for events of version 2.
// TABLE_NAME names the table of profiles.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TABLE_NAME;

export async function handler(event) {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { id: `USER#${event.userName}` } }));
  // A user without a profile signs in, without these claims. An absent attribute is left out by JSON.
  if (Item) {
    event.response.claimsAndScopeOverrideDetails = {
      idTokenGeneration: { claimsToAddOrOverride: { first_name: Item.first_name, last_name: Item.last_name } },
      accessTokenGeneration: { claimsToAddOrOverride: { interesting_value: Item.interesting_value } },
    };
  }
  return event;
}
