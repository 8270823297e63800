// Bundles the entries, writes their types and the tarball. `cargo xtask pack` calls it when the engines are in `generated`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(root, ...parts);
const [stage] = process.argv.slice(2);
if (!stage) throw new Error('no folder was named to put the package into; call `cargo xtask pack`');

// One letter for each byte: text compresses better than base64, and no bundler has to know of the module.
for (const [from, to] of [['claims.wasm', 'bytes'], ['preview.wasm', 'preview-bytes']]) {
  const letters = readFileSync(at('generated', from), 'latin1');
  writeFileSync(at('generated', `${to}.js`), `export const bytes = ${JSON.stringify(letters)};\n`);
  writeFileSync(at('generated', `${to}.d.ts`), 'export declare const bytes: string;\n');
}

rmSync(stage, { recursive: true, force: true });
const dist = join(stage, 'dist');
mkdirSync(dist, { recursive: true });

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  charset: 'utf8',
  target: 'es2020',
  external: ['claimwright', 'claimwright/*', 'react', './claims.wasm'],
  legalComments: 'none',
  logLevel: 'warning',
};
const esm = ['index', 'plain', 'verify', 'element', 'react'];
await build({
  ...shared,
  format: 'esm',
  entryPoints: [...esm, 'element/de'].map((name) => ({ in: `src/${name}.ts`, out: name })),
  outdir: dist,
});
await build({ ...shared, format: 'esm', entryPoints: { 'index.module': 'src/module.ts' }, outdir: dist });
// The engine without WebAssembly is a file of its own, which is fetched only where it is needed; and the whole core is
// one file for the two entries that need it.
for (const [names, chunk] of [[['auto'], 'plain-engine'], [['preview', 'backend'], 'core']]) {
  const entryPoints = names.map((name) => `src/${name}.ts`);
  await build({ ...shared, format: 'esm', splitting: true, chunkNames: chunk, entryPoints, outdir: dist });
}
for (const name of ['index', 'plain', 'verify']) {
  await build({ ...shared, format: 'cjs', entryPoints: [`src/${name}.ts`], outfile: join(dist, `${name}.cjs`) });
}
cpSync(at('generated/claims.wasm'), join(dist, 'claims.wasm'));

execFileSync(at('node_modules/.bin/tsc'), ['--project', at('tsconfig.json')], { stdio: 'inherit' });
const types = at('generated/types');
const ours = (folder) =>
  readdirSync(join(types, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? ours(join(folder, entry.name)) : [join(folder, entry.name)],
  );
for (const file of ours('.')) {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  cpSync(join(types, file), join(dist, file));
}
// What `require` gives has types of its own kind.
for (const name of ['index', 'plain', 'verify', 'names', 'types', 'error']) {
  const text = readFileSync(join(types, `${name}.d.ts`), 'utf8').replace(/(from '\.\/[^']+)\.js'/g, "$1.cjs'");
  writeFileSync(join(dist, `${name}.d.cts`), text.replace(/(from "\.\/[^"]+)\.js"/g, '$1.cjs"'));
}

const description = JSON.parse(readFileSync(at('package.json'), 'utf8'));
delete description.devDependencies;
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
cpSync(at('README.md'), join(stage, 'README.md'));
execFileSync('npm', ['pack', '--silent', '--pack-destination', dirname(stage)], { cwd: stage, stdio: 'inherit' });
