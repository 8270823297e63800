import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AuthorizationType, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import {
  ClaimAuthorizer,
  type ClaimAuthorizerProps,
  ClaimCacheKey,
  ClaimHttpAnswer,
  type ClaimHttpAuthorizerProps,
  type ClaimRestAuthorizerProps,
  ClaimRestAuthorizerType,
} from 'claimwright-cdk';
import { assertNoWarnings, code, ENV, logicalId, newStack, poolWithClient, properties, resources } from './stacks';

const { TOKEN, REQUEST } = ClaimRestAuthorizerType;
const { CALL } = ClaimCacheKey;

function authorizer(stack: Stack, props: Partial<ClaimAuthorizerProps> = {}) {
  const { userPool, client } = poolWithClient(stack);
  return new ClaimAuthorizer(stack, 'Authorizer', { code: code(stack), issuers: [{ userPool, clients: [client] }], ...props });
}

function rest(props?: ClaimRestAuthorizerProps, functionProps: Partial<ClaimAuthorizerProps> = {}, stack = newStack()) {
  restApi(stack, authorizer(stack, functionProps), props);
  return stack;
}

function restApi(stack: Stack, claims: ClaimAuthorizer, props?: ClaimRestAuthorizerProps) {
  const api = new RestApi(stack, 'Rest', {
    cloudWatchRole: false,
    defaultMethodOptions: { authorizer: claims.forRestApi(stack, 'Claims', props), authorizationType: AuthorizationType.CUSTOM },
  });
  api.root.addMethod('GET', new MockIntegration());
}

function http(props?: ClaimHttpAuthorizerProps, functionProps: Partial<ClaimAuthorizerProps> = {}, stack = newStack()) {
  httpApi(stack, authorizer(stack, functionProps), props);
  return stack;
}

function httpApi(stack: Stack, claims: ClaimAuthorizer, props?: ClaimHttpAuthorizerProps) {
  const api = new HttpApi(stack, 'Http', { defaultAuthorizer: claims.forHttpApi('Claims', props) });
  for (const path of ['/a', '/b']) {
    api.addRoutes({ path, integration: new HttpUrlIntegration(`To${path}`, 'https://example.org') });
  }
}

const kept = (stack: Stack, type: string) => {
  const { IdentitySource, AuthorizerResultTtlInSeconds } = properties(stack, type);
  return [IdentitySource, AuthorizerResultTtlInSeconds];
};
const restKept = (stack: Stack) => kept(stack, 'AWS::ApiGateway::Authorizer');
const httpKept = (stack: Stack) => kept(stack, 'AWS::ApiGatewayV2::Authorizer');

const invokedBy = (stack: Stack, api: string, id: string) => ({
  Action: 'lambda:InvokeFunction',
  FunctionName: { Ref: logicalId(stack, 'AWS::Lambda::Alias') },
  Principal: 'apigateway.amazonaws.com',
  SourceArn: {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':execute-api:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':',
        { Ref: api },
        '/authorizers/',
        { Ref: id },
      ],
    ],
  },
  SourceAccount: { Ref: 'AWS::AccountId' },
});

test('a REST API asks about the header, keeps answers for five minutes, and alone may call', () => {
  const stack = rest();
  const made = properties(stack, 'AWS::ApiGateway::Authorizer');
  assert.equal(made.Type, 'TOKEN');
  assert.deepEqual(restKept(stack), ['method.request.header.Authorization', 300]);
  assert.deepEqual(made.AuthorizerUri['Fn::Join'][1].at(-2), { Ref: logicalId(stack, 'AWS::Lambda::Alias') });
  assert.deepEqual(
    properties(stack, 'AWS::Lambda::Permission'),
    invokedBy(stack, logicalId(stack, 'AWS::ApiGateway::RestApi'), logicalId(stack, 'AWS::ApiGateway::Authorizer')),
  );
  assert.deepEqual(properties(stack, 'AWS::ApiGateway::Method').AuthorizerId, {
    Ref: logicalId(stack, 'AWS::ApiGateway::Authorizer'),
  });
  assertNoWarnings(stack);
});

