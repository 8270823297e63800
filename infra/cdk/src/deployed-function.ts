import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, Function, type IFunction, type IVersion, LoggingFormat, Runtime, Version } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ClaimCanary, ClaimFunctionProps } from './claim-function-props';
import { refuse } from './refuse';

/** What the two functions differ in. */
export interface FunctionSpec {
  readonly description: string;
  readonly timeout: TimeoutRule;
  /** The variables that properties set, with the property of each; one without a value is not set. */
  readonly settings: readonly Setting[];
  readonly statements: readonly PolicyStatement[];
}

export interface TimeoutRule {
  readonly byDefault: Duration;
  readonly mostSeconds: number;
  readonly because: string;
}

export interface Setting {
  readonly variable: string;
  readonly property: string;
  readonly value: string | undefined;
}

export interface DeployedFunction {
  readonly handler: Function;
  readonly alias: Alias;
  readonly role: Role;
  readonly logGroup: ILogGroup;
  /** The alias as pools and gateways are given it: they add no permission of their own to it. */
  readonly invoked: IFunction;
}

/** Makes a function with exactly its permissions, and the alias by which it is called. */
export function deployFunction(scope: Construct, props: ClaimFunctionProps, spec: FunctionSpec): DeployedFunction {
  const timeout = checkedTimeout(scope, props.timeout, spec.timeout);
  const environment = checkedEnvironment(scope, props.environment ?? {}, spec.settings);
  if (props.logGroup !== undefined && props.logRetention !== undefined) {
    refuse(scope, 'logRetention is of the log group that is made here, and logGroup is given; set the retention of that one');
  }
  const logGroup =
    props.logGroup ??
    new LogGroup(scope, 'Log', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  // Not AWSLambdaBasicExecutionRole, which may write to every log group of the account and make new ones.
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  for (const statement of spec.statements) {
    role.addToPrincipalPolicy(statement);
  }
  const handler = new Function(scope, 'Function', {
    description: spec.description,
    runtime: Runtime.PROVIDED_AL2023,
    handler: 'bootstrap',
    code: props.code,
    architecture: props.architecture ?? Architecture.ARM_64,
    memorySize: props.memorySize ?? 256,
    timeout,
    environment,
    role,
    logGroup,
    // Each line is JSON already, and its metrics are read from it as it stands. The alarm of an authorizer that ends reads
    // the lines of Lambda itself in this format.
    loggingFormat: LoggingFormat.TEXT,
    // A canary needs the version before, and so does the way back.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  const alias = new Alias(scope, 'Alias', {
    aliasName: 'live',
    ...versions(scope, handler, props.canary),
  });
  const invoked = Function.fromFunctionAttributes(scope, 'Invoked', {
    functionArn: alias.functionArn,
    sameEnvironment: false,
    skipPermissions: true,
  });
  return { handler, alias, role, logGroup, invoked };
}

function checkedTimeout(scope: Construct, given: Duration | undefined, rule: TimeoutRule): Duration {
  const timeout = given ?? rule.byDefault;
  const seconds = timeout.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > rule.mostSeconds) {
    refuse(scope, `timeout is ${seconds} s and takes whole seconds from 1 to ${rule.mostSeconds}, because ${rule.because}`);
  }
  return timeout;
}

function checkedEnvironment(
  scope: Construct,
  given: { readonly [name: string]: string },
  settings: readonly Setting[],
): { [name: string]: string } {
  const environment = { ...given };
  for (const { variable, property, value } of settings) {
    if (variable in given) {
      refuse(scope, `environment has ${variable}, which the property ${property} sets; leave it out and use ${property}`);
    }
    if (value !== undefined) {
      environment[variable] = value;
    }
  }
  return environment;
}

function versions(scope: Construct, handler: Function, canary: ClaimCanary | undefined) {
  // Read in each case: this is what publishes the new version.
  const current: IVersion = handler.currentVersion;
  if (canary === undefined) {
    return { version: current };
  }
  const { stableVersion, newWeight } = canary;
  if (!/^[1-9][0-9]*$/.test(stableVersion)) {
    refuse(scope, `canary.stableVersion is ${stableVersion} and takes the number of a published version, for example 7`);
  }
  if (!(newWeight > 0 && newWeight < 1)) {
    refuse(
      scope,
      `canary.newWeight is ${newWeight} and takes a number between 0 and 1; leave canary out to give the new version every call`,
    );
  }
  return {
    version: Version.fromVersionAttributes(scope, 'StableVersion', { lambda: handler, version: stableVersion }),
    additionalVersions: [{ version: current, weight: newWeight }],
  };
}
