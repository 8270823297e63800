// What the functions wrote into their logs: lines for everything that happened, and nothing of persons and tokens.

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';

/** The lines of a function's log. */
export async function linesOf({ lambda, logs }, FunctionName) {
  const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const logGroupName = LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
  const lines = [];
  for (let nextToken; ;) {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
    lines.push(...page.events.map(({ message }) => message));
    if (!page.nextToken || page.nextToken === nextToken) return lines;
    nextToken = page.nextToken;
  }
}

/** Reads the logs of a deployment. */
export async function logsOf(pool, version, people, results) {
  const { trigger_function_name: trigger, authorizer_function_name: authorizer } = pool.deployment;
  const written = { trigger: await linesOf(pool.clients, trigger), authorizer: await linesOf(pool.clients, authorizer) };
  const seen = {};
  for (const [name, lines] of Object.entries(written)) {
    seen[name] = lines.flatMap((line) => {
      const json = /\{.*\}/s.exec(line)?.[0];
      try {
        return [JSON.parse(json)];
      } catch {
        // START, END and REPORT are the runtime's.
        return [];
      }
    });
    const personal = Object.values(people).flatMap(({ name: user, sub, email, password, tokens }) => [
      sub, email, password, `"${user}"`, ...Object.values(tokens).flatMap((token) => token.split('.').filter((part) => part.length > 20)),
    ]);
    const text = lines.join('\n');
    results.check(`${version} ${name}'s log: nothing of persons and tokens`, [], [...personal, 'Kimberly', 'Anabel', 'Louis'].filter((value) => text.includes(value)));
  }
  results.check(`${version} trigger's log: sign-ins and refusals`, true,
    seen.trigger.some(({ message }) => message === 'tokens shaped') && seen.trigger.some(({ message }) => message === 'no tokens'));
  results.check(`${version} authorizer's log: allowed and denied calls`, true,
    ['allow', 'deny'].every((outcome) => seen.authorizer.some((line) => line.outcome === outcome)));
  const shaped = seen.trigger.filter(({ message }) => message === 'tokens shaped');
  results.check(`${version} one bundle in both functions' logs`, 1, new Set([...shaped, ...seen.authorizer.filter(({ bundle }) => bundle)].map(({ bundle }) => bundle)).size);
}
