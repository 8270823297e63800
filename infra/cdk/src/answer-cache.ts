import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { refuse } from './refuse';
import type { TokenPlace } from './token-place';

/** What a gateway keeps an answer by. */
export enum ClaimCacheKey {
  /** The token: one answer serves all calls with it. Right unless the contract's rules ask about the single call. */
  TOKEN = 'TOKEN',

  /** The token, the method and the path: one answer serves the repetitions of a call. */
  CALL = 'CALL',
}

/** How a gateway keeps answers; the same for every kind of API. */
export interface ClaimCacheProps {
  /**
   * How long the gateway keeps an answer, at most an hour. A kept answer outlives its token by up to this time.
   *
   * @default - 5 minutes; none for simple answers that are kept by the token
   */
  readonly resultsCacheTtl?: Duration;

  /**
   * What an answer is kept by. Take `CALL` where `claims check` says that a rule asks about the single call.
   *
   * @default ClaimCacheKey.TOKEN
   */
  readonly cacheKey?: ClaimCacheKey;
}

export interface AnswerCache {
  readonly ttl: Duration;
  readonly places: readonly TokenPlace[];
  readonly byCall: boolean;
}

/** Decides for how long and by what answers are kept, or says why they may not be. */
export function answerCache(
  scope: Construct,
  props: ClaimCacheProps,
  places: readonly TokenPlace[],
  simple: boolean,
): AnswerCache {
  const byCall = props.cacheKey === ClaimCacheKey.CALL;
  const mayBeKept = byCall || !simple;
  const ttl = props.resultsCacheTtl ?? (mayBeKept ? Duration.minutes(5) : Duration.seconds(0));
  const seconds = ttl.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 3600) {
    refuse(scope, `resultsCacheTtl is ${seconds} s and takes whole seconds from 0 to 3600`);
  }
  if (!mayBeKept && seconds > 0) {
    refuse(
      scope,
      `resultsCacheTtl is ${seconds} s, and a simple answer is right for one call only; set it to 0 s, or cacheKey to ClaimCacheKey.CALL`,
    );
  }
  const protocol = places.find(({ kind }) => kind === 'protocol');
  if (protocol !== undefined) {
    refuse(scope, `tokenFrom has protocol:${protocol.name}, which only a websocket api has; make another authorizer for this api`);
  }
  if (places.length > 1 && seconds > 0) {
    refuse(
      scope,
      `tokenFrom has ${places.length} places, and a gateway that keeps answers demands all of them at once; set resultsCacheTtl to 0 s, or take one place`,
    );
  }
  // Without answers that are kept, an identity source would only turn away who brings the token elsewhere.
  return { ttl, places: places.length > 1 ? [] : places, byCall: byCall && seconds > 0 };
}
