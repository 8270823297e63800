import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ClaimAuthorizer, ClaimTrigger, type ClaimTriggerProps } from 'claimwright-cdk';
import { assertNoWarnings, code, logicalId, newStack, poolWithClient, properties, resources, statements } from './stacks';

function trigger(props: Partial<ClaimTriggerProps> = {}, stack = newStack()) {
  new ClaimTrigger(stack, 'Trigger', { code: code(stack), ...props });
  return stack;
}

test('the log has a group of its own, which outlives the stack', () => {
  const stack = trigger();
  assert.deepEqual(properties(stack, 'AWS::Logs::LogGroup'), { RetentionInDays: 30 });
  assert.equal(Object.values(resources(stack, 'AWS::Logs::LogGroup'))[0]!.DeletionPolicy, 'Retain');
  assert.deepEqual(properties(stack, 'AWS::Lambda::Function').LoggingConfig, {
    LogGroup: { Ref: logicalId(stack, 'AWS::Logs::LogGroup') },
  });
  assert.equal(properties(trigger({ logRetention: RetentionDays.ONE_YEAR }), 'AWS::Logs::LogGroup').RetentionInDays, 365);
});

test('a log group that is given is the one that may be written', () => {
  const stack = newStack();
  trigger({ logGroup: LogGroup.fromLogGroupName(stack, 'Given', 'sign-ins') }, stack);
  assert.deepEqual(resources(stack, 'AWS::Logs::LogGroup'), {});
  assert.equal(properties(stack, 'AWS::Lambda::Function').LoggingConfig.LogGroup, 'sign-ins');
  assert.deepEqual(statements(stack), [
    {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Effect: 'Allow',
      Resource: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':logs:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            ':log-group:sign-ins:*', // its streams
          ],
        ],
      },
    },
  ]);
  const both = newStack();
  const logGroup = new LogGroup(both, 'Given');
  assert.throws(() => trigger({ logGroup, logRetention: RetentionDays.ONE_DAY }, both), {
    message: 'Test/Trigger: logRetention is of the log group that is made here, and logGroup is given; set the retention of that one',
  });
});

test('a variable has one source', () => {
  for (const [variable, property] of [
    ['CLAIMWRIGHT_TABLES', 'tables'],
    ['CLAIMWRIGHT_FACTS_MS', 'factsTimeout'],
  ] as const) {
    assert.throws(() => trigger({ environment: { [variable]: 'x' } }), {
      message: `Test/Trigger: environment has ${variable}, which the property ${property} sets; leave it out and use ${property}`,
    });
  }
  for (const [variable, property] of [
    ['CLAIMWRIGHT_ISSUERS', 'issuers'],
    ['CLAIMWRIGHT_TOKEN_FROM', 'tokenFrom'],
    ['CLAIMWRIGHT_LEEWAY', 'leeway'],
    ['CLAIMWRIGHT_HTTP_ANSWER', 'httpAnswer'],
  ] as const) {
    const stack = newStack();
    const { userPool, client } = poolWithClient(stack);
    const props = { code: code(stack), issuers: [{ userPool, clients: [client] }], environment: { [variable]: 'x' } };
    assert.throws(() => new ClaimAuthorizer(stack, 'Authorizer', props), {
      message: `Test/Authorizer: environment has ${variable}, which the property ${property} sets; leave it out and use ${property}`,
    });
  }
});

test('the alias follows the newest version, and older ones are kept', () => {
  const stack = trigger();
  const version = logicalId(stack, 'AWS::Lambda::Version');
  assert.deepEqual(properties(stack, 'AWS::Lambda::Alias'), {
    FunctionName: { Ref: logicalId(stack, 'AWS::Lambda::Function') },
    FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    Name: 'live',
  });
  assert.equal(resources(stack, 'AWS::Lambda::Version')[version]!.DeletionPolicy, 'Retain');
  assert.equal(resources(stack, 'AWS::Lambda::Version')[version]!.UpdateReplacePolicy, 'Retain');
});

test('a canary gives the new version its part of the calls', () => {
  const stack = trigger({ canary: { stableVersion: '7', newWeight: 0.1 } });
  const alias = properties(stack, 'AWS::Lambda::Alias');
  assert.equal(alias.FunctionVersion, '7');
  assert.deepEqual(alias.RoutingConfig, {
    AdditionalVersionWeights: [
      { FunctionVersion: { 'Fn::GetAtt': [logicalId(stack, 'AWS::Lambda::Version'), 'Version'] }, FunctionWeight: 0.1 },
    ],
  });
  assertNoWarnings(stack);
});

test('a canary is between two published versions', () => {
  for (const stableVersion of ['$LATEST', 'live', '0', '']) {
    assert.throws(() => trigger({ canary: { stableVersion, newWeight: 0.1 } }), {
      message: `Test/Trigger: canary.stableVersion is ${stableVersion} and takes the number of a published version, for example 7`,
    });
  }
  for (const newWeight of [0, 1, -0.5, 10, Number.NaN]) {
    assert.throws(() => trigger({ canary: { stableVersion: '7', newWeight } }), {
      message: `Test/Trigger: canary.newWeight is ${newWeight} and takes a number between 0 and 1; leave canary out to give the new version every call`,
    });
  }
});

test('alarms are made for a topic only, and tell failures from refusals', () => {
  assert.deepEqual(resources(trigger(), 'AWS::CloudWatch::Alarm'), {});
  const stack = newStack();
  const alarmTopic = new Topic(stack, 'Topic');
  const { userPool, client } = poolWithClient(stack);
  const made = new ClaimTrigger(stack, 'Trigger', { code: code(stack), alarmTopic });
  const authorizer = new ClaimAuthorizer(stack, 'Authorizer', {
    code: code(stack),
    issuers: [{ userPool, clients: [client] }],
    alarmTopic,
  });
  assert.equal(made.alarms.length, 3);
  assert.equal(authorizer.alarms.length, 4);
  const alarms = Object.entries(resources(stack, 'AWS::CloudWatch::Alarm')).map(([id, { Properties: alarm }]) => {
    assert.deepEqual(alarm.AlarmActions, [{ Ref: logicalId(stack, 'AWS::SNS::Topic') }]);
    assert.equal(alarm.TreatMissingData, 'notBreaching');
    assert.equal(alarm.ComparisonOperator, 'GreaterThanOrEqualToThreshold');
    assert.equal(alarm.Period, 300);
    const of = alarm.Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) =>
      typeof Value === 'string' ? `${Name}=${Value}` : Name,
    );
    const what = `${alarm.Namespace} ${alarm.MetricName} ${of} ${alarm.Statistic ?? alarm.ExtendedStatistic} ${alarm.Threshold}`;
    return `${/^[A-Z][a-z]+/.exec(id)}: ${what}`;
  });
  assert.deepEqual(alarms.sort(), [
    'Authorizer: AWS/Lambda Duration FunctionName,Resource p99 3000',
    'Authorizer: AWS/Lambda Throttles FunctionName,Resource Sum 1',
    'Authorizer: Claimwright Decisions outcome=error Sum 5',
    'Authorizer: Claimwright KeyFetches outcome=failed Sum 3',
    'Trigger: AWS/Lambda Duration FunctionName,Resource p99 3000',
    'Trigger: AWS/Lambda Errors FunctionName,Resource Sum 5',
    'Trigger: AWS/Lambda Throttles FunctionName,Resource Sum 1',
  ]);
});
