// What the functions call: a table that knows GetItem, and an address with a pool's keys. Both on the loopback address.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

/** A stand-in for DynamoDB that holds the items of examples/profile, with TLS too if there are certificates. */
export async function startStore(examples, certificates) {
  const tables = JSON.parse(readFileSync(new URL('profile/seed.json', examples), 'utf8'));
  const marshal = (item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }]));
  const answers = new Map(Object.entries(tables).flatMap(([table, items]) => (
    items.map((item) => [`${table}/${item.id}`, JSON.stringify({ Item: marshal(item) })])
  )));
  let fails = false;
  let asked = 0;
  const answer = (request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      asked += 1;
      const [service, operation] = (request.headers['x-amz-target'] ?? '').split('.');
      const { TableName, Key } = JSON.parse(Buffer.concat(parts).toString());
      const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=test/');
      const right = service === 'DynamoDB_20120810' && operation === 'GetItem' && signed;
      const [status, body] = fails || !right
        ? [400, '{"__type":"com.amazon.coral.service#AccessDeniedException","message":"an inner message"}']
        : [200, answers.get(`${TableName}/${Key.id.S}`) ?? '{}'];
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': 'r-1', 'Content-Length': Buffer.byteLength(body) }).end(body);
    });
  };
  const plain = await listen(createServer(answer));
  const secure = certificates && await listen(createSecureServer({ key: certificates.key, cert: certificates.certificate }, answer));
  return {
    url: `http://${plain.address}`,
    secureUrl: secure && `https://${secure.address}`,
    stop: () => Promise.all([plain.stop(), secure?.stop()]),
    asked: () => asked,
    /** Lets every call fail while something is done. */
    async failing(work) {
      fails = true;
      try {
        return await work();
      } finally {
        fails = false;
      }
    },
  };
}

/** Serves a key set at every path. */
export async function startKeys(jwks) {
  const body = JSON.stringify(jwks);
  const server = await listen(createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
  }));
  return { url: `http://${server.address}`, stop: server.stop };
}

async function listen(server) {
  // The functions keep their connections for longer than Node's server does.
  server.keepAliveTimeout = 0;
  await new Promise((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  return {
    address: `127.0.0.1:${server.address().port}`,
    stop: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}
