// The scenarios in their order, against whatever deployed the functions.

import { keptAnswers, rightTokens, wrongOnes, wrongTokens } from './calls.mjs';
import { clientsOf } from './clients.mjs';
import { deviations, olderPlaceOfV1 } from './deviations.mjs';
import { keysFail, keysReturn, storeFails, tableGone } from './faults.mjs';
import { logsOf } from './logs.mjs';
import { authorizerCalls, invokers, roles } from './permissions.mjs';
import { Pool } from './pool.mjs';
import { exposed } from './processes.mjs';
import { machineSignIn, signIn } from './sign-in.mjs';

/** Tries a deployment of each version, `{ V1_0, V2_0, V3_0 }`, in full. Gives the people of each, signed in. */
export async function everything(deployments, { emulator, recorder, probeZip }, results) {
  // What was called while it was deployed, is whoever deploys.
  const from = recorder.calls.length;
  return withPools(deployments, emulator, async (pools) => {
    const all = Object.entries(pools);
    const people = {};
    const { V1_0: v1, V2_0: v2, V3_0: v3 } = pools;
    let machine;
    let again;
    await results.part('invokers', () => each(all, ([version, pool]) => invokers(pool, version, results)));
    await results.part('deviations', () => olderPlaceOfV1(v1, results));
    await results.part('sign-in', async () => {
      people.V3_0 = await signIn(v3, 'V3_0', results);
      machine = await machineSignIn(v3, results);
      again = await keysFail(v3, 'V3_0', people.V3_0.kim, recorder, results);
      people.V1_0 = await signIn(v1, 'V1_0', results);
      people.V2_0 = await signIn(v2, 'V2_0', results);
    });
    await results.part('wrong tokens', async () => {
      await wrongTokens(v2, 'V2_0', await wrongOnes(v2, people.V2_0.kim, { elsewhere: people.V3_0.kim.tokens.access }), results);
    });
    await results.part('calls', async () => {
      await rightTokens(v1, 'V1_0', people.V1_0, undefined, results);
      await rightTokens(v2, 'V2_0', people.V2_0, undefined, results);
      await keptAnswers(v2, 'V2_0', people.V2_0.kim, results);
      await keysReturn(v3, 'V3_0', people.V3_0.kim, again, results);
      await rightTokens(v3, 'V3_0', people.V3_0, machine, results);
    });
    await results.part('permissions', () => each(all, ([version, pool]) => roles(pool, version, people[version].kim, recorder, results)));
    await results.part('deviations', () => deviations(pools, people, recorder, probeZip, results));
    await results.part('faults', async () => {
      await storeFails(v2, 'V2_0', people.V2_0.kim, recorder, results);
      await tableGone(v2, 'V2_0', people.V2_0.kim, results);
    });
    await results.part('logs', async () => {
      await each(all, ([version, pool]) => logsOf(pool, version, people[version], results));
      authorizerCalls(recorder.calls.slice(from), all.map(([, pool]) => pool), results);
      results.check('nothing listens outside of 127.0.0.1', [], await exposed(emulator.port));
    });
    return people;
  });
}

/** Tries one further deployment of V3: that it is wired as the other. */
export async function wiring(deployment, name, { emulator, recorder }, results) {
  return withPools({ [name]: deployment }, emulator, async ({ [name]: pool }) => {
    await results.part(name, async () => {
      await invokers(pool, 'V3_0', results);
      const people = await signIn(pool, 'V3_0', results);
      const machine = await machineSignIn(pool, results);
      await rightTokens(pool, 'V3_0', people, machine, results);
      await roles(pool, 'V3_0', people.kim, recorder, results);
    });
  });
}

async function withPools(deployments, { endpoint }, work) {
  const clients = clientsOf(endpoint);
  const pools = Object.entries(deployments).map(([name, deployment]) => [name, new Pool(deployment, clients, endpoint)]);
  try {
    return await work(Object.fromEntries(pools));
  } finally {
    clients.close();
  }
}

async function each(all, work) {
  for (const one of all) await work(one);
}
