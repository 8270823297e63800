// The state as the part of an address after `#`, which browsers send to nobody.

const MARK = '#share=';

async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** Writes the state as a hash. */
export async function toHash(state) {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(state)));
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return MARK + btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads a hash: the state, or nothing where there is none or it is none of ours. */
export async function fromHash(hash) {
  if (!hash.startsWith(MARK)) return undefined;
  try {
    const letters = atob(hash.slice(MARK.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const state = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes)));
    if (!['contract', 'event', 'facts'].every((name) => typeof state[name] === 'string')) return undefined;
    return { ...state, failed: Array.isArray(state.failed) ? state.failed.filter((name) => typeof name === 'string') : [] };
  } catch {
    return undefined;
  }
}
