import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ClaimAuthorizer, type ClaimAuthorizerProps, ClaimTrigger, type ClaimTriggerProps } from 'claimwright-cdk';
import { assertNoWarnings, code, logicalId, newStack, poolWithClient, properties, resources, statements } from './stacks';

function trigger(props: Partial<ClaimTriggerProps> = {}, stack = newStack()) {
  new ClaimTrigger(stack, 'Trigger', { code: code(stack), ...props });
  return stack;
}

function authorizer(props: Partial<ClaimAuthorizerProps> = {}, stack = newStack()) {
  const { userPool, client } = poolWithClient(stack);
  return new ClaimAuthorizer(stack, 'Authorizer', { code: code(stack), issuers: [{ userPool, clients: [client] }], ...props });
}

test('the log has a group of its own, which outlives the stack', () => {
  const stack = trigger();
  assert.deepEqual(properties(stack, 'AWS::Logs::LogGroup'), { RetentionInDays: 30 });
  assert.equal(Object.values(resources(stack, 'AWS::Logs::LogGroup'))[0]!.DeletionPolicy, 'Retain');
  assert.deepEqual(properties(stack, 'AWS::Lambda::Function').LoggingConfig, {
    LogFormat: 'Text',
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
    assert.throws(() => authorizer({ environment: { [variable]: 'x' } }), {
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

test('the version that serves is known, for the next canary', () => {
  const canary = { stableVersion: '7', newWeight: 0.1 };
  const stack = newStack();
  assert.equal(new ClaimTrigger(stack, 'Trigger', { code: code(stack), canary }).servingVersion, '7');
  assert.equal(authorizer({ canary }).servingVersion, '7');
  const other = newStack();
  const newest = other.resolve(authorizer({}, other).servingVersion);
  assert.deepEqual(newest, { 'Fn::GetAtt': [logicalId(other, 'AWS::Lambda::Version'), 'Version'] });
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
  const made = new ClaimTrigger(stack, 'Trigger', { code: code(stack), alarmTopic });
  assert.equal(made.alarms.length, 3);
  assert.equal(authorizer({ alarmTopic }, stack).alarms.length, 5);
  const alarms = Object.entries(resources(stack, 'AWS::CloudWatch::Alarm')).map(([id, { Properties: alarm }]) => {
    assert.deepEqual(alarm.AlarmActions, [{ Ref: logicalId(stack, 'AWS::SNS::Topic') }]);
    assert.equal(alarm.TreatMissingData, 'notBreaching');
    assert.equal(alarm.ComparisonOperator, 'GreaterThanOrEqualToThreshold');
    assert.equal(alarm.Period, 300);
    const of = (alarm.Dimensions ?? []).map(({ Name, Value }: { Name: string; Value: unknown }) =>
      typeof Value === 'string' ? `${Name}=${Value}` : Name,
    );
    const metric = typeof alarm.MetricName === 'string' ? alarm.MetricName : 'of its own';
    const what = `${alarm.Namespace} ${metric} ${of} ${alarm.Statistic ?? alarm.ExtendedStatistic} ${alarm.Threshold}`;
    return `${/^[A-Z][a-z]+/.exec(id)}: ${what}`;
  });
  assert.deepEqual(alarms.sort(), [
    'Authorizer: AWS/Lambda Duration FunctionName,Resource p99 3000',
    'Authorizer: AWS/Lambda Throttles FunctionName,Resource Sum 1',
    'Authorizer: Claimwright Decisions outcome=error Sum 5',
    'Authorizer: Claimwright KeyFetches outcome=failed Sum 3',
    'Authorizer: Claimwright of its own  Sum 1',
    'Trigger: AWS/Lambda Duration FunctionName,Resource p99 3000',
    'Trigger: AWS/Lambda Errors FunctionName,Resource Sum 5',
    'Trigger: AWS/Lambda Throttles FunctionName,Resource Sum 1',
  ]);
});

test('an authorizer that ends wakes somebody, and a wrong token does not', () => {
  const silent = newStack();
  authorizer({}, silent);
  assert.deepEqual(resources(silent, 'AWS::Logs::MetricFilter'), {});
  const stack = newStack();
  authorizer({ alarmTopic: new Topic(stack, 'Topic') }, stack);
  const { FilterPattern, LogGroupName, MetricTransformations } = properties(stack, 'AWS::Logs::MetricFilter');
  const MetricName = { 'Fn::Join': ['', [{ Ref: logicalId(stack, 'AWS::Lambda::Function') }, '-ended']] };
  assert.deepEqual(LogGroupName, { Ref: logicalId(stack, 'AWS::Logs::LogGroup') });
  assert.deepEqual(MetricTransformations, [{ MetricNamespace: 'Claimwright', MetricName, MetricValue: '1' }]);
  assert.deepEqual(properties(stack, 'AWS::CloudWatch::Alarm', 'AuthorizerEndedAlarm').MetricName, MetricName);
  const terms = [...FilterPattern.matchAll(/\?"([^"]+)"/g)].map(([, term]) => term as string);
  const counted = (line: string) => terms.some((term) => line.includes(term));
  // In the form in which Lambda's text format has them.
  for (const line of [
    '{"level":"error","message":"the function cannot run","detail":"the environment has no `CLAIMWRIGHT_ISSUERS`"}',
    'RequestId: 4a75c2f1 Error: Runtime exited with error: exit status 1',
    'RequestId: 4a75c2f1 Error: Runtime exited with error: signal: killed',
    'Runtime.ExitError',
    'INIT_REPORT Init Duration: 107.71 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError',
    'INIT_REPORT Init Duration: 0.79 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.InvalidEntrypoint',
    'INIT_REPORT Init Duration: 9999.52 ms\tPhase: init\tStatus: timeout',
    'REPORT RequestId: 4a75c2f1\tDuration: 12.34 ms\tMax Memory Used: 256 MB\tStatus: error\tError Type: Runtime.OutOfMemory',
    'REPORT RequestId: 4a75c2f1\tDuration: 8000.00 ms\tMax Memory Used: 12 MB\tStatus: timeout',
    '2026-11-20T10:00:00.000Z 4a75c2f1 Task timed out after 8.00 seconds',
  ]) {
    assert.ok(counted(line), line);
  }
  for (const line of [
    'START RequestId: 4a75c2f1 Version: 7',
    '{"level":"info","message":"call decided","outcome":"deny","reason":"token-expired"}',
    '{"level":"error","message":"no decision","outcome":"error","reason":"keys-unavailable"}',
    'END RequestId: 4a75c2f1',
    'REPORT RequestId: 4a75c2f1\tDuration: 1.20 ms\tMax Memory Used: 12 MB\tStatus: error\tError Type: Function.Unknown',
  ]) {
    assert.ok(!counted(line), line);
  }
});
