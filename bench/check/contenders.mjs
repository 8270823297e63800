// How each contender is started. Those that are not there are left out, and said.

import { access, mkdtemp, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT, POOL } from './cases.mjs';

const NODE = fileURLToPath(new URL('../node', import.meta.url));
const PYTHON = fileURLToPath(new URL('../python', import.meta.url));

/** Those of a kind, `trigger` or `authorizer`. */
export async function contendersOf(kind, { store, certificates, keys, keysUrl }) {
  // Each has a second environment, in which its start is measured too: of the trigger with a store behind TLS and the roots
  // that it would read on Lambda, of the authorizer with keys that it fetches.
  const overTls = (env, roots) => ({ env: { ...env, AWS_ENDPOINT_URL_DYNAMODB: store.url }, second: { ...env, AWS_ENDPOINT_URL_DYNAMODB: store.secureUrl, ...roots } });
  const guides = (roots) => (kind === 'trigger'
    ? overTls({ TABLE_NAME: 'profiles' }, roots)
    : {
      env: { USER_POOL_ID: POOL, CLIENT_ID: CLIENT, KEYS: JSON.stringify(keys) },
      second: { USER_POOL_ID: POOL, CLIENT_ID: CLIENT, KEYS_URL: `${keysUrl}/${POOL}/.well-known/jwks.json` },
    });
  const node = guides({ NODE_EXTRA_CA_CERTS: certificates?.alone });
  const rust = guides({ SSL_CERT_FILE: certificates?.system });
  const guide = process.env.GUIDE ? resolve(process.env.GUIDE, `guide-${kind}`) : 'GUIDE, which is not set';
  const all = [
    { name: 'native Rust, as guides write it', command: guide, args: [], types: ['TOKEN'], ...rust, ...(kind === 'authorizer' && { second: undefined }), needs: guide },
    native(kind, (env) => overTls(env, { SSL_CERT_FILE: certificates?.amazon })),
    await ours(kind, { keys, keysUrl }, (env) => overTls(env, { SSL_CERT_FILE: certificates?.amazon })),
    {
      name: 'Node.js, bundled', command: process.execPath, args: ['runtime.mjs', `dist/${kind}.handler`], cwd: NODE, ...node,
      needs: join(NODE, 'dist', `${kind}.mjs`),
    },
    {
      name: 'Node.js, node_modules', command: process.execPath, args: ['runtime.mjs', `${kind}.handler`], cwd: NODE, ...node,
      needs: join(NODE, 'node_modules'),
    },
    {
      name: 'Python', command: process.env.PYTHON ?? '', args: ['-m', 'awslambdaric', `${kind}.handler`], cwd: PYTHON, ...guides({ AWS_CA_BUNDLE: certificates?.system }),
      needs: process.env.PYTHON ?? 'PYTHON, which is not set',
    },
  ].filter(Boolean);
  const there = [];
  for (const one of all) {
    if (await access(one.needs).then(() => true, () => false)) there.push(one);
    else console.error(`${one.name} is left out: ${one.needs} is not there`);
  }
  return there;
}

/** Our trigger with the core linked natively, if NATIVE names the folder of its `bootstrap` and `bundle.json`. */
function native(kind, overTls) {
  const folder = process.env.NATIVE;
  if (!folder || kind !== 'trigger') return undefined;
  const bootstrap = resolve(folder, 'bootstrap');
  const envs = overTls({ CLAIMWRIGHT_BUNDLE: resolve(folder, 'bundle.json') });
  return { name: 'Claimwright, the core linked natively', command: bootstrap, args: [], cwd: resolve(folder), ...envs, needs: bootstrap };
}

/** Our own function, if TRIGGER or AUTHORIZER names the folder of its `bootstrap` and `logic.cwasm`. */
async function ours(kind, { keys, keysUrl }, overTls) {
  const folder = process.env[kind.toUpperCase()];
  if (!folder) return undefined;
  const bootstrap = resolve(folder, 'bootstrap');
  const common = { name: 'Claimwright', ours: true, command: bootstrap, args: [], cwd: resolve(folder), needs: bootstrap };
  if (kind === 'trigger') return { ...common, ...overTls({}) };
  const directory = await mkdtemp(join(tmpdir(), 'claimwright-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'keys.json');
  await writeFile(file, JSON.stringify({ [POOL]: keys }));
  const issuers = { CLAIMWRIGHT_ISSUERS: `${POOL}=${CLIENT}` };
  return { ...common, env: { ...issuers, CLAIMWRIGHT_KEYS: file }, second: { ...issuers, CLAIMWRIGHT_KEYS_URL: keysUrl } };
}
