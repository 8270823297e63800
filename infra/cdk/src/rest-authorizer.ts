import { Stack } from 'aws-cdk-lib';
import { type Authorizer, IdentitySource, RequestAuthorizer, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DeployedFunction } from './deployed-function';
import { type ClaimCacheProps, answerCache } from './answer-cache';
import { refuse } from './refuse';
import { headerName, type TokenPlace } from './token-place';

/** What a REST API hands to the function. */
export enum ClaimRestAuthorizerType {
  /** One header, and the method and path that were called. */
  TOKEN = 'TOKEN',

  /** The whole request but its body. */
  REQUEST = 'REQUEST',
}

/** What the authorizer of a REST API can be told. */
export interface ClaimRestAuthorizerProps extends ClaimCacheProps {
  /**
   * What the API hands to the function.
   *
   * @default ClaimRestAuthorizerType.TOKEN
   */
  readonly authorizerType?: ClaimRestAuthorizerType;
}

/** Makes the authorizer of a REST API, and lets that authorizer alone call the function. */
export function restAuthorizer(
  claims: Construct,
  scope: Construct,
  id: string,
  props: ClaimRestAuthorizerProps,
  deployed: DeployedFunction,
  places: readonly TokenPlace[],
): Authorizer {
  const { ttl, byCall, places: sources } = answerCache(claims, props, places, false);
  const common = { handler: deployed.invoked, resultsCacheTtl: ttl };
  const request = props.authorizerType === ClaimRestAuthorizerType.REQUEST;
  const authorizer = request
    ? new RequestAuthorizer(scope, id, {
        ...common,
        identitySources: [
          ...sources.map((place) => source(place)),
          ...(byCall ? [IdentitySource.context('httpMethod'), IdentitySource.context('path')] : []),
        ],
      })
    : new TokenAuthorizer(scope, id, { ...common, identitySource: tokenSource(claims, sources, byCall) });
  deployed.alias.addPermission('Invoke', {
    scope: authorizer,
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: authorizer.authorizerArn,
    sourceAccount: Stack.of(scope).account,
  });
  return authorizer;
}

function source({ kind, name }: TokenPlace): string {
  return kind === 'header' ? IdentitySource.header(headerName(name)) : IdentitySource.queryString(name);
}

function tokenSource(claims: Construct, sources: readonly TokenPlace[], byCall: boolean): string {
  const [place] = sources;
  if (place === undefined || place.kind !== 'header') {
    return refuse(claims, 'tokenFrom is not one header, and an authorizer of type TOKEN reads one header; set authorizerType to ClaimRestAuthorizerType.REQUEST');
  }
  if (byCall) {
    return refuse(
      claims,
      'cacheKey is ClaimCacheKey.CALL, and an authorizer of type TOKEN keeps answers by the token alone; set authorizerType to ClaimRestAuthorizerType.REQUEST',
    );
  }
  return source(place);
}
