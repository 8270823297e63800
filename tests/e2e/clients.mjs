// The clients of AWS that the test itself uses, as the emulator's root user, and never by way of the recorder.

import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { REGION, ROOT } from './emulator.mjs';

// Node 20 is what the project is tested with; the SDK is pinned, and says on each start that its later versions want more.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Clients of the emulator at `endpoint`. */
export function clientsOf(endpoint) {
  // A second attempt would hide what the first one got.
  const settings = { endpoint, region: REGION, credentials: ROOT, maxAttempts: 1 };
  const clients = {
    apis: new ApiGatewayV2Client(settings),
    cognito: new CognitoIdentityProviderClient(settings),
    dynamodb: new DynamoDBClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    stacks: new CloudFormationClient(settings),
  };
  return { ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
}
