import type { Construct } from 'constructs';
import { refuse } from './refuse';

/** A place of a request where the token may stand. */
export interface TokenPlace {
  readonly kind: 'header' | 'query' | 'protocol';
  readonly name: string;
}

/** Reads `tokenFrom`, as the function reads it. */
export function tokenPlaces(scope: Construct, tokenFrom: string): TokenPlace[] {
  return tokenFrom.split(',').map((part) => {
    const [, kind, name] = /^(header|query|protocol):(\S+)$/.exec(part.trim()) ?? [];
    if (kind === undefined || name === undefined) {
      return refuse(
        scope,
        `tokenFrom has the part "${part.trim()}" and takes header:NAME, query:NAME and protocol:NAME, divided by commas`,
      );
    }
    return { kind: kind as TokenPlace['kind'], name };
  });
}

/** Writes a header's name as people do: `x-token` becomes `X-Token`. Gateways read it in any case. */
export function headerName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