test('what a REST API keeps its answers by', () => {
  assert.deepEqual(restKept(rest({ authorizerType: TOKEN }, { tokenFrom: 'header:x-token' })), ['method.request.header.X-Token', 300]);
  assert.deepEqual(restKept(rest({ authorizerType: REQUEST })), ['method.request.header.Authorization', 300]);
  assert.deepEqual(restKept(rest({ authorizerType: REQUEST, resultsCacheTtl: Duration.hours(1) }, { tokenFrom: 'query:token' })), [
    'method.request.querystring.token',
    3600,
  ]);
  assert.deepEqual(restKept(rest({ authorizerType: REQUEST, cacheKey: CALL })), [
    'method.request.header.Authorization,context.httpMethod,context.path',
    300,
  ]);
  assert.deepEqual(restKept(rest({ resultsCacheTtl: Duration.seconds(0) })), ['method.request.header.Authorization', 0]);
  // Each identity source would have to be there, so two places are none.
  const two = rest({ authorizerType: REQUEST, resultsCacheTtl: Duration.seconds(0) }, { tokenFrom: 'header:a,query:b' });
  assert.deepEqual(restKept(two), ['', 0]);
  // Simple answers are of HTTP APIs; a REST API gets its policy, which may be kept.
  assert.deepEqual(restKept(rest({}, { httpAnswer: ClaimHttpAnswer.SIMPLE })), ['method.request.header.Authorization', 300]);
});

test('a change of the authorizer is deployed, with the flag of new apps', () => {
  const flag = { '@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId': true };
  const deployment = (props?: ClaimRestAuthorizerProps, functionProps?: Partial<ClaimAuthorizerProps>) =>
    logicalId(rest(props, functionProps, newStack(flag)), 'AWS::ApiGateway::Deployment');
  const deployments = [
    deployment(),
    deployment({ resultsCacheTtl: Duration.minutes(1) }),
    deployment({ authorizerType: REQUEST }),
    deployment({ authorizerType: REQUEST, cacheKey: CALL }),
    deployment({}, { tokenFrom: 'header:x-token' }),
  ];
  assert.equal(new Set(deployments).size, deployments.length);
  assert.equal(deployment(), deployments[0]);
});

test('what a REST API cannot keep right is refused', () => {
  for (const [props, tokenFrom, message] of [
    [{ resultsCacheTtl: Duration.seconds(3601) }, undefined, 'resultsCacheTtl is 3601 s and takes whole seconds from 0 to 3600'],
    [{ resultsCacheTtl: Duration.millis(500) }, undefined, 'resultsCacheTtl is 0.5 s and takes whole seconds from 0 to 3600'],
    [
      { cacheKey: CALL },
      undefined,
      'cacheKey is ClaimCacheKey.CALL, and an authorizer of type TOKEN keeps answers by the token alone; set authorizerType to ClaimRestAuthorizerType.REQUEST',
    ],
    [
      {},
      'query:token',
      'tokenFrom is not one header, and an authorizer of type TOKEN reads one header; set authorizerType to ClaimRestAuthorizerType.REQUEST',
    ],
    [
      { authorizerType: REQUEST },
      'header:a,query:b',
      'tokenFrom has 2 places, and a gateway that keeps answers demands all of them at once; set resultsCacheTtl to 0 s, or take one place',
    ],
    [
      { authorizerType: REQUEST },
      'protocol:token',
      'tokenFrom has protocol:token, which only a websocket api has; make another authorizer for this api',
    ],
  ] as const) {
    assert.throws(() => rest(props, tokenFrom === undefined ? {} : { tokenFrom }), { message: `Test/Authorizer: ${message}` });
  }
});

