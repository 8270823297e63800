// Compiles the library with jsii, which refuses what other languages than TypeScript could not call.
// It is a check: what is published is the output of tsc.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(here, 'build', 'jsii');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(here, 'src'), join(folder, 'src'), { recursive: true });
symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'), 'junction');
writeFileSync(join(folder, 'README.md'), '');
writeFileSync(
  join(folder, 'package.json'),
  JSON.stringify({
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    license: 'Apache-2.0', // jsii knows no choice of two
    author: { name: 'Claimwright' },
    repository: { type: 'git', url: 'https://example.org/claimwright.git' }, // jsii wants one
    main: 'lib/index.js',
    types: 'lib/index.d.ts',
    peerDependencies: manifest.peerDependencies,
    devDependencies: manifest.devDependencies,
    jsii: { targets: {}, versionFormat: 'short', tsc: { outDir: 'lib', rootDir: 'src' } },
  }),
);

const jsii = join(here, 'node_modules', 'jsii', 'bin', 'jsii');
const { status } = spawnSync(process.execPath, [jsii, '--fail-on-warnings'], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
