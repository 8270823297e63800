// What fails around the functions, and that nobody gets in by it.

import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { apisOf } from './apis.mjs';
import { ofKeys, ofStore } from './recorder.mjs';
import { refused } from './sign-in.mjs';

/** DynamoDB fails in several ways: the contract says `onError: refuse`. */
export async function storeFails(pool, version, kim, recorder, results) {
  const error = (status, type) => ({ status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'an inner message' }) });
  const ways = {
    'DynamoDB hangs': 'hang',
    'DynamoDB is broken': error(500, 'InternalServerError'),
    'DynamoDB throttles': error(400, 'ProvisionedThroughputExceededException'),
    'DynamoDB answers nonsense': { status: 200, body: '<html>' },
  };
  for (const [what, how] of Object.entries(ways)) {
    await recorder.failing(ofStore, how, () => refused(`${version} ${what}`, pool.signIn(kim), 'fact-failed', results, [kim.sub, 'inner message']));
  }
  results.check(`${version} DynamoDB is back`, 'signed in', await pool.signIn(kim).then(() => 'signed in', (reason) => reason.message));
}

/** The table is deleted: the last thing that is done to a deployment. */
export async function tableGone(pool, version, kim, results) {
  await pool.clients.dynamodb.send(new DeleteTableCommand({ TableName: pool.deployment.tables.profiles }));
  await refused(`${version} the table is gone`, pool.signIn(kim), 'fact-failed', results, [kim.sub, pool.deployment.tables.profiles]);
}

/**
 * The keys cannot be fetched: nobody knows whether a token is right, so it is an error and no denial. To be tried before the
 * authorizer has any keys. Gives when it may ask for them again.
 */
export async function keysFail(pool, version, kim, recorder, results) {
  const { REST } = apisOf(pool.deployment, pool.endpoint);
  const broken = { status: 503, body: 'unavailable' };
  await recorder.failing(ofKeys, broken, async () => {
    results.check(`${version} REST keys cannot be fetched`, 500, (await REST.call('GET /orders', kim.tokens.access)).status);
  });
  return Date.now() + 10_000;
}

/** The same token is taken as soon as there are keys: the gateway kept no denial, and the function asks again. */
export async function keysReturn(pool, version, kim, again, results) {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, again - Date.now())));
  const { REST } = apisOf(pool.deployment, pool.endpoint);
  results.check(`${version} REST the keys are back`, 200, (await REST.call('GET /orders', kim.tokens.access)).status);
}
