import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LambdaVersion, UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Table, TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { ClaimTrigger, type ClaimTriggerProps, ProfileTable } from 'claimwright-cdk';
import { assertNoWarnings, code, ENV, logicalId, newStack, poolWithClient, properties, resources, statements } from './stacks';

function trigger(props: Partial<ClaimTriggerProps> = {}, stack = newStack()) {
  return { stack, trigger: new ClaimTrigger(stack, 'Trigger', { code: code(stack), ...props }) };
}

test('the function is what the runtime and Cognito need', () => {
  const { stack } = trigger();
  const { Runtime, Handler, Architectures, MemorySize, Timeout, Environment } = properties(stack, 'AWS::Lambda::Function');
  assert.deepEqual(
    { Runtime, Handler, Architectures, MemorySize, Timeout },
    { Runtime: 'provided.al2023', Handler: 'bootstrap', Architectures: ['arm64'], MemorySize: 256, Timeout: 4 },
  );
  assert.deepEqual(Environment, { Variables: { CLAIMWRIGHT_FACTS_MS: '1500' } });
  assertNoWarnings(stack);
});

test('what is given is taken', () => {
  const { stack } = trigger({
    architecture: Architecture.X86_64,
    memorySize: 512,
    timeout: Duration.seconds(3),
    factsTimeout: Duration.seconds(2),
    environment: { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' },
  });
  const { Architectures, MemorySize, Timeout, Environment } = properties(stack, 'AWS::Lambda::Function');
  assert.deepEqual({ Architectures, MemorySize, Timeout }, { Architectures: ['x86_64'], MemorySize: 512, Timeout: 3 });
  assert.deepEqual(Environment.Variables, {
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
    CLAIMWRIGHT_FACTS_MS: '2000',
  });
});

test('it may read items of its tables and write its log, and nothing else', () => {
  const stack = newStack();
  const profiles = new ProfileTable(stack, 'Profiles').table;
  const accounts = new Table(stack, 'Accounts', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  accounts.addGlobalSecondaryIndex({ indexName: 'by-owner', partitionKey: { name: 'owner', type: AttributeType.STRING } });
  const old = Table.fromTableName(stack, 'Old', 'old-profiles');
  trigger({ tables: { profiles, accounts, old } }, stack);
  const arn = (type: string, id: string) => ({ 'Fn::GetAtt': [logicalId(stack, type, id), 'Arn'] });
  assert.deepEqual(statements(stack), [
    {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Effect: 'Allow',
      Resource: arn('AWS::Logs::LogGroup', 'TriggerLog'),
    },
    {
      Action: 'dynamodb:GetItem',
      Effect: 'Allow',
      Resource: [
        arn('AWS::DynamoDB::GlobalTable', 'Profiles'),
        arn('AWS::DynamoDB::Table', 'Accounts'),
        {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':dynamodb:',
              { Ref: 'AWS::Region' },
              ':',
              { Ref: 'AWS::AccountId' },
              ':table/old-profiles',
            ],
          ],
        },
      ],
    },
  ]);
  assert.equal(properties(stack, 'AWS::IAM::Role').ManagedPolicyArns, undefined);
  // A role's name is the account's: a second Region needs another.
  assert.equal(properties(stack, 'AWS::IAM::Role').RoleName, undefined);
  assert.deepEqual(properties(stack, 'AWS::Lambda::Function').Environment.Variables.CLAIMWRIGHT_TABLES, {
    'Fn::Join': [
      '',
      [
        'profiles=',
        { Ref: logicalId(stack, 'AWS::DynamoDB::GlobalTable', 'Profiles') },
        ',accounts=',
        { Ref: logicalId(stack, 'AWS::DynamoDB::Table', 'Accounts') },
        ',old=old-profiles',
      ],
    ],
  });
});

test('a table with a customer\'s key may be decrypted through DynamoDB only', () => {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const encryption = TableEncryptionV2.customerManagedKey(new Key(stack, 'Key'));
  trigger({ tables: { profiles: new ProfileTable(stack, 'Profiles', { encryption }).table } }, stack);
  assert.deepEqual(statements(stack).at(-1), {
    Action: 'kms:Decrypt',
    Effect: 'Allow',
    Resource: { 'Fn::GetAtt': [logicalId(stack, 'AWS::KMS::Key'), 'Arn'] },
    Condition: {
      StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' },
    },
  });
});

test('an alias of a key grants nothing', () => {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  for (const [name, key] of [
    ['Imported', Alias.fromAliasName(stack, 'ImportedAlias', 'alias/profiles')],
    ['Made', new Alias(stack, 'MadeAlias', { aliasName: 'alias/made', targetKey: new Key(stack, 'Key') })],
  ] as const) {
    const encryption = TableEncryptionV2.customerManagedKey(key);
    const { table } = new ProfileTable(stack, name, { encryption });
    assert.throws(() => new ClaimTrigger(stack, `Trigger${name}`, { code: code(stack), tables: { profiles: table } }), {
      message: `Test/Trigger${name}: the table Test/${name}/Table is encrypted with the alias of a key, and a permission for an alias allows nothing; encrypt it with the key itself, which Key.fromKeyArn imports`,
    });
  }
});

