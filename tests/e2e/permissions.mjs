// Least privilege. The emulator enforces the roles' policies (its root user is not bound by them), so what a role may do is tried by
// changing it. It enforces neither the functions' own policies nor who writes logs (see the deviations); those are compared with
// what is deployed. The table says which is which: enforced, recorded, compared.

import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import {
  GetPolicyCommand as GetManagedPolicyCommand, GetPolicyVersionCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand, PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { ACCOUNT, REGION } from './emulator.mjs';
import { refused } from './sign-in.mjs';

const list = (value) => (Array.isArray(value) ? value : [value]);

/** The policies of a function's role. Only inline ones are expected: they belong to the role alone. */
export async function policiesOf({ iam, lambda }, FunctionName) {
  const { Role, LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const RoleName = Role.split('/').at(-1);
  const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const inline = await Promise.all(PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { PolicyName, document: JSON.parse(decodeURIComponent(PolicyDocument)) };
  }));
  const managed = await Promise.all(AttachedPolicies.map(async ({ PolicyArn }) => {
    const { Policy } = await iam.send(new GetManagedPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy.DefaultVersionId }));
    return { PolicyName: PolicyArn, document: JSON.parse(decodeURIComponent(PolicyVersion.Document)) };
  }));
  return { RoleName, inline, managed, logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}` };
}

/** Each thing that a role may do, as `action on resource`. */
const grants = ({ inline, managed }) => [...inline, ...managed].flatMap(({ document }) => list(document.Statement).flatMap((statement) => {
  if (statement.Effect !== 'Allow') return [];
  if (statement.NotAction || statement.NotResource) return ['everything but something'];
  return list(statement.Action).flatMap((action) => list(statement.Resource).map((resource) => `${action} on ${resource}`));
})).sort();

/** Changes what a role may do, does something, and changes it back. `change` gives a statement as it shall be, or nothing in its place. */
export async function changed({ iam }, { RoleName, inline }, change, work) {
  const write = (PolicyName, document) => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }));
  for (const { PolicyName, document } of inline) {
    const Statement = list(document.Statement).map(change).filter(Boolean);
    // A policy cannot be without statements.
    const nothing = { Effect: 'Deny', Action: 'sts:GetCallerIdentity', Resource: '*' };
    await write(PolicyName, { ...document, Statement: Statement.length > 0 ? Statement : [nothing] });
  }
  try {
    return await work();
  } finally {
    for (const { PolicyName, document } of inline) await write(PolicyName, document);
  }
}

/** Takes actions out of a statement. */
export const without = (...actions) => (statement) => {
  const Action = list(statement.Action).filter((action) => !actions.includes(action));
  return Action.length > 0 ? { ...statement, Action } : undefined;
};

/** What the roles may do, exactly, and what happens without it. */
export async function roles(pool, version, kim, recorder, results) {
  const { clients, deployment } = pool;
  const trigger = await policiesOf(clients, deployment.trigger_function_name);
  const authorizer = await policiesOf(clients, deployment.authorizer_function_name);
  const table = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${deployment.tables.profiles}`;
  const logs = ({ logGroup }) => ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} on arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroup}:*`);
  results.check(`${version} trigger's role, everything it may do`, [`dynamodb:GetItem on ${table}`, ...logs(trigger)], grants(trigger));
  results.check(`${version} authorizer's role, everything it may do`, logs(authorizer), grants(authorizer));

  const { calls } = await recorder.during(() => pool.signIn(kim));
  const made = calls.filter(({ action }) => action);
  const every = (look) => [...new Set(made.map(look))];
  results.check(`${version} recorded: what the trigger calls in AWS`, ['dynamodb:GetItem 200'], every(({ action, status }) => `${action} ${status}`));
  // The keys of a role's session begin so.
  results.check(`${version} recorded: signed by the role, not by the emulator's root user`, ['ASIA'], every(({ key }) => key.slice(0, 4)));

  const elsewhere = (statement) => (list(statement.Resource).includes(table) ? { ...statement, Resource: `${table}-of-somebody-else` } : statement);
  for (const [what, change] of [['without dynamodb:GetItem', without('dynamodb:GetItem')], ['dynamodb:GetItem on another table', elsewhere]]) {
    await changed(clients, trigger, change, async () => {
      const inside = [trigger.RoleName, 'AccessDenied', 'authorized'];
      const { calls: denied } = await recorder.during(() => refused(`${version} enforced: ${what}`, pool.signIn(kim), 'fact-failed', results, inside));
      const answers = denied.filter(({ action }) => action === 'dynamodb:GetItem').map(({ status }) => status);
      results.check(`${version} enforced: ${what}: denied by DynamoDB (AWS: 400)`, [403], [...new Set(answers)]);
    });
  }
  results.check(`${version} enforced: with it again`, 'signed in', await pool.signIn(kim).then(() => 'signed in', (error) => error.message));

  for (const [name, { logGroup }] of Object.entries({ trigger, authorizer })) {
    const { logStreams } = await clients.logs.send(new DescribeLogStreamsCommand({ logGroupName: logGroup }));
    results.check(`${version} compared: the ${name} writes logs, into the group of its policy`, true, logStreams.length > 0);
  }
}

