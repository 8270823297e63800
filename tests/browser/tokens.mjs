// Builds unsigned tokens for tests of the page: whoever reads without checking must take them.

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Writes claims as a token. A text is taken as the payload as it is. */
export const token = (claims, header = { alg: "RS256", kid: "test-key" }) =>
  `${part(header)}.${part(claims)}.${part("not-a-signature")}`;

/** The claims of one ordinary person, signed in ten minutes before `now` (seconds since 1970). */
export const person = (now, more = {}) => ({
  sub: "7f3c1c2e-8b1d-4c57-9a51-3f0e6c2b9d10",
  iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI",
  aud: "4h57lq2example8sdk1tn0v9r3",
  token_use: "id",
  auth_time: now - 600,
  iat: now - 600,
  exp: now + 3000,
  jti: "0b6f5f0e-3f3b-4b0a-8d7e-54f1f1f0a001",
  origin_jti: "5d0a7a53-2a51-4e63-8f9c-1d4c33a0b002",
  event_id: "c1f2a3b4-1111-4222-8333-444455556666",
  name: "Ana Núñez",
  given_name: "Ana",
  family_name: "Núñez",
  email: "ana.nunez@example.com",
  email_verified: true,
  phone_number: "+34600111222",
  "cognito:username": "ana.nunez@example.com",
  "cognito:groups": ["admin", "billing", "support"],
  locale: "es-ES",
  website: "https://example.com/ana",
  updated_at: now - 86400 * 12,
  "custom:tier": "pro",
  "custom:seats": 12500,
  trial: false,
  permissions: ["read:all", "write:all", "delete:own", "invite", "export", "bill", "audit", "manage", "impersonate", "archive"],
  organization: { id: "org-117", name: "Acme GmbH", plan: { name: "pro", features: ["sso", "scim"] } },
  nickname: null,
  tags: [],
  ...more,
});
