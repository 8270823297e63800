import { Duration } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { DeployedFunction } from './deployed-function';

const PERIOD = Duration.minutes(5);

/** Someone waits for each of these calls, and the cold start comes on top of what Lambda calls the duration. */
const SLOW_MILLISECONDS = 3000;

/**
 * What the log has when an authorizer ends: then it writes no decision, so only the platform speaks of it. The lines are those
 * that AWS's pages and published logs show in the text format; the pattern was not tried on AWS. No caller can have one written:
 * the line of a decision holds no text of a caller.
 */
const ENDED = [
  'the function cannot run', // the function's own last words: a setting or a file of the package is wrong
  'Runtime exited', // the process ended, by itself or killed, and Lambda says with which status
  'Runtime.ExitError', // the same, in the report of a start or of an invocation
  'Runtime.OutOfMemory', // it was killed because it took more than memorySize
  'Runtime.InvalidEntrypoint', // there is no bootstrap that this processor runs
  'Task timed out', // the invocation was ended at the timeout
  'Status: timeout', // the same in its report, and a start that took more than 10 seconds
];

/** The alarms of the token trigger. */
export function triggerAlarms(scope: Construct, alias: Alias, topic: ITopic | undefined): Alarm[] {
  return alarms(scope, topic, [
    ...invocationAlarms(alias),
    {
      id: 'ErrorsAlarm',
      metric: alias.metricErrors({ period: PERIOD }),
      threshold: 5,
      description: 'Sign-ins fail. Those that a rule of the contract refuses count too: the log has the code of each.',
    },
  ]);
}

/** The alarms of the authorizer. */
export function authorizerAlarms(scope: Construct, deployed: DeployedFunction, topic: ITopic | undefined): Alarm[] {
  if (topic === undefined) {
    return [];
  }
  // Lambda's own `Errors` would count every caller without a good token, because that is how a gateway is told 401.
  const count = (metricName: string, outcome: string) =>
    new Metric({
      namespace: 'Claimwright',
      metricName,
      dimensionsMap: { outcome },
      statistic: Stats.SUM,
      period: PERIOD,
    });
  const ended = new MetricFilter(scope, 'Ended', {
    logGroup: deployed.logGroup,
    filterPattern: FilterPattern.anyTerm(...ENDED),
    metricNamespace: 'Claimwright',
    // A filter for words has no dimensions, so the name says which function it is.
    metricName: `${deployed.handler.functionName}-ended`,
  });
  return alarms(scope, topic, [
    ...invocationAlarms(deployed.alias),
    {
      id: 'EndedAlarm',
      metric: ended.metric({ statistic: Stats.SUM, period: PERIOD }),
      threshold: 1,
      description: 'Calls are answered with 500, because the authorizer does not start, ends or takes too long. Its log says why.',
    },
    {
      id: 'UndecidedAlarm',
      metric: count('Decisions', 'error'),
      threshold: 5,
      description: 'Calls are answered with 500, because nobody knows whether they are allowed.',
    },
    {
      id: 'KeysAlarm',
      metric: count('KeyFetches', 'failed'),
      threshold: 3,
      description: 'The keys of a user pool cannot be fetched. Those that are known serve for a day.',
    },
  ]);
}

interface AlarmSpec {
  readonly id: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly description: string;
}

function invocationAlarms(alias: Alias): AlarmSpec[] {
  return [
    {
      id: 'ThrottlesAlarm',
      metric: alias.metricThrottles({ period: PERIOD }),
      threshold: 1,
      description: 'Lambda turns calls away, because too many run at once.',
    },
    {
      id: 'DurationAlarm',
      metric: alias.metricDuration({ period: PERIOD, statistic: Stats.percentile(99) }),
      threshold: SLOW_MILLISECONDS,
      description: 'One call in a hundred takes three seconds or more.',
    },
  ];
}

function alarms(scope: Construct, topic: ITopic | undefined, specs: readonly AlarmSpec[]): Alarm[] {
  if (topic === undefined) {
    return [];
  }
  return specs.map(({ id, metric, threshold, description }) => {
    const alarm = metric.createAlarm(scope, id, {
      alarmDescription: description,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  });
}
