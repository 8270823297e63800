// A certificate for the loopback address, and the roots that each contender would read of its own accord, with the one above
// it. `openssl` makes them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a Linux system trusts: some hundred and fifty roots. */
const SYSTEM = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
const AMAZON = new URL('../../host-lambda/src/facts/amazon-roots.pem', import.meta.url);

export function makeCertificates() {
  const directory = mkdtempSync(join(tmpdir(), 'claimwright-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = (name) => join(directory, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'root.key', '-out', 'root.pem', '-days', '7', '-subj', '/CN=Bench');
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=localhost');
  writeFileSync(file('names'), 'basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', 'request.pem', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-out', 'certificate.pem', '-days', '7', '-extfile', 'names');
  const root = readFileSync(file('root.pem'), 'utf8');
  const besides = (name, roots) => {
    writeFileSync(file(name), `${roots}\n${root}`);
    return file(name);
  };
  const system = SYSTEM.map(readable).find((text) => text !== undefined);
  if (system === undefined) throw new Error(`this system has no roots at ${SYSTEM.join(' or ')}: install the package ca-certificates`);
  return {
    key: readFileSync(file('key.pem')),
    certificate: readFileSync(file('certificate.pem')),
    /** Files of roots. */
    alone: file('root.pem'),
    system: besides('system.pem', system),
    amazon: besides('amazon.pem', readFileSync(AMAZON, 'utf8')),
  };
}

function readable(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
