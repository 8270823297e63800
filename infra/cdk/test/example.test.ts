import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import flags = require('aws-cdk-lib/recommended-feature-flags.json');
import { settings } from '../examples/orders/settings';
import { OrdersStack } from '../examples/orders/stack';
import { assertNoWarnings, logicalId, properties, resources, statements } from './stacks';

let packages: string;

before(() => {
  packages = mkdtempSync(join(tmpdir(), 'claimwright-cdk-'));
  for (const name of ['token-trigger-arm64', 'authorizer-arm64', 'token-trigger-x86_64', 'authorizer-x86_64']) {
    writeFileSync(join(packages, `${name}.zip`), name);
  }
});

after(() => rmSync(packages, { recursive: true, force: true }));

function orders(context: Record<string, unknown> = {}): OrdersStack {
  const app = new App({ context: { ...flags, packages, ...context } });
  return new OrdersStack(app, 'Orders', settings(app.node));
}

const MACHINES = { triggerVersion: 'V3_0', machineDomain: 'orders-test' };

/** Every text below a value that is under one of the keys of IAM. */
function texts(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, below]) =>
    keys.includes(key) ? [below].flat().map((one) => JSON.stringify(one)) : texts(below, keys),
  );
}

test('deprecated members of CDK end the synthesis, here and in every other test', () => {
  assert.equal(process.env.JSII_DEPRECATED, 'fail');
  const old = () =>
    new TableV2(new Stack(), 'Old', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecovery: true,
    });
  assert.throws(old, { name: 'DeprecationError' });
});

for (const [name, context] of [
  ['as a new app has it', {}],
  ['with machines', MACHINES],
  ['without any feature flag', Object.fromEntries(Object.keys(flags).map((flag) => [flag, undefined]))],
] as const) {
  test(`no permission is for everything, ${name}`, () => {
    const stack = orders(context);
    for (const policy of [...statements(stack), ...Object.values(resources(stack, 'AWS::IAM::Role'))]) {
      const all = texts(policy, ['Action', 'Resource', 'Principal', 'NotAction', 'NotResource']);
      assert.ok(all.length > 0);
      assert.deepEqual(all.filter((text) => text.includes('*')), []);
    }
    const actions = new Set(statements(stack).flatMap(({ Action }) => Action));
    assert.deepEqual([...actions].sort(), ['dynamodb:GetItem', 'logs:CreateLogStream', 'logs:PutLogEvents']);
    assert.equal(statements(stack).filter(({ Action }) => Action === 'dynamodb:GetItem').length, 1);
    for (const { Properties: permission } of Object.values(resources(stack, 'AWS::Lambda::Permission'))) {
      assert.equal(permission.Action, 'lambda:InvokeFunction');
      assert.ok(permission.SourceArn);
      if (!JSON.stringify(permission.FunctionName).includes('ApiBackend')) {
        assert.ok(!JSON.stringify(permission.SourceArn).includes('*'));
        assert.deepEqual(permission.SourceAccount, { Ref: 'AWS::AccountId' });
      }
    }
    assertNoWarnings(stack);
  });
}

test('no method and no route goes without the authorizer', () => {
  const stack = orders();
  const methods = Object.values(resources(stack, 'AWS::ApiGateway::Method'));
  assert.equal(methods.length, 2);
  const routes = Object.values(resources(stack, 'AWS::ApiGatewayV2::Route'));
  assert.equal(routes.length, 1);
  for (const { Properties } of [...methods, ...routes]) {
    assert.equal(Properties.AuthorizationType, 'CUSTOM');
    assert.ok(Properties.AuthorizerId.Ref);
  }
});

test('the app client is safe by default', () => {
  const stack = orders();
  assert.deepEqual(properties(stack, 'AWS::Cognito::UserPoolClient'), {
    UserPoolId: { Ref: logicalId(stack, 'AWS::Cognito::UserPool') },
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AllowedOAuthFlowsUserPoolClient: false,
    SupportedIdentityProviders: ['COGNITO'],
    GenerateSecret: false,
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: true,
    WriteAttributes: ['family_name', 'given_name', 'locale'],
    AccessTokenValidity: 15,
    IdTokenValidity: 15,
    RefreshTokenValidity: 1440,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
  });
  const pool = properties(stack, 'AWS::Cognito::UserPool');
  assert.equal(pool.DeletionProtection, 'ACTIVE');
  assert.equal(pool.UserPoolTier, 'ESSENTIALS');
  assert.deepEqual(pool.AdminCreateUserConfig, { AllowAdminCreateUserOnly: true });
});

