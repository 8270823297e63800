// A function in AWS's own Lambda runtime emulator (RIE), which speaks the Runtime API of the real service.

import { readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { exposed, freePort, launch, run, started, until } from './processes.mjs';

/** Unpacks a function's zip as Lambda does. */
export async function unpack(zip, directory, log) {
  await run('unzip', ['-q', '-o', zip, '-d', directory], { env: { PATH: process.env.PATH }, log });
  const bootstrap = join(directory, 'bootstrap');
  // Lambda sets no mode of its own.
  if (((await stat(bootstrap)).mode & 0o111) !== 0o111) throw new Error(`the bootstrap in ${zip} is not executable for everybody`);
  return bootstrap;
}

/** Starts RIE for one binary, which RIE starts at the first invocation. */
export async function startRie(rie, bootstrap, { env, log }) {
  const [invocations, runtime] = [await freePort(), await freePort()];
  // Both addresses: its own defaults are all interfaces.
  const { ended, stop, tail } = launch(rie, [
    '--runtime-interface-emulator-address', `127.0.0.1:${invocations}`, '--runtime-api-address', `127.0.0.1:${runtime}`, bootstrap,
  ], {
    cwd: dirname(bootstrap),
    log,
    env: {
      PATH: process.env.PATH, LAMBDA_TASK_ROOT: dirname(bootstrap), AWS_LAMBDA_FUNCTION_TIMEOUT: '4',
      AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...env,
    },
  });
  let over = false;
  ended.finally(() => { over = true; }).catch(() => undefined);
  await until('the runtime emulator does not listen', () => {
    if (over) throw new Error(`the runtime emulator ended:\n${tail()}`);
    return listens(invocations);
  }, { every: 5 });
  const invoke = async (body) => {
    const response = await fetch(`http://127.0.0.1:${invocations}/2015-03-31/functions/function/invocations`, { method: 'POST', body });
    return response.text();
  };
  return {
    invoke,
    /** The process ids of the function's own processes. */
    processes: () => started().filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/exe`) === bootstrap;
      } catch {
        return false;
      }
    }),
    /** The addresses that are not on the loopback address. */
    exposed: () => exposed(invocations),
    stop: () => stop(1_000),
  };
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
