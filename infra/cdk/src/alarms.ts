import { Duration } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

const PERIOD = Duration.minutes(5);

/** Someone waits for each of these calls, and the cold start comes on top of what Lambda calls the duration. */
const SLOW_MILLISECONDS = 3000;

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
export function authorizerAlarms(scope: Construct, alias: Alias, topic: ITopic | undefined): Alarm[] {
  // Lambda's own `Errors` would count every caller without a good token, because that is how a gateway is told 401.
  const count = (metricName: string, outcome: string) =>
    new Metric({
      namespace: 'Claimwright',
      metricName,
      dimensionsMap: { outcome },
      statistic: Stats.SUM,
      period: PERIOD,
    });
  return alarms(scope, topic, [
    ...invocationAlarms(alias),
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
