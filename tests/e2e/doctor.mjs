// `claims doctor` looks at what is deployed, and finds what is then broken on purpose.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { ACCOUNT, REGION, ROOT } from './emulator.mjs';

const CONTRACT = fileURLToPath(new URL('../../examples/orders/claims.yaml', import.meta.url));

/** That the functions talk to the emulator is the one thing that is always to be said. */
const EMULATED = ['endpoint', 'keys-elsewhere'];

/** Examines the deployments, `{ V1_0, V2_0, V3_0 }`, and what becomes of V3 when something is taken away. */
export async function doctor(deployments, { claims, endpoint, scratch, clients }, results) {
  const examined = (deployment) => examine(deployment, { claims, endpoint, scratch });
  // Version 1 changes no access token.
  results.check('doctor: V1_0', ['!trigger-version', ...EMULATED], await examined(deployments.V1_0));
  results.check('doctor: V2_0', EMULATED, await examined(deployments.V2_0));
  const v3 = deployments.V3_0;
  results.check('doctor: V3_0', EMULATED, await examined(v3));
  // Another callee than the alias that the pool calls. AWS would show no permission of it either; the emulator shows the alias's.
  const itself = v3.trigger_function_arn.replace(/:live$/, '');
  results.check('doctor: the function in place of its alias', ['!other-trigger', ...EMULATED], await examined({ ...v3, trigger_function_arn: itself }));
  await withoutPermission(clients, v3, async () => {
    results.check('doctor: the pool may not invoke', ['!no-permission', ...EMULATED], await examined(v3));
  });
  results.check('doctor: all is well again', EMULATED, await examined(v3));
  results.check('doctor: no such pool', 'the user pool `eu-west-1_Nothing0` cannot be read', await message({ ...v3, user_pool_id: 'eu-west-1_Nothing0' }, { claims, endpoint, scratch }));
}

/** The codes of what is wrong, errors with `!`, in their order. */
async function examine(deployment, means) {
  const { code, stdout, stderr } = await run(deployment, means);
  let found;
  try {
    found = JSON.parse(stdout);
  } catch {
    return `exit ${code}: ${stderr}`;
  }
  const errors = found.filter(({ severity }) => severity === 'error').length;
  if ((errors > 0) !== (code !== 0)) return `exit ${code} with ${errors} errors`;
  return found.map(({ code: name, severity }) => `${severity === 'error' ? '!' : ''}${name}`);
}

async function message(deployment, means) {
  const { stderr } = await run(deployment, means);
  return stderr.replace('claims: ', '').split(':')[0];
}

async function run(deployment, { claims, endpoint, scratch }) {
  const outputs = join(scratch, 'outputs.json');
  const { machine_client_secret: _, ...open } = deployment;
  // As `terraform output -json` writes it.
  await writeFile(outputs, JSON.stringify({ claimwright: { sensitive: false, value: open } }));
  const env = {
    PATH: process.env.PATH, HOME: scratch, AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  };
  return new Promise((resolve) => {
    execFile(claims, ['doctor', CONTRACT, '--outputs', outputs, '--format', 'json'], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code ?? error.signal : 0, stdout, stderr });
    });
  });
}

/** Takes the pool's permission away, does something, and gives it back. */
async function withoutPermission({ lambda }, deployment, work) {
  const FunctionName = deployment.trigger_function_arn;
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const { Sid: StatementId } = JSON.parse(Policy).Statement.find(({ Principal }) => Principal.Service === 'cognito-idp.amazonaws.com');
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  try {
    await work();
  } finally {
    await lambda.send(new AddPermissionCommand({
      FunctionName, StatementId, Action: 'lambda:InvokeFunction', Principal: 'cognito-idp.amazonaws.com', SourceAccount: ACCOUNT,
      SourceArn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${deployment.user_pool_id}`,
    }));
  }
}