for (const version of [undefined, LambdaVersion.V1_0, LambdaVersion.V2_0, LambdaVersion.V3_0]) {
  test(`the pool calls the alias with version ${version ?? 'V2_0, if nothing is said'}`, () => {
    const stack = newStack();
    const { userPool } = poolWithClient(stack);
    trigger({ userPool, triggerVersion: version }, stack);
    const alias = { Ref: logicalId(stack, 'AWS::Lambda::Alias') };
    assert.deepEqual(properties(stack, 'AWS::Cognito::UserPool').LambdaConfig, {
      PreTokenGenerationConfig: { LambdaArn: alias, LambdaVersion: version ?? 'V2_0' },
    });
    assert.equal(properties(stack, 'AWS::Lambda::Alias').Name, 'live');
    // The only permission there is: CDK's own would lack the account.
    assert.deepEqual(properties(stack, 'AWS::Lambda::Permission'), {
      Action: 'lambda:InvokeFunction',
      FunctionName: alias,
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [logicalId(stack, 'AWS::Cognito::UserPool'), 'Arn'] },
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
    assertNoWarnings(stack);
  });
}

test('the pool may be in another stack', () => {
  const app = new App();
  const pools = new Stack(app, 'Pools', { env: ENV });
  const functions = new Stack(app, 'Functions', { env: ENV });
  trigger({ userPool: new UserPool(pools, 'Pool') }, functions);
  app.synth();
  assert.deepEqual(resources(functions, 'AWS::Lambda::Permission'), {});
  assert.equal(properties(pools, 'AWS::Lambda::Permission').SourceAccount, ENV.account);
});

test('a pool that is not made here is refused, and may still be let in', () => {
  const stack = newStack();
  const imported = UserPool.fromUserPoolId(stack, 'Imported', 'eu-west-1_Ab12Cd34E');
  assert.throws(() => trigger({ userPool: imported }, stack), {
    message:
      'Test/Trigger: userPool is imported, and cdk changes only pools that are made in the app; leave userPool out, call grantInvokeFrom with its arn, and set preTokenGenerationConfig on the pool',
  });

  const { stack: other, trigger: made } = trigger({ triggerVersion: LambdaVersion.V3_0 });
  made.grantInvokeFrom('arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_Ab12Cd34E');
  made.grantInvokeFrom('arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_Second');
  const permissions = Object.values(resources(other, 'AWS::Lambda::Permission')).map(({ Properties }) => Properties);
  const alias = { Ref: logicalId(other, 'AWS::Lambda::Alias') };
  assert.deepEqual(
    permissions,
    ['eu-west-1_Ab12Cd34E', 'eu-west-1_Second'].map((pool) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: alias,
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: `arn:aws:cognito-idp:eu-west-1:444455556666:userpool/${pool}`,
      SourceAccount: '444455556666',
    })),
  );
  assert.deepEqual(other.resolve(made.preTokenGenerationConfig), {
    'Fn::Join': ['', ['{"LambdaVersion":"V3_0","LambdaArn":"', alias, '"}']],
  });
});

test('only one pool is let in at once', () => {
  const { trigger: made } = trigger();
  for (const arn of [
    '*',
    'arn:aws:cognito-idp:eu-west-1:444455556666:userpool/*',
    'arn:aws:cognito-idp:*:444455556666:userpool/eu-west-1_Ab12Cd34E',
    'eu-west-1_Ab12Cd34E',
  ]) {
    assert.throws(() => made.grantInvokeFrom(arn), {
      message: `Test/Trigger: grantInvokeFrom was given ${arn} and takes the arn of one user pool, for example arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab12Cd34E`,
    });
  }
});

test('Cognito waits five seconds, so the function may take four', () => {
  for (const [timeout, met] of [
    [Duration.seconds(5), '5'],
    [Duration.minutes(1), '60'],
    [Duration.millis(2500), '2.5'],
  ] as const) {
    assert.throws(() => trigger({ timeout }), {
      message: `Test/Trigger: timeout is ${met} s and takes whole seconds from 1 to 4, because cognito waits five seconds for everything, the start of the function included`,
    });
  }
});

test('lookups end before the function does', () => {
  for (const [props, met, most] of [
    [{ factsTimeout: Duration.millis(0) }, 0, 4000],
    [{ factsTimeout: Duration.seconds(4) }, 4000, 4000],
    [{ timeout: Duration.seconds(1) }, 1500, 1000],
  ] as const) {
    assert.throws(() => trigger(props), {
      message: `Test/Trigger: factsTimeout is ${met} ms and takes 1 to 4000, and less than the timeout of ${most} ms, so that the function still answers by itself`,
    });
  }
});

test('a table has a name that the function can read', () => {
  const stack = newStack();
  const { table } = new ProfileTable(stack, 'Profiles', { removalPolicy: RemovalPolicy.DESTROY });
  for (const [index, name] of ['', 'a b', 'a=b', 'a,b'].entries()) {
    assert.throws(() => new ClaimTrigger(stack, `Trigger${index}`, { code: code(stack), tables: { [name]: table } }), {
      message: `Test/Trigger${index}: tables has the name "${name}", and a name has no blank, comma or equals sign; use the one in the contract`,
    });
  }
});
