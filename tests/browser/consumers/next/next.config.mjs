import { dirname } from 'node:path';

// Next's own packages stand two folders above this one.
const root = dirname(dirname(import.meta.dirname));

export default { output: 'export', reactStrictMode: true, devIndicators: false, turbopack: { root } };
