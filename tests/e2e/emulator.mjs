// The emulator that stands in for AWS: ministack, on the loopback address only, with its IAM enforcement switched on.

import { join } from 'node:path';
import { endAll, exposed, freePort, launch, temporary, until } from './processes.mjs';

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';
// The emulator's root user. It is no secret: nothing but the emulator knows it.
export const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts the emulator; `python` is that of an environment with the packages of `requirements.txt`. */
export async function startEmulator(python, logs) {
  const port = await freePort();
  const directory = temporary('emulator');
  const emulator = launch(python, ['-m', 'ministack'], {
    cwd: directory,
    log: join(logs, 'emulator.log'),
    // The functions inherit the emulator's environment, so nothing of whoever runs the test is in it.
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      TMPDIR: directory,
      STATE_DIR: join(directory, 'state'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      AWS_DEFAULT_REGION: REGION,
      AUTH: 'true',                               // policies count
      MINISTACK_COGNITO_PRETOKEN_STRICT: '1',     // a trigger that fails refuses the sign-in, as in AWS
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await emulator.stop();
    // Its functions may outlive it.
    endAll();
  };
  try {
    let ended;
    emulator.ended.then((code) => { ended = code; }, (error) => { ended = error.message; });
    await until('the emulator does not answer', async () => {
      if (ended !== undefined) throw new Error(`the emulator ended with ${ended}:\n${emulator.tail()}`);
      return fetch(`${endpoint}/_ministack/health`).then((response) => response.ok, () => false);
    });
    const open = await exposed(port);
    if (open.length > 0) throw new Error(`the emulator listens on ${open.join(', ')} and may only on 127.0.0.1`);
  } catch (error) {
    await stop();
    throw error;
  }
  const reset = async () => {
    const { ok, status } = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
    if (!ok) throw new Error(`the emulator does not begin anew: ${status}`);
  };
  return { endpoint, port, stop, reset };
}
