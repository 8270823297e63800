export { ClaimCacheKey, type ClaimCacheProps } from './answer-cache';
export { ClaimAuthorizer, type ClaimAuthorizerProps, type ClaimIssuer } from './claim-authorizer';
export type { ClaimCanary, ClaimFunctionProps } from './claim-function-props';
export { ClaimTrigger, type ClaimTriggerProps } from './claim-trigger';
export { ClaimHttpAnswer, ClaimHttpAuthorizer, type ClaimHttpAuthorizerProps } from './http-authorizer';
export { ProfileTable, type ProfileTableProps } from './profile-table';
export { type ClaimRestAuthorizerProps, ClaimRestAuthorizerType } from './rest-authorizer';
