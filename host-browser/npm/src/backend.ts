import * as core from './core.js';
import type { Json } from './types.js';

/** Who verified a caller, and so in which form the values came. */
export type Carrier =
  | 'rest-context'
  | 'rest-claims'
  | 'http-context'
  | 'http-claims'
  | 'appsync-context'
  | 'appsync-claims';

/** What a backend is told of its caller. */
export interface Caller<C extends object = { readonly [name: string]: Json }> {
  readonly carrier: Carrier;
  /** The claims, or the values of the context, in the contract's types. What cannot be of its type is left out. */
  readonly values: Readonly<Partial<C>>;
}

/**
 * Makes a reader of the events that API Gateway and AppSync hand to a backend, whoever verified the caller.
 * It verifies nothing: the event must come from the gateway itself.
 *
 * @param bundle the compiled contract, as `claims build` writes it
 * @returns the caller of an event, or null if the event names none: then nobody is known
 */
export async function callerReader<C extends object = { readonly [name: string]: Json }>(
  bundle: string,
): Promise<(event: object) => Caller<C> | null> {
  await core.ready();
  const read = (event: object) =>
    JSON.parse(core.caller(bundle, JSON.stringify(event))) as Caller<C> | null | { error: { message: string } };
  const said = read({});
  if (said && 'error' in said) throw new Error('the bundle cannot be read: ' + said.error.message);
  return (event) => read(event) as Caller<C> | null;
}
