// Deploys by CloudFormation the template that the project's CDK example writes.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { clientsOf } from './clients.mjs';
import { ACCOUNT, REGION } from './emulator.mjs';
import { run, until } from './processes.mjs';

const STACK = 'ClaimwrightOrders';

/** Writes the template by the compiled example `app`, and deploys it as V3. Functions call AWS at `endpoint`. */
export async function deployCdk(app, { emulator, endpoint, packages, scratch, logs }) {
  const out = join(scratch, 'cdk.out');
  const context = {
    stackName: STACK, triggerVersion: 'V3_0', architecture: 'x86_64', packages, machineDomain: 'orders-by-cdk', removable: true,
    userPassword: false, environment: { AWS_ENDPOINT_URL_DYNAMODB: endpoint, CLAIMWRIGHT_KEYS_URL: endpoint },
  };
  await run(process.execPath, [app], {
    env: { PATH: process.env.PATH, HOME: scratch, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) }, log: join(logs, 'cdk.log'),
  });
  const clients = clientsOf(emulator.endpoint);
  try {
    await upload(clients, out);
    const stack = await complete(clients.stacks, STACK, await readFile(join(out, `${STACK}.template.json`), 'utf8'));
    const deployment = JSON.parse(stack.Outputs.find(({ OutputKey }) => OutputKey === 'Claimwright').OutputValue);
    const { UserPoolClient } = await clients.cognito.send(new DescribeUserPoolClientCommand({
      UserPoolId: deployment.user_pool_id, ClientId: deployment.machine_client_id,
    }));
    return { ...deployment, machine_client_secret: UserPoolClient.ClientSecret };
  } finally {
    clients.close();
  }
}

/** Makes what `cdk bootstrap` makes, as far as the template asks for it, and puts its files there. */
async function upload({ s3, stacks }, out) {
  const { files } = JSON.parse(await readFile(join(out, `${STACK}.assets.json`), 'utf8'));
  const { Parameters } = JSON.parse(await readFile(join(out, `${STACK}.template.json`), 'utf8'));
  const real = (name) => name.replaceAll('${AWS::AccountId}', ACCOUNT).replaceAll('${AWS::Region}', REGION);
  const places = Object.values(files).flatMap(({ source, destinations }) => {
    if (source.packaging !== 'file') throw new Error(`the asset ${source.path} is packed as ${source.packaging}, and only files are uploaded`);
    return Object.values(destinations).map(({ bucketName, objectKey }) => ({ path: source.path, bucket: real(bucketName), key: real(objectKey) }));
  });
  const buckets = [...new Set(places.map(({ bucket }) => bucket))];
  await complete(stacks, 'CDKToolkit', JSON.stringify({
    Resources: {
      ...Object.fromEntries(buckets.map((BucketName, at) => [`Assets${at}`, { Type: 'AWS::S3::Bucket', Properties: { BucketName } }])),
      Version: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: Parameters.BootstrapVersion.Default, Value: '30' } },
    },
  }));
  for (const { path, bucket, key } of places) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(join(out, path)) }));
  }
}

/** Creates a stack, and gives it when it is complete. */
async function complete(stacks, StackName, TemplateBody) {
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
  return until(`the stack ${StackName} is not complete`, async () => {
    const { Stacks: [found] } = await stacks.send(new DescribeStacksCommand({ StackName }));
    if (found.StackStatus === 'CREATE_COMPLETE') return found;
    if (found.StackStatus === 'CREATE_IN_PROGRESS') return undefined;
    const { StackEvents } = await stacks.send(new DescribeStackEventsCommand({ StackName }));
    const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    throw new Error(`the stack ${StackName} is ${found.StackStatus}: ${failed.map((event) => `${event.LogicalResourceId} ${event.ResourceStatusReason}`).join('; ')}`);
  });
}
