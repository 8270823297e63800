// Puts the packed package into copies of the fixtures, as an installation does, and runs their tools.

import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Imports a tool of this folder. */
export async function need(name) {
  try {
    return await import(name);
  } catch (error) {
    throw new Error(`${name} does not load: run \`npm ci --ignore-scripts\` in tests/browser (${error.message})`, { cause: error });
  }
}

/** The path of a file of an installed tool. */
export function tool(path) {
  const file = join(here, 'node_modules', path);
  if (!existsSync(file)) throw new Error(`no ${path}: run \`npm ci --ignore-scripts\` in tests/browser`);
  return file;
}

/** Unpacks the tarball that PACKAGE names, beside which fixtures are set up. */
export async function install() {
  const tarball = process.env.PACKAGE && resolve(process.env.PACKAGE);
  if (!tarball || !existsSync(tarball)) throw new Error('no package: set PACKAGE to the tarball that `npm pack` wrote');
  // Under this folder, so that a fixture finds the tools in `node_modules` above it, and no bundler takes it for a dependency.
  const scratch = await mkdtemp(join(here, '.consumers-'));
  const remove = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  // Ended from outside, it still cleans up.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    await run('tar', ['-xzf', tarball, '-C', scratch], { cwd: scratch, absent: 'install tar' });
  } catch (error) {
    remove();
    throw error;
  }
  const unpacked = join(scratch, 'package');
  const manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
  return {
    tarball,
    unpacked,
    manifest,
    remove,
    /** A copy of a fixture with the package in its `node_modules`, and the token in `token.js`. */
    async consumer(name, as = name) {
      const directory = join(scratch, as);
      await cp(join(here, 'consumers', name), directory, { recursive: true });
      await mkdir(join(directory, 'node_modules'));
      await cp(unpacked, join(directory, 'node_modules/claimwright'), { recursive: true });
      const own = join(directory, 'package.json');
      if (!existsSync(own)) await writeFile(own, '{ "private": true, "type": "module" }\n');
      const { type } = JSON.parse(await readFile(own, 'utf8'));
      await writeFile(join(directory, 'token.js'), `${type === 'module' ? 'export const token =' : 'exports.token ='} '${token()}';\n`);
      return directory;
    },
  };
}

/** What the test's token says of its person. */
export const PERSON = 'Zoë Łukaszewicz 日本';

let made;

/** An unsigned ID token, the same for all; it is made, so that none stands in the repository. */
export function token() {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  made ??= [
    { alg: 'RS256', kid: 'none' },
    {
      sub: '0f5e8a52-1f6e-4c7e-9a57-111111111111',
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
      aud: '1example23456789',
      token_use: 'id',
      'cognito:username': 'zoe',
      'cognito:groups': ['editors', 'readers'],
      auth_time: now - 60,
      iat: now - 60,
      exp: now + 3540,
      name: PERSON,
      email: 'zoe@example.com',
      email_verified: true,
      'acme:plan': 'pro',
      'acme:seats': 12,
      'acme:quotas': { projects: 3, regions: ['eu', 'us'] },
    },
    'no signature',
  ].map(part).join('.');
  return made;
}

/** Runs a program to its end, and gives what it wrote. */
export function run(command, args, { cwd, env, absent, limit = 120_000 } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: limit });
    const end = () => child.kill();
    process.once('exit', end);
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { out += data; });
    child.once('error', (error) => fail(new Error(`${command} does not start${absent ? `: ${absent}` : ''}`, { cause: error })));
    child.once('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) done(out);
      else fail(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}:\n${out.slice(-6000)}`));
    });
  });
}

/** Starts a server that a tool brings along; `args` gets the port. `stop` ends it and all that it started. */
export async function start(args, { cwd, env, limit = 60_000 } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, args(port), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { out += data; });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // All of it has ended already.
    }
  };
  const last = () => end('SIGKILL');
  process.once('exit', last);
  const stop = async () => {
    end('SIGTERM');
    const late = setTimeout(last, 3_000);
    await ended;
    clearTimeout(late);
    last();
    process.off('exit', last);
  };
  for (const until = Date.now() + limit; ;) {
    // Anything that is answered says that it listens; a page may take long the first time.
    const listens = await fetch(url, { signal: AbortSignal.timeout(limit) }).then((response) => response.text(), () => undefined);
    if (listens !== undefined) return { url, output: () => out, stop };
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`the server does not listen:\n${out.slice(-6000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
