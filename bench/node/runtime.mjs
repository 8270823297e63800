// A client of Lambda's Runtime API, in place of that of the Node.js runtime, which is compiled when it is installed:
// `node runtime.mjs FILE.FUNCTION`, the file below the working directory and without its ending.
//
// Source: *Using the Lambda runtime API for custom runtimes*, AWS Lambda Developer Guide,
// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

import { Agent, request } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const [file, name] = process.argv[2].split('.');
let handler;
try {
  ({ [name]: handler } = await import(pathToFileURL(resolve(`${file}.mjs`))));
} catch (error) {
  await fail('init/error', error);
  throw error;
}

for (;;) {
  const { headers, text } = await call('GET', 'invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  // What X-Ray reads.
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  const context = {
    awsRequestId: id,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
  };
  let answer;
  try {
    answer = JSON.stringify((await handler(JSON.parse(text), context)) ?? null);
  } catch (error) {
    await fail(`invocation/${id}/error`, error);
    continue;
  }
  await call('POST', `invocation/${id}/response`, answer);
}

function fail(path, error) {
  const { name = 'Error', message = String(error), stack = '' } = error ?? {};
  const body = JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
  return call('POST', path, body, { 'Lambda-Runtime-Function-Error-Type': name });
}

function call(method, path, body, headers = {}) {
  return new Promise((done, failed) => {
    const length = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const sent = request({ hostname, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers: { ...length, ...headers } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ headers: response.headers, text: Buffer.concat(parts).toString() }));
      response.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}
