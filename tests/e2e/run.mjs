// Deploys Claimwright to an emulator of AWS on this machine, and tries the whole of it. README.md says what it needs.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { clientsOf } from './clients.mjs';
import { deployCdk } from './cloudformation.mjs';
import { PROBE } from './deviations.mjs';
import { doctor } from './doctor.mjs';
import { startEmulator } from './emulator.mjs';
import { page } from './page.mjs';
import { guard, run, temporary } from './processes.mjs';
import { startRecorder } from './recorder.mjs';
import { Results } from './results.mjs';
import { everything, wiring } from './suite.mjs';
import { applyTerraform } from './terraform.mjs';

/** The path that a variable of the environment names. */
function path(name, what) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; it takes ${what}`);
  const found = resolve(value);
  if (!existsSync(found)) throw new Error(`${name} is ${value}, which is not there; it takes ${what}`);
  return found;
}

const packages = path('PACKAGES', 'the folder of token-trigger-x86_64.zip and authorizer-x86_64.zip');
const python = path('PYTHON', 'the python of an environment with the packages of requirements.txt');
const terraform = path('TERRAFORM', "terraform's binary");
const app = path('CDK_APP', "the compiled example of infra/cdk, build/examples/orders/app.js");
const browser = path('CHROMIUM', "a Chromium's binary");
const site = path('SITE', 'the folder of the pages, target/claimwright/site');
const claims = path('CLAIMS', 'the binary `claims`');
const logs = resolve(process.env.LOGS ?? 'logs');

guard(15 * 60_000);
await mkdir(logs, { recursive: true });
const scratch = temporary('e2e');
const results = new Results();
let emulator;
let recorder;
try {
  await results.part('emulator', async () => {
    emulator = await startEmulator(python, logs);
    recorder = await startRecorder(emulator.endpoint);
  });
  if (recorder) {
    const probeZip = await probe();
    const means = { endpoint: recorder.url, packages, scratch, logs };
    const applied = await results.part('terraform apply', () => applyTerraform(terraform, { emulator, ...means }));
    const deployments = applied?.deployments;
    if (deployments) await results.part('doctor', () => examined(deployments));
    const people = deployments && await everything(deployments, { emulator, recorder, probeZip }, results);
    const kim = people?.V2_0?.kim;
    if (kim) await results.part('page', () => page({ token: kim.tokens.id, site, claims, browser, logs }, results));
    const byCdk = await results.part('cdk deploy', () => deployCdk(app, { emulator, ...means }));
    if (byCdk) await wiring(byCdk, 'deployed by CDK', { emulator, recorder }, results);
    if (applied) await results.part('terraform destroy', () => applied.destroy());
  }
} finally {
  await recorder?.stop();
  await emulator?.stop();
}
const table = results.print();
await writeFile(join(logs, 'results.md'), `${table}\n`);
console.log(`\n${table}`);
process.exit(results.failed === 0 ? 0 : 1);

/** What `claims doctor` says of the deployments. */
async function examined(deployments) {
  const clients = clientsOf(emulator.endpoint);
  try {
    await doctor(deployments, { claims, endpoint: emulator.endpoint, scratch, clients }, results);
  } finally {
    clients.close();
  }
}

/** The zip of the function that tells what the emulator asks. */
async function probe() {
  await writeFile(join(scratch, 'index.mjs'), PROBE);
  await run(python, ['-m', 'zipfile', '-c', 'probe.zip', 'index.mjs'], { env: { PATH: process.env.PATH }, cwd: scratch, log: join(logs, 'probe.log') });
  return readFile(join(scratch, 'probe.zip'));
}
