import type { Duration } from 'aws-cdk-lib';
import type { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** A new version that gets a part of the calls, while the version before it answers the others. */
export interface ClaimCanary {
  /** The number of the version that answers the other calls, for example `7`. */
  readonly stableVersion: string;

  /** The part of the calls that the new version gets, more than 0 and less than 1. */
  readonly newWeight: number;
}

/** What both functions can be told. */
export interface ClaimFunctionProps {
  /** The function's zip, made by `cargo xtask package PATH/claims.yaml` for the same architecture. */
  readonly code: Code;

  /**
   * The processor that the zip was built for.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Memory in MB. Lambda gives computing time in proportion to it.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How long one call may take, in whole seconds.
   *
   * @default - 4 seconds, which is also the most, for the trigger; 8 seconds, of at most 9, for the authorizer
   */
  readonly timeout?: Duration;

  /**
   * More environment variables, for example `CLAIMWRIGHT_KEYS_URL`. Those that a property sets cannot be set here.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Where the function writes its log.
   *
   * @default - a log group of its own, which is kept when the stack is deleted
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the log group that is made here keeps a line.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Gives the new version a part of the calls only.
   *
   * @default - the new version gets every call
   */
  readonly canary?: ClaimCanary;

  /**
   * Where alarms go. Without it, no alarm is made.
   *
   * @default - no alarms
   */
  readonly alarmTopic?: ITopic;
}