test('an HTTP API sends format 2.0, takes policies, keeps them for five minutes, and alone may call', () => {
  const stack = http();
  const { ApiId, AuthorizerUri, ...made } = properties(stack, 'AWS::ApiGatewayV2::Authorizer');
  assert.deepEqual(made, {
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: 300,
    AuthorizerType: 'REQUEST',
    EnableSimpleResponses: false,
    IdentitySource: ['$request.header.Authorization'],
    Name: 'Claims',
  });
  const alias = { Ref: logicalId(stack, 'AWS::Lambda::Alias') };
  assert.deepEqual(AuthorizerUri, {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':apigateway:',
        { Ref: 'AWS::Region' },
        ':lambda:path/2015-03-31/functions/',
        alias,
        '/invocations',
      ],
    ],
  });
  const id = logicalId(stack, 'AWS::ApiGatewayV2::Authorizer');
  assert.deepEqual(properties(stack, 'AWS::Lambda::Permission'), invokedBy(stack, ApiId.Ref, id));
  const routes = Object.values(resources(stack, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
  assert.equal(routes.length, 2);
  for (const route of routes) {
    assert.equal(route.AuthorizationType, 'CUSTOM');
    assert.deepEqual(route.AuthorizerId, { Ref: id });
  }
  assertNoWarnings(stack);
});

test('what an HTTP API keeps its answers by', () => {
  assert.deepEqual(httpKept(http({ cacheKey: CALL })), [
    ['$request.header.Authorization', '$context.httpMethod', '$context.path'],
    300,
  ]);
  assert.deepEqual(httpKept(http({ cacheKey: CALL, resultsCacheTtl: Duration.seconds(0) })), [['$request.header.Authorization'], 0]);
  assert.deepEqual(httpKept(http({}, { tokenFrom: 'query:token' })), [['$request.querystring.token'], 300]);
  assert.deepEqual(httpKept(http({ resultsCacheTtl: Duration.seconds(0) }, { tokenFrom: 'header:a,query:b' })), [[], 0]);
});

test('a simple answer is kept for its own call or not at all', () => {
  const simple = { httpAnswer: ClaimHttpAnswer.SIMPLE };
  const stack = http({}, simple);
  assert.equal(properties(stack, 'AWS::ApiGatewayV2::Authorizer').EnableSimpleResponses, true);
  assert.deepEqual(httpKept(stack), [['$request.header.Authorization'], 0]);
  assert.deepEqual(httpKept(http({ cacheKey: CALL, resultsCacheTtl: Duration.minutes(1) }, simple)), [
    ['$request.header.Authorization', '$context.httpMethod', '$context.path'],
    60,
  ]);
  assert.throws(() => http({ resultsCacheTtl: Duration.seconds(1) }, simple), {
    message:
      'Test/Authorizer: resultsCacheTtl is 1 s, and a simple answer is right for one call only; set it to 0 s, or cacheKey to ClaimCacheKey.CALL',
  });
});

test('one authorizer is of one HTTP API', () => {
  const stack = newStack();
  const claims = authorizer(stack).forHttpApi('Claims');
  assert.throws(() => claims.authorizerId, {
    message: 'Test/Authorizer: the authorizer Claims belongs to no api yet; give it to a route or an api first',
  });
  const route = () => ({ path: '/', integration: new HttpUrlIntegration('To', 'https://example.org'), authorizer: claims });
  new HttpApi(stack, 'One').addRoutes(route());
  assert.deepEqual(stack.resolve(claims.authorizerId), { Ref: logicalId(stack, 'AWS::ApiGatewayV2::Authorizer') });
  assert.throws(() => new HttpApi(stack, 'Two').addRoutes(route()), {
    message: 'Test/Authorizer: the authorizer Claims belongs to another api; call forHttpApi once for each api',
  });
});

test('the APIs may be in another stack', () => {
  const app = new App();
  const functions = new Stack(app, 'Functions', { env: ENV });
  const apis = new Stack(app, 'Apis', { env: ENV });
  const claims = authorizer(functions);
  restApi(apis, claims);
  httpApi(apis, claims);
  app.synth();
  assert.deepEqual(resources(functions, 'AWS::Lambda::Permission'), {});
  assert.equal(Object.keys(resources(apis, 'AWS::Lambda::Permission')).length, 2);
});
