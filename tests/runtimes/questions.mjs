// What a question may ask. A question that is misread would have a right answer to something else.

/** Gives a question back, or throws what is wrong with it, given the members that it must and may have. */
export function checked(question, { needed = [], optional = [] }) {
  if (typeof question !== 'object' || question === null || Array.isArray(question)) throw new Error('it is no json object');
  const allowed = [...needed, ...optional];
  const unknown = Object.keys(question).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new Error(`it has the member ${unknown}; allowed are ${allowed.join(', ')}`);
  const missing = needed.find((name) => question[name] === undefined);
  if (missing !== undefined) throw new Error(`it lacks the member ${missing}; needed are ${needed.join(', ')}`);
  return question;
}

/** Seconds since 1970, as WebAssembly takes them. */
export function seconds(now) {
  if (!Number.isSafeInteger(now) || now < 0) throw new Error(`now is ${JSON.stringify(now)}: give whole seconds since 1970`);
  return BigInt(now);
}
