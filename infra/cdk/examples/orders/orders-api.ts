import { RemovalPolicy } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ClaimAuthorizer, ClaimHttpAuthorizer } from 'claimwright-cdk';
import { Construct } from 'constructs';
import type { Settings } from './settings';

// Says what the authorizer handed on. A real backend would read it: `claimwright/backend`, `claim_core::backend`.
const BACKEND = `exports.handler = async ({ requestContext }) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ authorizer: requestContext.authorizer }),
});`;

/** An API of orders, as HTTP API and as REST API. The authorizer decides about every route, so one route takes all. */
export class OrdersApi extends Construct {
  readonly http: HttpApi;
  readonly rest: RestApi;
  readonly httpAuthorizer: ClaimHttpAuthorizer;
  readonly restAuthorizerId: string;

  constructor(scope: Construct, id: string, authorizer: ClaimAuthorizer, settings: Settings) {
    super(scope, id);
    const backend = this.backend(settings);

    this.http = new HttpApi(this, 'Http', { description: 'Orders' });
    this.httpAuthorizer = authorizer.forHttpApi('Claims');
    this.http.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Backend', backend),
      authorizer: this.httpAuthorizer,
    });

    const restAuthorizer = authorizer.forRestApi(this, 'Claims');
    this.restAuthorizerId = restAuthorizer.authorizerId;
    this.rest = new RestApi(this, 'Rest', {
      description: 'Orders',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false, // a setting of the whole account
      deployOptions: { stageName: 'live' },
      // Of the whole API: CDK adds a method to the root by itself, and that one must be guarded too.
      defaultIntegration: new LambdaIntegration(backend, { allowTestInvoke: false }),
      defaultMethodOptions: { authorizer: restAuthorizer, authorizationType: AuthorizationType.CUSTOM },
    });
    this.rest.root.addProxy();
  }

  private backend({ architecture, removable }: Settings): Function {
    const logGroup = new LogGroup(this, 'BackendLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    const role = new Role(this, 'BackendRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    );
    return new Function(this, 'Backend', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      architecture,
      code: Code.fromInline(BACKEND),
      role,
      logGroup,
    });
  }
}
