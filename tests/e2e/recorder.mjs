// Stands between the functions and the emulator: notes each call to AWS, and lets a service fail on demand.

import { createServer, request as send } from 'node:http';

/** Starts a recorder in front of `endpoint`. The function that is deployed calls AWS at its `url`. */
export async function startRecorder(endpoint) {
  const { hostname, port } = new URL(endpoint);
  const calls = [];
  let fault;
  const server = createServer((incoming, outgoing) => {
    const call = describe(incoming);
    calls.push(call);
    const failing = fault?.when(call) ? fault.how : undefined;
    if (failing === 'hang') return incoming.resume();
    if (failing !== undefined) {
      incoming.resume();
      outgoing.writeHead(failing.status, { 'Content-Type': 'application/x-amz-json-1.0' });
      return outgoing.end(failing.body);
    }
    // The signature covers the host's name as the caller wrote it, so headers go on as they are.
    const onward = send({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      call.status = answer.statusCode;
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** All calls up to now. */
    calls,
    /** The calls that are made while something is done. */
    async during(work) {
      const from = calls.length;
      const result = await work();
      return { result, calls: calls.slice(from) };
    },
    /** Lets some calls fail while something is done: `hang` answers nothing, an object is the answer. */
    async failing(when, how, work) {
      fault = { when, how };
      try {
        return await work();
      } finally {
        fault = undefined;
      }
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** The calls of DynamoDB. */
export const ofStore = ({ service }) => service === 'dynamodb';
/** The fetches of pools' keys. */
export const ofKeys = ({ path }) => path.endsWith('/.well-known/jwks.json');

/** What a request asks of AWS, and whose key signed it; nothing of what is in it. */
function describe({ method, url, headers }) {
  const target = headers['x-amz-target'];
  const [, key, service] = /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const operation = target?.split('.').at(-1);
  return { service, action: operation && `${service}:${operation}`, key, method, path: url.split('?')[0] };
}
