// Bundles the entries, writes their types and the tarball. `cargo xtask pack` calls it when the engines are in `generated`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(root, ...parts);
const stage = process.argv[2] && resolve(process.argv[2]);
if (!stage) throw new Error('no folder was named to put the package into; call `cargo xtask pack`');

// One letter for each byte: text compresses better than base64, and no bundler has to know of the module.
for (const [from, to] of [['decode.wasm', 'bytes'], ['preview.wasm', 'preview-bytes']]) {
  const letters = readFileSync(at('generated', from), 'latin1');
  writeFileSync(at('generated', `${to}.js`), `export const bytes = ${JSON.stringify(letters)};\n`);
  writeFileSync(at('generated', `${to}.d.ts`), 'export declare const bytes: string;\n');
}

rmSync(stage, { recursive: true, force: true });
const dist = join(stage, 'dist');
mkdirSync(dist, { recursive: true });

const options = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  charset: 'utf8',
  target: 'es2020',
  legalComments: 'none',
  logLevel: 'warning',
};
const names = ['index', 'plain', 'auto', 'verify', 'element', 'element/de', 'react', 'preview', 'backend'];
// What several entries need is a file of its own: the whole core, and the engine that is fetched only where it is needed.
const parts = ['core', 'plain-engine'];
const apart = (format) => ({
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/(core|plain-engine)\.js$/ }, ({ path, importer }) => {
      // The entry without WebAssembly is one file.
      if (importer.endsWith('/plain.ts')) return undefined;
      return { path: format === 'cjs' ? path.replace('.js', '.cjs') : path, external: true };
    });
  },
});
for (const [format, extension] of [['esm', '.js'], ['cjs', '.cjs']]) {
  await build({
    ...options,
    format,
    entryPoints: [...names, ...parts].map((name) => ({ in: `src/${name}.ts`, out: name })),
    outExtension: { '.js': extension },
    external: ['claimwright', 'claimwright/*', 'react'],
    plugins: [apart(format)],
    outdir: dist,
  });
}
await build({ ...options, format: 'esm', entryPoints: { 'index.module': 'src/module.ts' }, external: ['./claims.wasm'], outdir: dist });
cpSync(at('generated/decode.wasm'), join(dist, 'claims.wasm'));

execFileSync(at('node_modules/.bin/tsc'), ['--project', at('tsconfig.json')], { stdio: 'inherit' });
const types = at('generated/types');
const ours = (folder) =>
  readdirSync(join(types, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? ours(join(folder, entry.name)) : [join(folder, entry.name)],
  );
for (const file of ours('.')) {
  const text = readFileSync(join(types, file), 'utf8');
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  writeFileSync(join(dist, file), text);
  // What `require` gives has types of its own kind.
  writeFileSync(join(dist, file.replace(/\.d\.ts$/, '.d.cts')), text.replace(/((?:from |import\()['"]\.[^'"]+)\.js(['"])/g, '$1.cjs$2'));
}

const description = JSON.parse(readFileSync(at('package.json'), 'utf8'));
delete description.devDependencies;
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
cpSync(at('README.md'), join(stage, 'README.md'));
execFileSync('npm', ['pack', '--silent', '--pack-destination', dirname(stage)], { cwd: stage, stdio: 'inherit' });
