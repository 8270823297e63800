// Calling the APIs with the tokens of the sign-in: who gets through, what the backend is told, who does not.

import { InvokeCommand } from '@aws-sdk/client-lambda';
import { apisOf } from './apis.mjs';
import { httpRequest } from './events.mjs';
import { linesOf } from './logs.mjs';
import { MACHINE_CONTEXT, contextOf, routesOf } from './orders.mjs';
import { forgeries } from './tokens.mjs';

/** Everyone calls every route with their access token. */
export async function rightTokens(pool, version, people, machine, results) {
  const apis = apisOf(pool.deployment, pool.endpoint);
  const callers = Object.entries(people).map(([name, { tokens }]) => [name, tokens.access, contextOf(name, version)]);
  if (machine) callers.push(['machine', machine, MACHINE_CONTEXT]);
  for (const [api, { call, context }] of Object.entries(apis)) {
    for (const [name, token, expected] of callers) {
      const wanted = routesOf(name, version);
      const answers = await Promise.all(Object.keys(wanted).map(async (route) => [route, await call(route, token)]));
      results.check(`${version} ${api} ${name}: status of each route`, wanted, Object.fromEntries(answers.map(([route, { status }]) => [route, status])));
      for (const [route, { status, body }] of answers) {
        if (status !== 200) continue;
        // The emulator adds the principal on both APIs; see the deviations.
        const { principalId: _, ...told } = context(body) ?? {};
        results.check(`${version} ${api} ${name} ${route}: context`, expected, told);
      }
    }
    results.check(`${version} ${api} no token`, 401, (await call('GET /orders')).status);
    results.check(`${version} ${api} "bearer" in small letters`, 200, (await call('GET /orders', people.kim.tokens.access, { scheme: 'bearer ' })).status);
  }
}

/** The gateways keep the answers of before, which say which routes a token may call and which not: nobody is asked again. */
export async function keptAnswers(pool, version, kim, results) {
  const decided = async () => (await linesOf(pool.clients, pool.deployment.authorizer_function_name)).filter((line) => line.includes('call decided')).length;
  const before = await decided();
  results.check(`${version} answers are kept: there were some`, true, before > 0);
  for (const [api, { call }] of Object.entries(apisOf(pool.deployment, pool.endpoint))) {
    const wanted = routesOf('kim', version);
    const seen = {};
    for (const route of Object.keys(wanted)) seen[route] = (await call(route, kim.tokens.access)).status;
    results.check(`${version} ${api} kim by a kept answer: status of each route`, wanted, seen);
  }
  results.check(`${version} answers are kept: the authorizer was not asked again`, before, await decided());
}

/** Tokens that are not right. All of them are 401 in AWS; the emulator answers 500 on HTTP APIs, see the deviations. */
export async function wrongTokens(pool, version, wrong, results) {
  const apis = apisOf(pool.deployment, pool.endpoint);
  for (const [what, token, options] of wrong) {
    results.check(`${version} REST ${what}`, 401, (await apis.REST.call('GET /orders', token, options)).status);
    results.check(`${version} HTTP ${what} (AWS: 401)`, 500, (await apis.HTTP.call('GET /orders', token, options)).status);
    // So the word of which AWS makes a 401 is asked of the deployed function itself.
    results.check(`${version} HTTP ${what}: the function's own answer`, 'Unauthorized', await askedForHttp(pool, token, options));
  }
}

/** The wrong tokens that can be made of a good one, and those of others. */
export async function wrongOnes(pool, kim, { elsewhere }) {
  const wrong = Object.entries(await forgeries(kim.tokens.access, pool.endpoint, pool.id));
  const { access: ofStranger } = await pool.signInByPassword(kim, await pool.strangeClient());
  const expired = await pool.withShortTokens(async () => {
    const { access } = await pool.signIn(kim);
    // One second, and the one in which it may have begun.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    return access;
  });
  return [
    ...wrong,
    ['expired', expired],
    ["another pool's token", elsewhere],
    ["another client's token", ofStranger],
    ['the ID token', kim.tokens.id],
    ['the refresh token', kim.tokens.refresh],
    ['no scheme', kim.tokens.access, { scheme: '' }],
    ['another scheme', kim.tokens.access, { scheme: 'Basic ' }],
  ];
}

/** Invokes the deployed authorizer as an HTTP API does, and gives what it fails with. */
async function askedForHttp({ clients, deployment }, token, { scheme = 'Bearer ' } = {}) {
  const event = httpRequest(`${scheme}${token}`, { api: deployment.http_api_id });
  const { FunctionError, Payload } = await clients.lambda.send(new InvokeCommand({
    FunctionName: deployment.authorizer_function_name, Payload: JSON.stringify(event),
  }));
  const answer = JSON.parse(Buffer.from(Payload));
  return FunctionError ? answer.errorMessage : answer;
}
