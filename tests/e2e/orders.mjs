// What `examples/orders/claims.yaml` means for the people of this test: written by hand, so that it may disagree with the contract's compiler.

/** The people: `profile` is the record in DynamoDB. */
export const PEOPLE = {
  kim: {
    groups: [],
    profile: { first_name: { S: 'Kimberly' }, plan: { S: 'pro' }, permissions: { L: [{ S: 'write:orders' }] }, unread: { S: 'never read' } },
  },
  ben: { groups: [], profile: undefined },
  ana: { groups: ['admin'], profile: { first_name: { S: 'Anabel' }, plan: { S: 'free' }, permissions: { SS: ['read:orders'] } } },
};

const PLAIN = 'aws.cognito.signin.user.admin';

/** The contract's claims and the scopes in a person's tokens. V1 reaches the ID token only, and as text. */
export function tokensOf(name, version, source = PEOPLE[name].profile) {
  const value = (field) => source?.[field]?.S;
  const permissions = source?.permissions?.SS ?? source?.permissions?.L.map(({ S }) => S) ?? [];
  const first_name = value('first_name');
  const plan = value('plan') ?? 'free';
  const v1 = version === 'V1_0';
  return {
    id: { ...(first_name && { first_name }), plan, permissions: v1 ? JSON.stringify(permissions) : permissions },
    access: v1 ? { scope: [PLAIN] } : { plan, permissions, 'acme:caller': 'person', scope: [PLAIN, 'orders.read'] },
  };
}

/** A machine has no record: rules that need a person say nothing of it. The scope `orders/read` is the machine's own. */
export const MACHINE = { 'acme:caller': 'machine', scope: ['orders.read', 'orders/read'] };

const NAMES = ['first_name', 'plan', 'permissions', 'acme:caller'];

/** What a token says of the contract's claims, and its scopes where it has some. */
export function saying(claims) {
  const ours = Object.fromEntries(NAMES.filter((name) => name in claims).map((name) => [name, claims[name]]));
  return claims.scope === undefined ? ours : { ...ours, scope: claims.scope.split(' ').sort() };
}

/** What the backend is told of a person. */
export function contextOf(name, version) {
  const { access } = tokensOf(name, version);
  return { user_name: name, plan: access.plan ?? 'free', permissions: JSON.stringify(access.permissions ?? []) };
}

export const MACHINE_CONTEXT = { user_name: '', plan: 'free', permissions: '[]' };

/** Which calls are allowed, by the caller. */
export const ROUTES = {
  kim: { 'GET /orders': 200, 'GET /orders/7': 200, 'POST /orders': 200, 'GET /admin/users': 403 },
  ben: { 'GET /orders': 200, 'POST /orders': 403, 'GET /admin/users': 403 },
  ana: { 'GET /orders/7': 200, 'POST /orders': 403, 'GET /admin/users': 200 },
  machine: { 'GET /orders': 200, 'POST /orders': 403 },
};

/** The same under V1, whose access token has no permission in it. */
export const routesOf = (name, version) =>
  version === 'V1_0' && name === 'kim' ? { ...ROUTES.kim, 'POST /orders': 403 } : ROUTES[name];
