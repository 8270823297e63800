// How long a function takes from the start of its process to its first answer, in AWS's own runtime emulator.
// PACKAGES, PYTHON and RIE are as in README.md; MINIMAL is the binary of a function that does nothing, to compare with.

import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { group, publish } from '../../bench/figures.mjs';
import { clientsOf } from './clients.mjs';
import { startEmulator } from './emulator.mjs';
import { restToken, signInOf } from './events.mjs';
import { CLIENT, POOL, startIssuer } from './issuer.mjs';
import { guard, temporary } from './processes.mjs';
import { table } from './results.mjs';
import { startRie, unpack } from './rie.mjs';

const RUNS = 20;
const TABLE = 'profiles';

for (const name of ['PACKAGES', 'PYTHON', 'RIE', 'MINIMAL']) if (!process.env[name]) throw new Error(`${name} is not set`);
const { PACKAGES, PYTHON, RIE, MINIMAL } = process.env;
const logs = resolve(process.env.LOGS ?? 'logs');
guard(10 * 60_000);
await mkdir(logs, { recursive: true });
const scratch = temporary('coldstart');
const emulator = await startEmulator(PYTHON, logs);
const issuer = await startIssuer();
try {
  const { dynamodb, close } = clientsOf(emulator.endpoint);
  await dynamodb.send(new CreateTableCommand({
    TableName: TABLE, BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  }));
  await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'USER#u-1' }, plan: { S: 'pro' } } }));
  close();
  const functions = [
    {
      name: 'token-trigger, with its GetItem on loopback', ours: true,
      bootstrap: await packaged('token-trigger'),
      env: { AWS_ENDPOINT_URL_DYNAMODB: emulator.endpoint },
      event: () => signInOf('u-1', '2'),
      right: ({ response }) => response?.claimsAndScopeOverrideDetails?.idTokenGeneration?.claimsToAddOrOverride?.plan === 'pro',
    },
    {
      name: 'authorizer, with its fetch of keys on loopback', ours: true,
      bootstrap: await packaged('authorizer'),
      env: { CLAIMWRIGHT_ISSUERS: `${POOL}=${CLIENT}`, CLAIMWRIGHT_KEYS_URL: issuer.url },
      event: () => restToken(issuer.token()),
      right: ({ context }) => context?.plan === 'pro',
    },
    { name: 'a function that does nothing', ours: false, bootstrap: resolve(MINIMAL), env: {}, event: () => ({}), right: (answer) => answer?.errorType === undefined },
  ];
  const times = functions.map(() => []);
  for (let round = 0; round < RUNS; round += 1) {
    // In turns, so that whatever else the machine does falls on all of them.
    for (const [at, one] of functions.entries()) times[at].push(await firstAnswer(one));
  }
  console.log(`${RUNS} runs each, in turns; the runtime emulator's own start is not counted, its way to the function is.\n`);
  console.log(table(['first answer', 'median', 'most'], functions.map(({ name }, at) => [name, ms(median(times[at])), ms(Math.max(...times[at]))])));
  const measured = functions.map(({ name, ours }, at) => ({ name, ours, values: times[at] }));
  await publish('coldstart', [group('start to first answer, runtime emulator', 'ms', measured)]);
  const zips = ['token-trigger-x86_64.zip', 'token-trigger-arm64.zip', 'authorizer-x86_64.zip', 'authorizer-arm64.zip'];
  const sizes = await Promise.all(zips.map((zip) => stat(join(PACKAGES, zip)).then(({ size }) => size.toLocaleString('en'), () => 'not there')));
  console.log(`\n${table(['zip', 'bytes'], zips.map((zip, at) => [zip, sizes[at]]))}`);
} finally {
  await issuer.stop();
  await emulator.stop();
}

async function packaged(name) {
  return unpack(resolve(PACKAGES, `${name}-x86_64.zip`), join(scratch, name), join(logs, 'unzip.log'));
}

/** Milliseconds from the first invocation, at which RIE starts the function's process, to its answer. */
async function firstAnswer({ name, bootstrap, env, event, right }) {
  const rie = await startRie(resolve(RIE), bootstrap, { env, log: join(logs, 'rie-coldstart.log') });
  try {
    const before = rie.processes().length;
    const body = JSON.stringify(event());
    const started = performance.now();
    const text = await rie.invoke(body);
    const took = performance.now() - started;
    if (before !== 0) throw new Error(`${name} ran before it was invoked`);
    if (!right(JSON.parse(text))) throw new Error(`${name} answers ${text}`);
    return took;
  } finally {
    await rie.stop();
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function ms(value) {
  return `${value.toFixed(1)} ms`;
}