/** The calls of the authorizers, over the whole run: none is signed, they only fetch public keys. */
export function authorizerCalls(calls, pools, results) {
  const unsigned = calls.filter(({ key }) => key === undefined);
  const known = pools.map(({ id }) => `GET /${id}/.well-known/jwks.json`);
  const asked = [...new Set(unsigned.map(({ method, path }) => `${method} ${path}`))];
  results.check('recorded: what is fetched without a signature, by all authorizers', known.sort(), asked.sort());
  const signed = [...new Set(calls.filter(({ key }) => key !== undefined).map(({ action }) => action))];
  results.check('recorded: every signed call of the whole run', ['dynamodb:GetItem'], signed);
}

/** Who may invoke the functions: nobody but this pool and these APIs. The emulator does not enforce it; it is compared with who invokes. */
export async function invokers(pool, version, results) {
  const { clients, deployment } = pool;
  const { UserPool } = await clients.cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  const { LambdaArn, LambdaVersion } = UserPool.LambdaConfig.PreTokenGenerationConfig;
  results.check(`${version} the pool's trigger has this version`, version, LambdaVersion);
  results.check(`${version} the pool's trigger is the function`, true, LambdaArn.split(':')[6] === deployment.trigger_function_name);
  const statements = async (arn) => {
    const [, , , , , , FunctionName, Qualifier] = arn.split(':');
    const { Policy } = await clients.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }));
    return JSON.parse(Policy).Statement.map(({ Effect, Principal, Action, Condition = {} }) => {
      const source = Condition.ArnLike?.['AWS:SourceArn'] ?? Condition.ArnEquals?.['AWS:SourceArn'] ?? 'any source';
      // An ARN names its account already.
      const account = Condition.StringEquals?.['AWS:SourceAccount'] ?? ACCOUNT;
      return [Effect, Principal.Service ?? Principal, Action, source, account].join(' ');
    }).sort();
  };
  results.check(`${version} compared: who may invoke the trigger`,
    [`Allow cognito-idp.amazonaws.com lambda:InvokeFunction arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${pool.id} ${ACCOUNT}`],
    await statements(LambdaArn));
  const { http_api_id: http, http_authorizer_id: byHttp, rest_api_id: rest, rest_authorizer_id: byRest } = deployment;
  results.check(`${version} compared: who may invoke the authorizer`,
    [[http, byHttp], [rest, byRest]].map(([api, id]) => [
      'Allow', 'apigateway.amazonaws.com', 'lambda:InvokeFunction', `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api}/authorizers/${id}`, ACCOUNT,
    ].join(' ')).sort(),
    await statements(deployment.authorizer_function_arn));
}
