import { Stack } from 'aws-cdk-lib';
import {
  AuthorizerPayloadVersion,
  HttpAuthorizer,
  HttpAuthorizerType,
  type HttpRouteAuthorizerBindOptions,
  type HttpRouteAuthorizerConfig,
  type IHttpApi,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type AnswerCache, answerCache, type ClaimCacheProps } from './answer-cache';
import type { ClaimAuthorizer } from './claim-authorizer';
import { refuse } from './refuse';
import { headerName, type TokenPlace, tokenPlaces } from './token-place';

/** In which form an HTTP API is answered. */
export enum ClaimHttpAnswer {
  /** An IAM policy for all routes of the token, which may be kept. */
  IAM = 'iam',

  /** Yes or no to the one call. */
  SIMPLE = 'simple',
}

/** What the authorizer of an HTTP API can be told. */
export interface ClaimHttpAuthorizerProps extends ClaimCacheProps {}

/**
 * The authorizer of an HTTP API, with payload format 2.0. CDK's `HttpLambdaAuthorizer` has IAM answers with format 1.0 only.
 *
 * It is made by `ClaimAuthorizer.forHttpApi`.
 */
export class ClaimHttpAuthorizer implements IHttpRouteAuthorizer {
  private readonly cache: AnswerCache;
  private api?: IHttpApi;
  private authorizer?: HttpAuthorizer;

  /**
   * Makes an authorizer, which becomes part of the API of the first route that has it.
   *
   * @param id its name in that API
   * @param claims the function behind it
   * @param props how answers are kept
   */
  public constructor(
    private readonly id: string,
    private readonly claims: ClaimAuthorizer,
    props: ClaimHttpAuthorizerProps = {},
  ) {
    const { tokenFrom, httpAnswer } = claims;
    this.cache = answerCache(claims, props, tokenPlaces(claims, tokenFrom), httpAnswer === ClaimHttpAnswer.SIMPLE);
  }

  /** The id that API Gateway gave it; it has one as soon as a route has it. */
  public get authorizerId(): string {
    if (this.authorizer === undefined) {
      return refuse(this.claims, `the authorizer ${this.id} belongs to no api yet; give it to a route or an api first`);
    }
    return this.authorizer.authorizerId;
  }

  /**
   * Connects a route; called by CDK.
   *
   * @param options the route
   */
  public bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    const api = options.route.httpApi;
    if (this.api !== undefined && this.api.apiId !== api.apiId) {
      refuse(this.claims, `the authorizer ${this.id} belongs to another api; call forHttpApi once for each api`);
    }
    this.api = api;
    this.authorizer ??= this.attach(options.scope, api);
    return { authorizerId: this.authorizer.authorizerId, authorizationType: 'CUSTOM' };
  }

  private attach(scope: Construct, api: IHttpApi): HttpAuthorizer {
    const { ttl, places, byCall } = this.cache;
    const { alias, httpAnswer } = this.claims;
    const { partition, region, account } = Stack.of(alias);
    const authorizer = new HttpAuthorizer(scope, this.id, {
      httpApi: api,
      type: HttpAuthorizerType.LAMBDA,
      payloadFormatVersion: AuthorizerPayloadVersion.VERSION_2_0,
      enableSimpleResponses: httpAnswer === ClaimHttpAnswer.SIMPLE,
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${alias.functionArn}/invocations`,
      identitySource: [...places.map(source), ...(byCall ? ['$context.httpMethod', '$context.path'] : [])],
      resultsCacheTtl: ttl,
    });
    alias.addPermission('Invoke', {
      // Beside the API, because its stack already needs the function's, and two stacks may not need each other.
      scope: authorizer,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(scope).formatArn({
        service: 'execute-api',
        resource: api.apiId,
        resourceName: `authorizers/${authorizer.authorizerId}`,
      }),
      sourceAccount: account,
    });
    return authorizer;
  }
}

function source({ kind, name }: TokenPlace): string {
  return kind === 'header' ? `$request.header.${headerName(name)}` : `$request.querystring.${name}`;
}