test('machines have a client with a secret, whose tokens the authorizer takes', () => {
  const stack = orders(MACHINES);
  const machine = logicalId(stack, 'AWS::Cognito::UserPoolClient', 'PeoplePoolMachine');
  const { AllowedOAuthFlows, ExplicitAuthFlows, GenerateSecret } = properties(stack, 'AWS::Cognito::UserPoolClient', machine);
  assert.deepEqual(
    { AllowedOAuthFlows, ExplicitAuthFlows, GenerateSecret },
    { AllowedOAuthFlows: ['client_credentials'], ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'], GenerateSecret: true },
  );
  const { Environment } = properties(stack, 'AWS::Lambda::Function', 'AuthorizerFunction');
  assert.deepEqual(Environment.Variables.CLAIMWRIGHT_ISSUERS['Fn::Join'][1].at(-1), { Ref: machine });
});

test('a removable stack leaves nothing behind, and another keeps what people would miss', () => {
  const policies = (stack: Stack) =>
    ['AWS::Cognito::UserPool', 'AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup'].flatMap((type) =>
      Object.values(resources(stack, type)).map(({ DeletionPolicy }) => DeletionPolicy),
    );
  assert.deepEqual(policies(orders()), Array(5).fill('Retain'));
  assert.deepEqual(policies(orders({ removable: 'true' })), Array(5).fill('Delete'));
});

test('a context that means nothing is refused', () => {
  for (const [context, message] of [
    [{ triggerVersion: 'V4_0' }, 'the context triggerVersion is V4_0 and takes V1_0, V2_0, V3_0'],
    [{ architecture: 'arm' }, 'the context architecture is arm and takes arm64, x86_64'],
    [{ removable: 'yes' }, 'the context removable is "yes" and takes true or false'],
    [{ machineDomain: 'x' }, 'the context machineDomain needs triggerVersion V3_0, and it is V2_0; set both, or neither'],
    [
      { environment: { A: 1 } },
      'the context environment takes a json object of texts, for example {"CLAIMWRIGHT_KEYS_URL": "http://127.0.0.1:4566"}',
    ],
    [
      { packages: '/nowhere' },
      'there is no /nowhere/token-trigger-arm64.zip; make it with `cargo xtask package`, or name its folder in CLAIMWRIGHT_PACKAGES',
    ],
  ] as const) {
    assert.throws(() => orders(context), { message });
  }
});

test('node alone writes the template, and its outputs say what was made', () => {
  const out = join(packages, 'out');
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, '../examples/orders/app.js')], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      JSII_DEPRECATED: 'fail',
      CDK_OUTDIR: out,
      CLAIMWRIGHT_PACKAGES: packages,
      CDK_CONTEXT_JSON: JSON.stringify({
        architecture: 'x86_64',
        environment: { CLAIMWRIGHT_KEYS_URL: 'http://127.0.0.1:4566' },
        stackName: 'Named',
        ...MACHINES,
      }),
    },
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  const { Outputs, Resources } = JSON.parse(readFileSync(join(out, 'Named.template.json'), 'utf8'));
  for (const name of ['TriggerFunction', 'AuthorizerFunction']) {
    const [id] = Object.keys(Resources).filter((one) => one.startsWith(name) && Resources[one].Type === 'AWS::Lambda::Function');
    assert.deepEqual(Resources[id!].Properties.Architectures, ['x86_64']);
    assert.equal(Resources[id!].Properties.Environment.Variables.CLAIMWRIGHT_KEYS_URL, 'http://127.0.0.1:4566');
  }
  const own = Object.keys(Outputs).filter((name) => !name.startsWith('ApiRestEndpoint'));
  assert.deepEqual(own.sort(), [
    'AuthorizerFunctionArn',
    'AuthorizerFunctionName',
    'AuthorizerFunctionVersion',
    'AuthorizerServingVersion',
    'Claimwright',
    'HttpApiId',
    'HttpAuthorizerId',
    'HttpUrl',
    'Issuer',
    'MachineClientId',
    'Region',
    'RestApiId',
    'RestApiStage',
    'RestAuthorizerId',
    'RestUrl',
    'TableName',
    'TriggerFunctionArn',
    'TriggerFunctionName',
    'TriggerFunctionVersion',
    'TriggerServingVersion',
    'TriggerVersion',
    'UserPoolClientId',
    'UserPoolId',
  ]);
  const text = Outputs.Claimwright.Value['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'x')).join('');
  assert.deepEqual(Object.keys(JSON.parse(text)).sort(), [
    'authorizer_function_arn',
    'authorizer_function_name',
    'authorizer_function_version',
    'authorizer_serving_version',
    'http_api_id',
    'http_authorizer_id',
    'issuer',
    'machine_client_id',
    'pre_token_generation_config',
    'region',
    'rest_api_id',
    'rest_authorizer_id',
    'rest_stage',
    'tables',
    'trigger_function_arn',
    'trigger_function_name',
    'trigger_function_version',
    'trigger_serving_version',
    'trigger_version',
    'user_pool_client_id',
    'user_pool_id',
  ]);
});
