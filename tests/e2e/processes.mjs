// Starts programs that must be gone afterwards, whatever happens, with all that they started themselves.

import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

// Children inherit it through their parents, so each process that this run brought about is known by it.
const NAME = 'CLAIMWRIGHT_E2E_RUN';
process.env[NAME] = randomUUID();
const MARK = `${NAME}=${process.env[NAME]}`;

/** The process ids of everything that this run started and that still runs. */
export function started() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(MARK);
    } catch {
      // It has ended in between, or belongs to somebody else.
      return false;
    }
  }).map(Number);
}

/** Ends everything that this run started. */
export function endAll() {
  // One that is just being started is found in the next round.
  for (let round = 0; round < 5; round += 1) {
    const pids = started();
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended in between.
      }
    }
  }
}

/** From now on, the end of this process, by whatever reason, is the end of all that it starts; `limit` is how long it may take. */
export function guard(limit) {
  process.once('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const late = setTimeout(() => {
    console.error(`the test takes longer than ${limit / 1000} seconds and is ended`);
    process.exit(1);
  }, limit);
  late.unref();
}

/** A folder that is gone with this process. */
export function temporary(name) {
  const directory = mkdtempSync(join(tmpdir(), `claimwright-${name}-`));
  process.once('exit', () => {
    // Whoever still writes there would be in the way.
    endAll();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  return directory;
}

const written = new Set();

/** Starts a program with exactly this environment. Its output goes to a file, or only its errors; `ended` tells how it ended. */
export function launch(command, args, { env, cwd, log, errorsOnly = false }) {
  // What an earlier run wrote is of no use.
  const file = createWriteStream(log, { flags: written.has(log) ? 'a' : 'w' });
  written.add(log);
  const child = spawn(command, args, { cwd, env: { ...env, [NAME]: process.env[NAME] }, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of errorsOnly ? [child.stderr] : [child.stdout, child.stderr]) {
    stream.on('data', (data) => { tail = (tail + data).slice(-4000); });
    stream.pipe(file, { end: false });
  }
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} does not start: ${error.message}`, { cause: error })));
    child.once('close', (code, signal) => { file.end(); resolve(code ?? signal); });
  });
  // Whoever waits for it hears of it; nobody has to.
  ended.catch(() => undefined);
  const stop = async (limit = 5_000) => {
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), limit);
    await ended.catch(() => undefined);
    clearTimeout(last);
  };
  return { child, ended, stop, tail: () => tail };
}

/** Runs a program to its end, and gives what it wrote to standard output; with `errorsOnly` that is kept out of the log. */
export async function run(command, args, { limit = 600_000, ...settings }) {
  const { child, ended, tail } = launch(command, args, settings);
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  const late = setTimeout(() => child.kill('SIGTERM'), limit);
  const code = await ended.finally(() => clearTimeout(late));
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${tail()}`);
  return out;
}

/** A port of the loopback address that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The addresses that this run's processes listen on, as `ss` names them. */
async function listening() {
  const { stdout } = await execute('ss', ['-ltnpH']);
  const ours = new Set([process.pid, ...started()]);
  return stdout.split('\n').filter(Boolean).filter((line) => {
    const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
    return pids.some((pid) => ours.has(pid));
  }).map((line) => line.trim().split(/\s+/)[3]);
}

/** Those of them that are not on the loopback address; `port` is one that must be among them, or nothing was seen at all. */
export async function exposed(port) {
  const addresses = await listening();
  if (!addresses.some((address) => address.endsWith(`:${port}`))) throw new Error(`\`ss\` does not show who listens on port ${port}; run the test as whoever may see that`);
  return addresses.filter((address) => !address.startsWith('127.0.0.1:'));
}

/** Waits until something is true; `what` is said if it never is. */
export async function until(what, look, { limit = 30_000, every = 100 } = {}) {
  for (const end = Date.now() + limit; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} within ${limit / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
