// Bundles both functions as AWS's guides advise: one minified module each, the SDK in it.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [here('trigger.mjs'), here('authorizer.mjs')],
  outdir: here('dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Some packages have smaller modules beside their CommonJS.
  mainFields: ['module', 'main'],
  // The rest of them asks for Node's own modules by `require`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
