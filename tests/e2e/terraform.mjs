// Deploys by Terraform: the folder `terraform` beside this file, which uses the project's module as users do.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const ROOT = fileURLToPath(new URL('terraform', import.meta.url));

/** How long a change may take, in milliseconds: it takes a minute. */
const LIMIT = 180_000;

/** Applies it. Functions and Terraform call AWS at `endpoint`. Gives the deployments, `{ V1_0, V2_0, V3_0 }`, and what destroys them. */
export async function applyTerraform(binary, { emulator, endpoint, packages, scratch, logs }) {
  const { PATH, TF_CLI_CONFIG_FILE, TF_PLUGIN_CACHE_DIR, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE } = process.env;
  const given = { TF_CLI_CONFIG_FILE, TF_PLUGIN_CACHE_DIR, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE };
  const env = {
    PATH,
    HOME: scratch,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    TF_DATA_DIR: join(scratch, 'terraform'),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
  const terraform = (args, more) => run(binary, [`-chdir=${ROOT}`, ...args], { env, log: join(logs, 'terraform.log'), ...more });
  const state = `-state=${join(scratch, 'terraform.tfstate')}`;
  await terraform(['init', '-no-color']);
  // Most of the time goes by in waiting for answers.
  const variables = ['-var', `endpoint=${endpoint}`, '-var', `package_dir=${packages}`];
  const change = (verb) => terraform([verb, '-auto-approve', '-no-color', '-parallelism=30', state, ...variables], { limit: LIMIT });
  try {
    await change('apply');
  } catch (error) {
    // The emulator now and then loses the answer to a request that it has fulfilled, and refuses the same request then.
    console.log(`  applied once more, because ${error.message.split('\n')[0]}`);
    await emulator.reset();
    await rm(join(scratch, 'terraform.tfstate'), { force: true });
    await change('apply');
  }
  // There is a secret among them, which belongs into no log.
  const outputs = JSON.parse(await terraform(['output', '-json', state], { errorsOnly: true }));
  const secret = outputs.machine_client_secret.value;
  const deployments = Object.fromEntries(Object.entries(outputs.deployments.value).map(([version, { http_api, rest_api, ...rest }]) => [version, {
    ...rest, http_api_id: http_api.id, rest_api_id: rest_api.id, rest_stage: rest_api.stage, ...(version === 'V3_0' && { machine_client_secret: secret }),
  }]));
  return { deployments, destroy: () => change('destroy') };
}
