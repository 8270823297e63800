// One function, and the Runtime API that it asks for its invocations, on the loopback address.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NEXT = '/2018-06-01/runtime/invocation/next';
const LIMIT = 10_000;

const directory = mkdtempSync(join(tmpdir(), 'claimwright-bench-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

let started = 0;

/** Starts a function with exactly this environment and what Lambda adds to it. */
export async function startFunction({ name, command, args, cwd, env }) {
  let waiting;          // the function's request for an event
  let idle = () => {};  // told of it
  let pending;          // the event that waits for the function
  let count = 0;
  const server = createServer((request, response) => {
    if (request.url === NEXT) {
      waiting = response;
      idle();
      hand();
      return;
    }
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
      const body = JSON.parse(Buffer.concat(parts).toString() || 'null');
      const [, , , , id, what] = request.url.split('/');
      const { current } = pending ?? {};
      if (what === undefined || current !== id) return;
      pending.done(what === 'response' ? { response: body } : { error: body });
      pending = undefined;
    });
  });
  // A function that idles keeps its connection.
  server.keepAliveTimeout = 0;
  await new Promise((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  // Into a file: if this process read what they log, the talkative would be the slower for it.
  const log = join(directory, String(started += 1));
  const file = openSync(log, 'w');
  const tail = () => readFileSync(log, 'utf8').slice(-4000);
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'function', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
      // Lambda mounts a function's own files read-only.
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  let over;
  const ended = new Promise((resolve) => {
    child.once('error', (error) => { over = `does not start: ${error.message}`; resolve(); });
    child.once('exit', (code, signal) => { over = `ended with ${code ?? signal}`; resolve(); });
  });
  ended.then(() => pending?.failed(new Error(`${name} ${over}:\n${tail()}`)));

  function hand() {
    if (!waiting || !pending || pending.current) return;
    count += 1;
    pending.current = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': pending.current,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 5_000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:111122223333:function:function',
      'Lambda-Runtime-Trace-Id': 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
    }).end(pending.text);
    waiting = undefined;
  }

  const invokeText = (text) => new Promise((resolve, reject) => {
    if (over) return reject(new Error(`${name} ${over}:\n${tail()}`));
    const late = setTimeout(() => reject(new Error(`${name} does not answer within ${LIMIT / 1000} seconds:\n${tail()}`)), LIMIT);
    pending = {
      text,
      done: (answer) => { clearTimeout(late); resolve(answer); },
      failed: (error) => { clearTimeout(late); reject(error); },
    };
    hand();
  });
  return {
    invokeText,
    /** Waits until the function asks for an event: what it does after an answer, nobody waits for. */
    ready: () => Promise.race([
      new Promise((resolve) => {
        if (waiting) resolve();
        else idle = resolve;
      }),
      ended.then(() => { throw new Error(`${name} ${over}:\n${tail()}`); }),
    ]),
    /** Milliseconds of a core that its threads have taken. */
    cpu: () => readdirSync(`/proc/${child.pid}/task`)
      .map((thread) => Number(readFileSync(`/proc/${child.pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
      .reduce((sum, one) => sum + one, 0),
    invoke: (event) => invokeText(JSON.stringify(event)),
    memory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const bytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024;
      return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon') };
    },
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
