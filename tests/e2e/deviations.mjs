// Where the emulator differs from AWS. Each difference is asserted, so that we notice when it goes away; the product knows of none.
// The expected values are the emulator's; what AWS documents stands in the scenario's name.

import {
  AdminAddUserToGroupCommand, CreateGroupCommand, CreateResourceServerCommand, CreateUserPoolClientCommand, CreateUserPoolCommand,
  DescribeUserPoolCommand, UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CreateFunctionCommand, GetFunctionConfigurationCommand, GetPolicyCommand, RemovePermissionCommand, waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { apisOf } from './apis.mjs';
import { linesOf } from './logs.mjs';
import { saying } from './orders.mjs';
import { changed, policiesOf, without } from './permissions.mjs';
import { Pool } from './pool.mjs';
import { ofStore } from './recorder.mjs';
import { payload } from './tokens.mjs';

export async function deviations(pools, people, recorder, probeZip, results) {
  await ofSignIns(pools, people, recorder, results);
  await ofEvents(pools.V3_0, probeZip, results);
  await ofApis(pools.V2_0, people.V2_0.ana, results);
  await ofPolicies(pools.V3_0, people.V3_0.ana, results);
}

/**
 * The emulator reads a V1 trigger only where pools had it before there were versions; AWS takes both and means the same.
 * After this difference is seen, the V1 pool names its trigger that way, so that the sign-ins have something to show.
 */
export async function olderPlaceOfV1(pool, results) {
  const { cognito } = pool.clients;
  const person = await pool.person('uma');
  const { id } = await pool.signIn(person);
  results.check('V1_0 claims of a trigger in PreTokenGenerationConfig (AWS: the plan and the permissions)', {}, saying(payload(id)));
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  await cognito.send(new UpdateUserPoolCommand({
    UserPoolId: pool.id, LambdaConfig: { PreTokenGeneration: UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaArn },
  }));
}

async function ofSignIns(pools, people, recorder, results) {
  for (const [version, times] of [['V1_0', 1], ['V2_0', 2], ['V3_0', 2]]) {
    const { calls } = await recorder.during(() => pools[version].signIn(people[version].kim));
    results.check(`${version} invocations of the trigger for one sign-in (AWS: 1)`, times, calls.filter(({ action }) => action === 'dynamodb:GetItem').length);
  }
  await recorder.failing(ofStore, { status: 400, body: '{}' }, async () => {
    const name = await pools.V1_0.signIn(people.V1_0.kim).then(() => 'signed in', (error) => error.name);
    results.check('the error of a refused sign-in (AWS: UserLambdaValidationException)', 'InternalError', name);
  });
}

/** A trigger that tells what it was asked, and answers what AWS does not take. */
export const PROBE = `export const handler = async (event) => ({ ...event, response: { claimsAndScopeOverrideDetails: {
  idTokenGeneration: { claimsToAddOrOverride: { sub: 'replaced', event: JSON.stringify(event) } },
  accessTokenGeneration: { claimsToAddOrOverride: { event: JSON.stringify(event) } },
  groupOverrideDetails: { groupsToOverride: ['of the trigger'], iamRolesToOverride: [], preferredRole: null },
} } });
`;

async function ofEvents({ clients, endpoint, deployment }, ZipFile, results) {
  const FunctionName = 'claimwright-e2e-probe';
  const { Role } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: deployment.trigger_function_name }));
  const { FunctionArn } = await clients.lambda.send(new CreateFunctionCommand({ FunctionName, Runtime: 'nodejs20.x', Handler: 'index.handler', Role, Code: { ZipFile } }));
  await waitUntilFunctionActiveV2({ client: clients.lambda, maxWaitTime: 30 }, { FunctionName });
  const { cognito } = clients;
  const { UserPool: { Id: UserPoolId } } = await cognito.send(new CreateUserPoolCommand({
    PoolName: FunctionName, LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: FunctionArn, LambdaVersion: 'V3_0' } },
  }));
  await cognito.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'probe', Name: 'probe', Scopes: [{ ScopeName: 'read', ScopeDescription: 'to read' }] }));
  const client = async (settings) => (await cognito.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'probe', ...settings }))).UserPoolClient;
  const web = await client({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
  const machine = await client({ GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: ['client_credentials'], AllowedOAuthScopes: ['probe/read'] });
  const pool = new Pool({
    user_pool_id: UserPoolId, user_pool_client_id: web.ClientId, machine_client_id: machine.ClientId, machine_client_secret: machine.ClientSecret,
  }, clients, endpoint);
  await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName: 'of the pool' }));
  const person = await pool.person('pat');
  await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: person.name, GroupName: 'of the pool' }));
  const id = payload((await pool.signIn(person)).id);
  const asked = JSON.parse(id.event);
  results.check('groups that a V3 trigger sets beside both tokens (AWS: of the trigger)', ['of the pool'], id['cognito:groups']);
  results.check('a `sub` that the trigger sets (AWS: it cannot)', 'replaced', id.sub);
  results.check("the user's status in the event's attributes (AWS: CONFIRMED)", undefined, asked.request.userAttributes['cognito:user_status']);
  const of = JSON.parse(payload(await pool.machine()).event);
  results.check("the groups in a machine's event (AWS: null)", { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null }, of.request.groupConfiguration);
}

async function ofApis(pool, ana, results) {
  const { HTTP } = apisOf(pool.deployment, pool.endpoint);
  results.check('HTTP API, the authorizer fails with `Unauthorized` (AWS: 401)', 500, (await HTTP.call('GET /orders', 'garbage')).status);
  const { body } = await HTTP.call('GET /orders/7', ana.tokens.access);
  results.check('HTTP API, the principal among the context (AWS documents the context only)', ana.sub, HTTP.context(body).principalId);
  const short = await pool.withShortTokens(() => pool.signIn(ana));
  const { iat, exp } = payload(short.access);
  results.check('an access token may live for a second (AWS: five minutes at least)', 1, exp - iat);
}

/** The emulator writes the functions' logs itself, and invokes them whatever their own policies say. Those are taken away for good. */
async function ofPolicies(pool, ana, results) {
  const { lambda } = pool.clients;
  const { trigger_function_arn: trigger, trigger_function_name: name, authorizer_function_arn: authorizer } = pool.deployment;
  const before = (await linesOf(pool.clients, name)).length;
  await changed(pool.clients, await policiesOf(pool.clients, name), without('logs:CreateLogStream', 'logs:PutLogEvents'), () => pool.signIn(ana));
  results.check("lines of the log without the role's permission to write them (AWS: none)", true, (await linesOf(pool.clients, name)).length > before);
  for (const arn of [trigger, authorizer]) {
    const [, , , , , , FunctionName, Qualifier] = arn.split(':');
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }));
    for (const { Sid } of JSON.parse(Policy).Statement) await lambda.send(new RemovePermissionCommand({ FunctionName, Qualifier, StatementId: Sid }));
  }
  const tokens = await pool.signIn(ana).catch((error) => error.message);
  results.check('a sign-in without the permission to invoke the trigger (AWS: it fails)', 'string', typeof tokens.access);
  const { REST, HTTP } = apisOf(pool.deployment, pool.endpoint);
  // A fresh token, of which no answer is kept.
  results.check('a call of a REST API without the permission to invoke the authorizer (AWS: 500)', 200, (await REST.call('GET /orders', tokens.access)).status);
  results.check('a call of an HTTP API without the permission to invoke the authorizer (AWS: 500)', 200, (await HTTP.call('GET /orders', tokens.access)).status);
}
