// The client's side of Cognito's sign-in by the Secure Remote Password protocol: the password never leaves it.
// Source: RFC 5054 (the 3072-bit group) and the constants of Cognito's own client libraries.

import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const PRIME = BigInt(`0x${[
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD',
  'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED',
  'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F',
  '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B',
  'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510',
  '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7',
  'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C',
  'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
].join('')}`);
const GENERATOR = 2n;

/** Begins a sign-in: `A` is what is sent, `answer` what the password verifier is answered with. */
export function begin() {
  const secret = BigInt(`0x${randomBytes(128).toString('hex')}`);
  const A = power(GENERATOR, secret);
  return {
    A: A.toString(16),
    answer({ poolId, user, password, B, salt, secretBlock, now = new Date() }) {
      const scrambling = hash(padded(A), padded(BigInt(`0x${B}`)));
      const identity = createHash('sha256').update(`${poolId.split('_')[1]}${user}:${password}`).digest();
      const x = hash(padded(BigInt(`0x${salt}`)), identity);
      const k = hash(padded(PRIME), padded(GENERATOR));
      const base = BigInt(`0x${B}`) - k * power(GENERATOR, x);
      const shared = power(((base % PRIME) + PRIME) % PRIME, secret + scrambling * x);
      const key = Buffer.from(hkdfSync('sha256', padded(shared), padded(scrambling), 'Caldera Derived Key', 16));
      const timestamp = time(now);
      const signature = createHmac('sha256', key)
        .update(poolId.split('_')[1]).update(user).update(Buffer.from(secretBlock, 'base64')).update(timestamp)
        .digest('base64');
      return { PASSWORD_CLAIM_SECRET_BLOCK: secretBlock, PASSWORD_CLAIM_SIGNATURE: signature, TIMESTAMP: timestamp };
    },
  };
}

function power(base, exponent) {
  let result = 1n;
  for (let [square, left] = [base % PRIME, exponent]; left > 0n; left >>= 1n, square = (square * square) % PRIME) {
    if (left & 1n) result = (result * square) % PRIME;
  }
  return result;
}

const hash = (...parts) => BigInt(`0x${createHash('sha256').update(Buffer.concat(parts)).digest('hex')}`);

/** The bytes of a number, with a zero before those that would read as negative. */
function padded(number) {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

/** As Cognito wants it: `Sat Nov 21 12:05:09 UTC 2026`, the day without a zero before it. */
function time(now) {
  const [weekday, day, month, year, clock] = now.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${Number(day)} ${clock} UTC ${year}`;
}
