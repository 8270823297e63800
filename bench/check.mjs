// Proves that every contender does the work of examples/profile and examples/api, and says how long it takes.
// README.md says how it is started, and with which settings.

import { ACCESS, EXAMPLES, authorizerCases, triggerCases } from './check/cases.mjs';
import { makeCertificates } from './check/certificates.mjs';
import { contendersOf } from './check/contenders.mjs';
import { startFunction } from './check/runtime-api.mjs';
import { startKeys, startStore } from './check/servers.mjs';
import { groupsOf, machine, megabytes, ms, table, us } from './check/results.mjs';
import { median, publish, quantile } from './figures.mjs';

const CALLS = Number(process.env.CALLS ?? 200);
const STARTS = Number(process.env.STARTS ?? 10);
const BLOCK = 20;
// So many blocks are not counted: machine code that is made while a program runs is made by then.
const WARM = 10;

const certificates = process.env.KIND === 'authorizer' ? undefined : makeCertificates();
const store = await startStore(EXAMPLES, certificates);
const keys = await startKeys(ACCESS.jwks);
// However this ends, so do the functions.
process.once('exit', () => running.forEach((one) => one.kill()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
const running = new Set();

try {
  console.log(await machine());
  for (const [title, kind, cases] of [
    ['token trigger, examples/profile', 'trigger', triggerCases(store)],
    ['authorizer, examples/api, keys given', 'authorizer', authorizerCases()],
  ].filter(([, kind]) => !process.env.KIND || process.env.KIND === kind)) {
    const contenders = await contendersOf(kind, { store, certificates, keys: ACCESS.jwks, keysUrl: keys.url });
    if (contenders.length === 0) throw new Error(`no ${kind} is there to be checked: install one as README.md says`);
    const results = contenders.map((contender) => ({ contender, starts: [], startCpu: [], second: [], rounds: [], roundCpu: [] }));
    await prove(results, cases);
    await warm(results, cases[0]);
    await start(results, cases[0]);
    console.log(`\n${title}: ${CALLS} calls in turns of ${BLOCK}, ${STARTS} starts in turns\n`);
    console.log(table(
      ['', 'round trip, median', '99 %', 'CPU for each', 'start to first answer, median', 'most', 'CPU for it', kind === 'authorizer' ? 'keys fetched, median' : 'the store behind TLS, median', 'resident', 'of it anonymous'],
      results.map(({ contender, rounds, roundCpu, starts, startCpu, second, memory }) => [
        contender.name, us(median(rounds)), us(quantile(rounds, 0.99)), us(median(roundCpu)),
        ms(median(starts)), ms(Math.max(...starts)), ms(median(startCpu)),
        ms(median(second)), megabytes(memory.resident), megabytes(memory.anonymous),
      ]),
    ));
    await publish(kind, groupsOf(results, kind === 'authorizer' ? 'keys fetched' : 'the store behind TLS'));
  }
} finally {
  await store.stop();
  await keys.stop();
}
console.log(`\n${await machine()}`);

/** Puts every case to every contender. */
async function prove(results, cases) {
  for (const { contender } of results) {
    const one = await begin(contender, contender.env);
    const asked = cases.filter(({ type }) => !contender.types || !type || contender.types.includes(type));
    for (const { what, event, right, around = (work) => work() } of asked) {
      let answer;
      try {
        answer = await around(() => one.invoke(event()));
        right(answer);
      } catch (error) {
        throw new Error(`${contender.name}: ${what}: ${error.message}\nit answers ${JSON.stringify(answer)}`, { cause: error });
      }
    }
    await end(one);
    console.error(`${contender.name}: ${asked.length} of ${cases.length} cases are right`);
  }
}

/** All run at once and are asked in turns, so that whatever else the machine does falls on all of them. */
async function warm(results, { event, right }) {
  const functions = [];
  for (const { contender } of results) functions.push(await begin(contender, contender.env));
  for (let call = -WARM * BLOCK; call < CALLS; call += BLOCK) {
    for (const [at, one] of functions.entries()) {
      const times = [];
      await one.ready();
      const before = one.cpu();
      for (let step = 0; step < BLOCK; step += 1) {
        const text = JSON.stringify(event());
        const started = performance.now();
        const answer = await one.invokeText(text);
        times.push(performance.now() - started);
        right(answer);
        await one.ready();
      }
      if (call < 0) continue;
      results[at].rounds.push(...times);
      results[at].roundCpu.push((one.cpu() - before) / BLOCK);
    }
  }
  for (const [at, one] of functions.entries()) {
    results[at].memory = one.memory();
    await end(one);
  }
}

async function start(results, { event, right }) {
  for (let round = 0; round < STARTS; round += 1) {
    for (const { contender, starts, startCpu, second } of results) {
      for (const [env, times] of [[contender.env, starts], ...(contender.second ? [[contender.second, second]] : [])]) {
        const text = JSON.stringify(event());
        const started = performance.now();
        const one = await begin(contender, env);
        const answer = await one.invokeText(text);
        times.push(performance.now() - started);
        right(answer);
        if (times === starts) startCpu.push(one.cpu());
        await end(one);
      }
    }
  }
}

async function begin(contender, env) {
  const one = await startFunction({ ...contender, env });
  running.add(one);
  return one;
}

async function end(one) {
  await one.stop();
  running.delete(one);
}
