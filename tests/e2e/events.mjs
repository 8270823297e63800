// Events as AWS sends them, for functions that run without a pool and without an API.

import { ACCOUNT, REGION } from './emulator.mjs';
import { CLIENT, POOL } from './issuer.mjs';

/** What Cognito asks the trigger about a person. */
export function signInOf(sub, version, more = {}) {
  const details = version === '1' ? 'claimsOverrideDetails' : 'claimsAndScopeOverrideDetails';
  return {
    version, triggerSource: 'TokenGeneration_Authentication', region: REGION, userPoolId: POOL, userName: 'kim',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: CLIENT },
    request: {
      userAttributes: { sub, 'cognito:user_status': 'CONFIRMED', email: 'kim@example.org', email_verified: 'true' },
      groupConfiguration: { groupsToOverride: ['staff'], iamRolesToOverride: [], preferredRole: null },
      ...(version === '1' ? {} : { scopes: ['aws.cognito.signin.user.admin'] }),
    },
    response: { [details]: null },
    ...more,
  };
}

/** What Cognito asks the trigger about a machine. */
export const MACHINE_EVENT = {
  version: '3', triggerSource: 'TokenGeneration_ClientCredentials', region: REGION, userPoolId: POOL, userName: 'ClientCredentials',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: CLIENT },
  request: { userAttributes: {}, groupConfiguration: null, scopes: ['orders/read'] },
  response: { claimsAndScopeOverrideDetails: null },
};

const stage = (api, name, method, path) => `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api}/${name}/${method}${path}`;

/** What a REST API asks a TOKEN authorizer. */
export const restToken = (token, method = 'GET', path = '/orders') => ({
  type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn: stage('a1b2c3', 'live', method, path),
});

/** What a REST API asks a REQUEST authorizer. */
export const restRequest = (token, method = 'GET', path = '/orders') => ({
  type: 'REQUEST', methodArn: stage('a1b2c3', 'live', method, path), resource: path, path, httpMethod: method,
  headers: { Authorization: `Bearer ${token}` }, queryStringParameters: null, pathParameters: null, stageVariables: null,
  requestContext: { accountId: ACCOUNT, apiId: 'a1b2c3', stage: 'live', requestId: 'r-1', resourcePath: path, httpMethod: method, identity: { sourceIp: '192.0.2.7' } },
});

/** What an HTTP API asks. `authorization` is the header as it is. */
export const httpRequest = (authorization, { api = 'h1', method = 'GET', path = '/orders' } = {}) => ({
  version: '2.0', type: 'REQUEST', routeArn: stage(api, '$default', method, path), identitySource: [authorization], routeKey: `${method} ${path}`,
  rawPath: path, rawQueryString: '', cookies: [], headers: { authorization },
  requestContext: {
    accountId: ACCOUNT, apiId: api, stage: '$default', routeKey: `${method} ${path}`, requestId: 'r-2', http: { method, path, sourceIp: '192.0.2.7' },
  },
});
