// Signing in: every way to tokens, each token verified by a library that is not ours, its claims compared with the contract.

import { MACHINE, PEOPLE, saying, tokensOf } from './orders.mjs';
import { payload, verifierOf } from './tokens.mjs';

/** Creates the people of a pool and signs them in; gives each with the tokens. */
export async function signIn(pool, version, results) {
  const verify = await verifierOf(pool.endpoint, pool.id);
  const people = {};

  const both = (scenario, tokens, person, expected) => {
    const id = verify(tokens.id, 'id', pool.client);
    const access = verify(tokens.access, 'access', pool.client);
    results.check(`${version} ${scenario}: ID token`, expected.id, saying(id));
    results.check(`${version} ${scenario}: access token`, expected.access, saying(access));
    results.check(`${version} ${scenario}: Cognito's own claims`, [person.sub, person.name, person.sub, person.name, person.email],
      [id.sub, id['cognito:username'], access.sub, access.username, id.email]);
  };

  for (const [name, { groups, profile }] of Object.entries(PEOPLE)) {
    const person = await pool.person(name, { groups });
    if (profile) await pool.profile(person, profile);
    people[name] = { ...person, tokens: await pool.signIn(person) };
    both(`${name} by SRP`, people[name].tokens, person, tokensOf(name, version));
    results.check(`${version} ${name}: groups`, groups.length > 0 ? groups : undefined, payload(people[name].tokens.access)['cognito:groups']);
  }

  const { kim } = people;
  const byPassword = await pool.signInByPassword(kim, await pool.strangeClient());
  results.check(`${version} kim by password, through another client: ID token`, tokensOf('kim', version).id, saying(payload(byPassword.id)));

  // A refresh reads the record again: a right that was taken away is gone with the next token.
  const later = { ...PEOPLE.kim.profile, plan: { S: 'free' }, permissions: { L: [] } };
  await pool.profile(kim, later);
  both('kim refreshed, the record changed', await pool.refresh(kim.tokens.refresh), kim, tokensOf('kim', version, later));
  await pool.profile(kim, PEOPLE.kim.profile);

  const lou = await pool.person('lou', { temporary: true });
  await pool.profile(lou, { first_name: { S: 'Louis' } });
  const { ChallengeName, ...tokens } = await pool.signInFirst(lou);
  results.check(`${version} lou must change the password`, 'NEW_PASSWORD_REQUIRED', ChallengeName);
  both('lou with a new password', tokens, lou, tokensOf('lou', version, { first_name: { S: 'Louis' } }));

  // The contract's list of plans has two names; a third is a faulty record, and nobody signs in with that.
  const eve = await pool.person('eve');
  await pool.profile(eve, { plan: { S: 'platinum' } });
  await refused(`${version} a record that the contract does not allow`, pool.signIn(eve), 'rule-failed', results, [eve.sub, 'platinum']);
  return people;
}

/** The machine's token (V3 only). */
export async function machineSignIn(pool, results) {
  const verify = await verifierOf(pool.endpoint, pool.id);
  const token = await pool.machine();
  const claims = verify(token, 'access', pool.deployment.machine_client_id);
  results.check('V3_0 machine: access token', MACHINE, saying(claims));
  results.check('V3_0 machine: nobody by name', undefined, claims.username);
  return token;
}

/** Expects that a sign-in is refused with a code, and that the text shows nothing of the inside. */
export async function refused(scenario, signingIn, code, results, secrets = []) {
  const started = performance.now();
  const message = await signingIn.then(() => 'signed in', (error) => error.message);
  const seconds = (performance.now() - started) / 1000;
  results.check(scenario, `sign-in could not be completed (${code})`, /sign-in could not be completed \([a-z-]+\)/.exec(message)?.[0] ?? message);
  const inside = ['dynamodb', 'table', 'arn:', 'USER#', '127.0.0.1', 'panicked', ...secrets];
  results.check(`${scenario}: nothing of the inside`, [], inside.filter((word) => message.toLowerCase().includes(word.toLowerCase())));
  // Cognito waits for five seconds.
  results.check(`${scenario}: in time`, true, seconds < 5);
}
