import { Arn, ArnFormat, Duration, Names, Stack, Token } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IUserPool, LambdaVersion, UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { triggerAlarms } from './alarms';
import type { ClaimFunctionProps } from './claim-function-props';
import { deployFunction } from './deployed-function';
import { refuse } from './refuse';

const DEFAULT_TIMEOUT = Duration.seconds(4);

/** What a `ClaimTrigger` is told. */
export interface ClaimTriggerProps extends ClaimFunctionProps {
  /**
   * The pool whose tokens are shaped: one that is made in this app, because CDK changes no imported pool.
   *
   * @default - none: call `grantInvokeFrom`, and set `preTokenGenerationConfig` on the pool
   */
  readonly userPool?: IUserPool;

  /**
   * The version of the trigger. V2_0 and V3_0 need the plan Essentials or Plus; V3_0 also shapes tokens of machine clients.
   *
   * @default LambdaVersion.V2_0
   */
  readonly triggerVersion?: LambdaVersion;

  /**
   * The tables of the contract's facts, by the name that the contract calls them.
   *
   * @default - none
   */
  readonly tables?: { readonly [name: string]: ITable };

  /**
   * How long all lookups of one sign-in may take together, retries included: at most 4 seconds, and less than `timeout`.
   *
   * @default Duration.millis(1500)
   */
  readonly factsTimeout?: Duration;
}

/** The function behind a user pool's pre token generation trigger. It may read single items of its tables, and nothing else. */
export class ClaimTrigger extends Construct {
  /** The function. */
  public readonly handler: Function;

  /** The alias `live`, which the pool calls. */
  public readonly alias: Alias;

  /** The number of the version that serves; under a canary, the stable one. It is the next canary's `stableVersion`. */
  public readonly servingVersion: string;

  /** The role of the function. */
  public readonly role: IRole;

  /** Where the function writes its log. */
  public readonly logGroup: ILogGroup;

  /** The alarms; none without `alarmTopic`. */
  public readonly alarms: Alarm[];

  /** What to set as `PreTokenGenerationConfig` in the `LambdaConfig` of a pool that is not made here, as JSON. */
  public readonly preTokenGenerationConfig: string;

  private foreignPools = 0;

  /**
   * Makes the function, and connects it with the pool.
   *
   * @param scope the construct that it belongs to
   * @param id its name there
   * @param props what it is told
   */
  public constructor(scope: Construct, id: string, props: ClaimTriggerProps) {
    super(scope, id);
    const tables = Object.entries(props.tables ?? {});
    const deployed = deployFunction(this, props, {
      description: 'Shapes the tokens of a user pool by its claim contract',
      timeout: {
        byDefault: DEFAULT_TIMEOUT,
        mostSeconds: 4,
        because: 'cognito waits five seconds for everything, the start of the function included',
      },
      settings: [
        { variable: 'CLAIMWRIGHT_TABLES', property: 'tables', value: tableNames(this, tables) },
        { variable: 'CLAIMWRIGHT_FACTS_MS', property: 'factsTimeout', value: factsMilliseconds(this, props) },
      ],
      statements: tableStatements(this, tables.map(([, table]) => table)),
    });
    this.handler = deployed.handler;
    this.alias = deployed.alias;
    this.servingVersion = this.alias.version.version;
    this.role = deployed.role;
    this.logGroup = deployed.logGroup;
    this.alarms = triggerAlarms(this, this.alias, props.alarmTopic);
    const triggerVersion = props.triggerVersion ?? LambdaVersion.V2_0;
    this.preTokenGenerationConfig = Stack.of(this).toJsonString({
      LambdaVersion: triggerVersion,
      LambdaArn: this.alias.functionArn,
    });
    if (props.userPool !== undefined) {
      const pool = ownPool(this, props.userPool);
      pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, deployed.invoked, triggerVersion);
      // Beside the pool, because its stack already needs the function's, and two stacks may not need each other.
      this.allow(pool, Names.nodeUniqueId(this.node), pool.userPoolArn, pool.env.account);
    }
  }

  /**
   * Lets a pool that is not made in this app call the function. The pool must also be told to: `preTokenGenerationConfig`.
   *
   * @param userPoolArn the ARN of that pool
   */
  public grantInvokeFrom(userPoolArn: string): void {
    if (!Token.isUnresolved(userPoolArn) && !/^arn:[\w-]+:cognito-idp:[\w-]+:\d{12}:userpool\/[\w-]+$/.test(userPoolArn)) {
      refuse(
        this,
        `grantInvokeFrom was given ${userPoolArn} and takes the arn of one user pool, for example arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab12Cd34E`,
      );
    }
    const account = Arn.split(userPoolArn, ArnFormat.SLASH_RESOURCE_NAME).account;
    this.foreignPools += 1;
    this.allow(this, `InvokedByPool${this.foreignPools}`, userPoolArn, account ?? Stack.of(this).account);
  }

  private allow(scope: Construct, id: string, userPoolArn: string, sourceAccount: string): void {
    this.alias.addPermission(id, {
      scope,
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: userPoolArn,
      sourceAccount,
    });
  }
}

function ownPool(scope: Construct, pool: IUserPool): UserPool {
  if (pool instanceof UserPool) {
    return pool;
  }
  return refuse(
    scope,
    'userPool is imported, and cdk changes only pools that are made in the app; leave userPool out, call grantInvokeFrom with its arn, and set preTokenGenerationConfig on the pool',
  );
}

function tableNames(scope: Construct, tables: readonly [string, ITable][]): string | undefined {
  for (const [name] of tables) {
    if (!/^[^\s=,]+$/.test(name)) {
      refuse(scope, `tables has the name "${name}", and a name has no blank, comma or equals sign; use the one in the contract`);
    }
  }
  return tables.length === 0 ? undefined : tables.map(([name, table]) => `${name}=${table.tableName}`).join(',');
}

function factsMilliseconds(scope: Construct, props: ClaimTriggerProps): string {
  const milliseconds = (props.factsTimeout ?? Duration.millis(1500)).toMilliseconds();
  const timeout = (props.timeout ?? DEFAULT_TIMEOUT).toMilliseconds();
  if (!(milliseconds >= 1 && milliseconds <= 4000 && milliseconds < timeout)) {
    refuse(
      scope,
      `factsTimeout is ${milliseconds} ms and takes 1 to 4000, and less than the timeout of ${timeout} ms, so that the function still answers by itself`,
    );
  }
  return milliseconds.toString();
}

function tableStatements(scope: Construct, tables: readonly ITable[]): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  if (tables.length > 0) {
    // Not grantReadData, which also lets it query, scan and read streams; not grant, which adds the indexes.
    statements.push(
      new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: tables.map((table) => table.tableArn) }),
    );
  }
  for (const table of tables) {
    if (table.encryptionKey !== undefined) {
      // CDK takes an alias wherever it takes a key. IAM compares with the key's own ARN.
      if ('aliasName' in table.encryptionKey) {
        refuse(
          scope,
          `the table ${table.node.path} is encrypted with the alias of a key, and a permission for an alias allows nothing; encrypt it with the key itself, which Key.fromKeyArn imports`,
        );
      }
      statements.push(
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [table.encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${table.env.region}.amazonaws.com` } },
        }),
      );
    }
  }
  return statements;
}
