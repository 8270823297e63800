import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { ClaimAuthorizer, type ClaimAuthorizerProps, ClaimHttpAnswer } from 'claimwright-cdk';
import { assertNoWarnings, code, logicalId, newStack, poolWithClient, properties, resources, statements } from './stacks';

function authorizer(props: Partial<ClaimAuthorizerProps> = {}, stack = newStack()) {
  const { userPool, client } = poolWithClient(stack);
  new ClaimAuthorizer(stack, 'Authorizer', { code: code(stack), issuers: [{ userPool, clients: [client] }], ...props });
  return stack;
}

test('the function takes the tokens of its pool and client, from the header', () => {
  const stack = authorizer();
  const { Architectures, MemorySize, Timeout, Environment } = properties(stack, 'AWS::Lambda::Function');
  assert.deepEqual({ Architectures, MemorySize, Timeout }, { Architectures: ['arm64'], MemorySize: 256, Timeout: 8 });
  assert.deepEqual(Environment.Variables, {
    CLAIMWRIGHT_ISSUERS: {
      'Fn::Join': [
        '',
        [{ Ref: logicalId(stack, 'AWS::Cognito::UserPool') }, '=', { Ref: logicalId(stack, 'AWS::Cognito::UserPoolClient') }],
      ],
    },
    CLAIMWRIGHT_TOKEN_FROM: 'header:authorization',
    CLAIMWRIGHT_HTTP_ANSWER: 'iam',
  });
  assertNoWarnings(stack);
});

test('it may write its log, and nobody may call it yet', () => {
  const stack = authorizer();
  assert.deepEqual(statements(stack), [
    {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [logicalId(stack, 'AWS::Logs::LogGroup'), 'Arn'] },
    },
  ]);
  assert.equal(properties(stack, 'AWS::IAM::Role').ManagedPolicyArns, undefined);
  assert.deepEqual(resources(stack, 'AWS::Lambda::Permission'), {});
});

test('several pools and clients, imported ones too', () => {
  const stack = newStack();
  const pool = (id: string) => UserPool.fromUserPoolId(stack, id, id);
  const client = (id: string) => UserPoolClient.fromUserPoolClientId(stack, id, id);
  authorizer(
    {
      issuers: [
        { userPool: pool('eu-west-1_A'), clients: [client('c1'), client('c2')] },
        { userPool: pool('eu-west-1_B'), clients: [client('c3')] },
      ],
      tokenFrom: 'header:x-token, query:token',
      leeway: Duration.seconds(30),
      httpAnswer: ClaimHttpAnswer.SIMPLE,
    },
    stack,
  );
  assert.deepEqual(properties(stack, 'AWS::Lambda::Function').Environment.Variables, {
    CLAIMWRIGHT_ISSUERS: 'eu-west-1_A=c1,c2 eu-west-1_B=c3',
    CLAIMWRIGHT_TOKEN_FROM: 'header:x-token, query:token',
    CLAIMWRIGHT_LEEWAY: '30',
    CLAIMWRIGHT_HTTP_ANSWER: 'simple',
  });
});

test('it says whose tokens it takes', () => {
  assert.throws(() => authorizer({ issuers: [] }), {
    message: 'Test/Authorizer: issuers is empty, and then no token could be taken; name a user pool and its app clients',
  });
  const stack = newStack();
  const userPool = new UserPool(stack, 'People');
  assert.throws(() => authorizer({ issuers: [{ userPool, clients: [] }] }, stack), {
    message: 'Test/Authorizer: issuers has the pool Test/People without an app client; name those whose tokens are taken',
  });
  const other = newStack();
  const pool = new UserPool(other, 'People');
  const clients = [pool.addClient('One')];
  assert.throws(() => authorizer({ issuers: [{ userPool: pool, clients }, { userPool: pool, clients }] }, other), {
    message: 'Test/Authorizer: issuers has the pool Test/People twice; name all its app clients in one issuer',
  });
});

test('a pool is the same, however often it is imported', () => {
  const stack = newStack();
  const client = (id: string) => UserPoolClient.fromUserPoolClientId(stack, id, id);
  const arn = 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_A';
  const given = new CfnParameter(stack, 'Given').valueAsString;
  for (const [name, one, other] of [
    ['ById', UserPool.fromUserPoolId(stack, 'One', 'eu-west-1_A'), UserPool.fromUserPoolArn(stack, 'Other', arn)],
    ['ByParameter', UserPool.fromUserPoolId(stack, 'Given1', given), UserPool.fromUserPoolId(stack, 'Given2', given)],
  ] as const) {
    const issuers = [
      { userPool: one, clients: [client(`${name}1`)] },
      { userPool: other, clients: [client(`${name}2`)] },
    ];
    assert.throws(() => new ClaimAuthorizer(stack, name, { code: code(stack), issuers }), {
      message: `Test/${name}: issuers has the pool ${other.node.path} twice; name all its app clients in one issuer`,
    });
  }
});

test('an id is one that Cognito gives', () => {
  const issuers = (stack: Stack, pool: string, client: string) => [
    { userPool: UserPool.fromUserPoolId(stack, 'Pool1', pool), clients: [UserPoolClient.fromUserPoolClientId(stack, 'Client1', client)] },
  ];
  for (const pool of ['eu-west-1', 'people', 'eu-west-1_A=c1', 'eusc-de-east-1_A']) {
    const stack = newStack();
    assert.throws(() => authorizer({ issuers: issuers(stack, pool, 'c1') }, stack), {
      message: `Test/Authorizer: issuers has the pool id "${pool}", and an id is like eu-west-1_Ab12Cd34E; give the id that Cognito gave the pool`,
    });
  }
  for (const client of ['', ' ', 'c1,c2', 'my app']) {
    const stack = newStack();
    assert.throws(() => authorizer({ issuers: issuers(stack, 'eu-west-1_A', client) }, stack), {
      message: `Test/Authorizer: issuers has the app client id "${client}", and an id is letters and digits, like 4demo0client0id; give the id that Cognito gave the client`,
    });
  }
});

test('gateways wait ten seconds', () => {
  for (const seconds of [0, 10]) {
    assert.throws(() => authorizer({ timeout: Duration.seconds(seconds) }), {
      message: `Test/Authorizer: timeout is ${seconds} s and takes whole seconds from 1 to 9, because api gateway waits ten seconds`,
    });
  }
});

test('what the function would refuse at its start is refused here', () => {
  for (const [leeway, met] of [
    [Duration.seconds(301), 301],
    [Duration.millis(1500), 1.5],
  ] as const) {
    assert.throws(() => authorizer({ leeway }), {
      message: `Test/Authorizer: leeway is ${met} s and takes whole seconds from 0 to 300, because no clock is wrong by more than some minutes`,
    });
  }
  for (const [tokenFrom, part] of [
    ['', ''],
    ['authorization', 'authorization'],
    ['cookie:token', 'cookie:token'],
    ['header:', 'header:'],
    ['header:a,', ''],
  ] as const) {
    assert.throws(() => authorizer({ tokenFrom }), {
      message: `Test/Authorizer: tokenFrom has the part "${part}" and takes header:NAME, query:NAME and protocol:NAME, divided by commas`,
    });
  }
});
