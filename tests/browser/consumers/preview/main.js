import { decodeIdToken } from 'claimwright';
import { token } from './token.js';

const CONTRACT = `
version: 1
claims:
  acme:plan: { expression: '"p" + "ro"', tokens: [id], type: string }
`;
const EVENT = {
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'eu-central-1',
  userPoolId: 'eu-central-1_AbCdEfGhI',
  userName: 'zoe',
  callerContext: { awsSdkVersion: 'none', clientId: '1example23456789' },
  request: { userAttributes: { sub: 'u-1' }, groupConfiguration: { groupsToOverride: [] }, scopes: [] },
  response: { claimsAndScopeOverrideDetails: null },
};

const out = document.querySelector('#out');
try {
  const { check, preview } = await import('claimwright/preview');
  const { bundle, diagnostics, display } = await check(CONTRACT);
  const { preview: made, error } = await preview({ bundle, event: JSON.stringify(EVENT) });
  if (error || diagnostics.length > 0) throw new Error(JSON.stringify([error, diagnostics]));
  const { rows, verified } = decodeIdToken(token, { contract: display });
  out.textContent = `OK ${made.id.shaped['acme:plan']} ${rows().length} ${verified}`;
} catch (error) {
  out.textContent = `FAILED ${error}`;
}
