import { Duration, Token } from 'aws-cdk-lib';
import type { IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { authorizerAlarms } from './alarms';
import type { ClaimFunctionProps } from './claim-function-props';
import { type DeployedFunction, deployFunction } from './deployed-function';
import { ClaimHttpAnswer, ClaimHttpAuthorizer, type ClaimHttpAuthorizerProps } from './http-authorizer';
import { refuse } from './refuse';
import { type ClaimRestAuthorizerProps, restAuthorizer } from './rest-authorizer';
import { tokenPlaces } from './token-place';

/** A user pool, and the app clients whose tokens are taken. */
export interface ClaimIssuer {
  /** The pool, made here or imported. */
  readonly userPool: IUserPool;

  /** The app clients, at least one. */
  readonly clients: IUserPoolClient[];
}

/** What a `ClaimAuthorizer` is told. */
export interface ClaimAuthorizerProps extends ClaimFunctionProps {
  /** Whose tokens are taken. */
  readonly issuers: ClaimIssuer[];

  /**
   * Where the token stands: `header:NAME` and `query:NAME`, in order, divided by commas.
   *
   * @default 'header:authorization'
   */
  readonly tokenFrom?: string;

  /**
   * For how long an ended token is still taken, at most 5 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly leeway?: Duration;

  /**
   * In which form HTTP APIs are answered.
   *
   * @default ClaimHttpAnswer.IAM
   */
  readonly httpAnswer?: ClaimHttpAnswer;
}

/** The Lambda authorizer of REST and HTTP APIs. Its only permission is to write its log. */
export class ClaimAuthorizer extends Construct {
  /** The function. */
  public readonly handler: Function;

  /** The alias `live`, which gateways call. */
  public readonly alias: Alias;

  /** The number of the version that serves; under a canary, the stable one. It is the next canary's `stableVersion`. */
  public readonly servingVersion: string;

  /** The role of the function. */
  public readonly role: IRole;

  /** Where the function writes its log. */
  public readonly logGroup: ILogGroup;

  /** The alarms; none without `alarmTopic`. */
  public readonly alarms: Alarm[];

  /** Where the token stands. */
  public readonly tokenFrom: string;

  /** In which form HTTP APIs are answered. */
  public readonly httpAnswer: ClaimHttpAnswer;

  private readonly deployed: DeployedFunction;

  /**
   * Makes the function. `forRestApi` and `forHttpApi` put it in front of an API.
   *
   * @param scope the construct that it belongs to
   * @param id its name there
   * @param props what it is told
   */
  public constructor(scope: Construct, id: string, props: ClaimAuthorizerProps) {
    super(scope, id);
    this.tokenFrom = props.tokenFrom ?? 'header:authorization';
    tokenPlaces(this, this.tokenFrom);
    this.httpAnswer = props.httpAnswer ?? ClaimHttpAnswer.IAM;
    this.deployed = deployFunction(this, props, {
      description: 'Decides by the claim contract who may call which route',
      timeout: {
        byDefault: Duration.seconds(8),
        mostSeconds: 9,
        because: 'api gateway waits ten seconds',
      },
      settings: [
        { variable: 'CLAIMWRIGHT_ISSUERS', property: 'issuers', value: issuersText(this, props.issuers) },
        { variable: 'CLAIMWRIGHT_TOKEN_FROM', property: 'tokenFrom', value: this.tokenFrom },
        { variable: 'CLAIMWRIGHT_LEEWAY', property: 'leeway', value: leewaySeconds(this, props.leeway) },
        { variable: 'CLAIMWRIGHT_HTTP_ANSWER', property: 'httpAnswer', value: this.httpAnswer },
      ],
      statements: [],
    });
    this.handler = this.deployed.handler;
    this.alias = this.deployed.alias;
    this.servingVersion = this.alias.version.version;
    this.role = this.deployed.role;
    this.logGroup = this.deployed.logGroup;
    this.alarms = authorizerAlarms(this, this.deployed, props.alarmTopic);
  }

  /**
   * Makes the authorizer of a REST API. Each API needs its own.
   *
   * @param scope a construct of the API's stack
   * @param id its name there
   * @param props the type, and how answers are kept
   */
  public forRestApi(scope: Construct, id: string, props: ClaimRestAuthorizerProps = {}): IAuthorizer {
    return restAuthorizer(this, scope, id, props, this.deployed, tokenPlaces(this, this.tokenFrom));
  }

  /**
   * Makes the authorizer of an HTTP API. Each API needs its own.
   *
   * @param id its name in the API
   * @param props how answers are kept
   */
  public forHttpApi(id: string, props: ClaimHttpAuthorizerProps = {}): ClaimHttpAuthorizer {
    return new ClaimHttpAuthorizer(id, this, props);
  }
}

function issuersText(scope: Construct, issuers: readonly ClaimIssuer[]): string {
  if (issuers.length === 0) {
    refuse(scope, 'issuers is empty, and then no token could be taken; name a user pool and its app clients');
  }
  // The ids and not the objects: a pool may be imported twice.
  const ids = issuers.map(({ userPool }) => userPool.userPoolId);
  const twice = issuers.find(({ userPool }, index) => ids.indexOf(userPool.userPoolId) !== index);
  if (twice !== undefined) {
    refuse(scope, `issuers has the pool ${twice.userPool.node.path} twice; name all its app clients in one issuer`);
  }
  const parts = issuers.map(({ userPool, clients }) => {
    if (clients.length === 0) {
      refuse(scope, `issuers has the pool ${userPool.node.path} without an app client; name those whose tokens are taken`);
    }
    return `${poolId(scope, userPool)}=${clients.map((client) => clientId(scope, client)).join(',')}`;
  });
  return parts.join(' ');
}

// An id that is only known when it is deployed is Cognito's own.

function poolId(scope: Construct, { userPoolId }: IUserPool): string {
  if (!Token.isUnresolved(userPoolId) && !/^(?!eusc-|us-iso|eu-iso)[a-z]+(-[a-z0-9]+)+_[0-9A-Za-z]+$/.test(userPoolId)) {
    refuse(scope, `issuers has the pool id "${userPoolId}", and an id is like eu-west-1_Ab12Cd34E; give the id that Cognito gave the pool`);
  }
  return userPoolId;
}

function clientId(scope: Construct, { userPoolClientId }: IUserPoolClient): string {
  if (!Token.isUnresolved(userPoolClientId) && !/^[0-9A-Za-z_+]+$/.test(userPoolClientId)) {
    refuse(
      scope,
      `issuers has the app client id "${userPoolClientId}", and an id is letters and digits, like 4demo0client0id; give the id that Cognito gave the client`,
    );
  }
  return userPoolClientId;
}

function leewaySeconds(scope: Construct, leeway: Duration | undefined): string | undefined {
  const seconds = leeway?.toSeconds({ integral: false });
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= 300)) {
    refuse(scope, `leeway is ${seconds} s and takes whole seconds from 0 to 300, because no clock is wrong by more than some minutes`);
  }
  return seconds?.toString();
}
