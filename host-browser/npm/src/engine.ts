type Use = 'id' | 'access' | 'any';

/** Which token is expected, and whether the text is its claims alone. */
export type Expected = Use | `payload-${Use}`;

/** The core, however it runs. Each function takes texts and keeps nothing. */
export interface Engine {
  /** Two lines, what was read and the payload; or `!` and the code of the error. */
  read(text: string, expected: Expected): string;
  /** The lines of a presentation as JSON; or `!bad-contract`. */
  rows(payload: string, contract: string, language: string): string;
  /** The place of the state in `STATES`. */
  expiry(exp: number, nbf: number, now: number, within: number): number;
  /** By how many seconds the issuer's clock is ahead. */
  drift(iat: number, received: number): number;
}
