import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ClaimAuthorizer, ClaimTrigger, ProfileTable } from 'claimwright-cdk';
import type { Construct } from 'constructs';
import { OrdersApi } from './orders-api';
import { People } from './people';
import { type Settings, zip } from './settings';

/** The sample of `examples/orders/claims.yaml`: people with a profile, machines, and an API of orders. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, props: StackProps = {}) {
    super(scope, id, props);
    const { architecture, environment, removable, triggerVersion } = settings;
    const removalPolicy = removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;

    const people = new People(this, 'People', settings);
    const profiles = new ProfileTable(this, 'Profiles', { deletionProtection: !removable, removalPolicy });

    const log = (name: string) => new LogGroup(this, name, { retention: RetentionDays.ONE_MONTH, removalPolicy });
    const trigger = new ClaimTrigger(this, 'Trigger', {
      code: zip(settings, 'token-trigger'),
      architecture,
      environment,
      userPool: people.pool,
      triggerVersion,
      tables: { profiles: profiles.table },
      logGroup: log('TriggerLog'),
    });
    const authorizer = new ClaimAuthorizer(this, 'Authorizer', {
      code: zip(settings, 'authorizer'),
      architecture,
      environment,
      issuers: [
        { userPool: people.pool, clients: people.machine === undefined ? [people.client] : [people.client, people.machine] },
      ],
      logGroup: log('AuthorizerLog'),
    });
    const api = new OrdersApi(this, 'Api', authorizer, settings);

    // The names in the JSON are those of the Terraform module's output `claimwright`, so that one reader reads both.
    const outputs: [string, string, string | undefined][] = [
      ['Region', 'region', this.region],
      ['TriggerVersion', 'trigger_version', triggerVersion],
      ['UserPoolId', 'user_pool_id', people.pool.userPoolId],
      ['UserPoolClientId', 'user_pool_client_id', people.client.userPoolClientId],
      ['MachineClientId', 'machine_client_id', people.machine?.userPoolClientId],
      ['Issuer', 'issuer', `https://cognito-idp.${this.region}.${this.urlSuffix}/${people.pool.userPoolId}`],
      ['TriggerFunctionName', 'trigger_function_name', trigger.handler.functionName],
      ['TriggerFunctionArn', 'trigger_function_arn', trigger.alias.functionArn],
      ['TriggerFunctionVersion', 'trigger_function_version', trigger.handler.currentVersion.version],
      ['TriggerServingVersion', 'trigger_serving_version', trigger.servingVersion],
      ['AuthorizerFunctionName', 'authorizer_function_name', authorizer.handler.functionName],
      ['AuthorizerFunctionArn', 'authorizer_function_arn', authorizer.alias.functionArn],
      ['AuthorizerFunctionVersion', 'authorizer_function_version', authorizer.handler.currentVersion.version],
      ['AuthorizerServingVersion', 'authorizer_serving_version', authorizer.servingVersion],
      ['HttpApiId', 'http_api_id', api.http.apiId],
      ['HttpAuthorizerId', 'http_authorizer_id', api.httpAuthorizer.authorizerId],
      ['RestApiId', 'rest_api_id', api.rest.restApiId],
      ['RestApiStage', 'rest_stage', api.rest.deploymentStage.stageName],
      ['RestAuthorizerId', 'rest_authorizer_id', api.restAuthorizerId],
    ];
    for (const [name, , value] of outputs) {
      if (value !== undefined) {
        new CfnOutput(this, name, { value });
      }
    }
    new CfnOutput(this, 'TableName', { value: profiles.table.tableName });
    new CfnOutput(this, 'HttpUrl', { value: api.http.apiEndpoint });
    new CfnOutput(this, 'RestUrl', { value: api.rest.url });
    new CfnOutput(this, 'Claimwright', {
      description: 'For claims doctor --outputs FILE',
      value: this.toJsonString({
        ...Object.fromEntries(outputs.map(([, key, value]) => [key, value ?? null])),
        tables: { profiles: profiles.table.tableName },
        pre_token_generation_config: { LambdaArn: trigger.alias.functionArn, LambdaVersion: triggerVersion },
      }),
    });
  }
}
