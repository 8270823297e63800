// A server of files for the tests: on 127.0.0.1 only, nothing cached, a policy for each folder where one is wanted.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.cjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Serves folders. `mounts` says what stands under which path:
 * `{ '/strict/': { directory, policy: "default-src 'none'" } }`; the longest path wins.
 */
export async function serve(mounts) {
  const paths = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const at = paths.find((path) => pathname.startsWith(path));
    // Browsers ask for it by themselves.
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    if (at === undefined || request.method !== 'GET') return response.writeHead(404).end();
    const { directory, policy } = mounts[at];
    const file = await find(directory, decodeURIComponent(pathname.slice(at.length)));
    if (file === undefined) return response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(policy === undefined ? {} : { 'Content-Security-Policy': policy }),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

async function find(directory, name) {
  const file = normalize(join(directory, name));
  if (file !== normalize(directory) && !file.startsWith(normalize(directory + sep))) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return find(file, 'index.html');
  return found?.isFile() ? file : undefined;
}
