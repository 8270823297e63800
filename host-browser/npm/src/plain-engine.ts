import { call, drift, expiry, input, length, memory } from '../generated/plain.js';
import type { Engine } from './engine.js';

function ask(name: number, texts: readonly string[]): string {
  const encoder = new TextEncoder();
  const parts = texts.map((text) => encoder.encode(text));
  const lengths = parts.map((part) => part.length);
  let place = input(lengths.reduce((sum, each) => sum + each, 0));
  for (const part of parts) {
    new Uint8Array(memory.buffer).set(part, place);
    place += part.length;
  }
  const [first = 0, second = 0, third = 0] = lengths;
  const answer = call(name, first, second, third);
  return decoded(new Uint8Array(memory.buffer).subarray(answer, answer + length()));
}

/** The text of UTF-8, which the core writes without mistakes. React Native had no `TextDecoder` for long. */
function decoded(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number;
    const rest = () => (bytes[at++] as number) & 63;
    if (first < 0x80) text += String.fromCharCode(first);
    else if (first < 0xe0) text += String.fromCharCode(((first & 31) << 6) | rest());
    else if (first < 0xf0) text += String.fromCharCode(((first & 15) << 12) | (rest() << 6) | rest());
    else text += String.fromCodePoint(((first & 7) << 18) | (rest() << 12) | (rest() << 6) | rest());
  }
  return text;
}

/** The core as JavaScript, made of the same Rust. */
export const plain: Engine = {
  read: (text, expected) => ask(0, [text, expected]),
  rows: (payload, contract, language) => ask(1, [payload, contract, language]),
  expiry,
  drift,
};
