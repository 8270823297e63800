// The risk tier of a sign-in as a logic component; the policy stands in ../README.md.

const DAY = 24 * 60 * 60;

const NO_CHANGES = { add: [], suppress: [] };
const EMPTY = { id: NO_CHANGES, access: NO_CHANGES, scopes: NO_CHANGES, groups: null };

export const logic = {
  plan(request) {
    // A machine has no user, and a test event may have a user without a name.
    const name = request.user?.name;
    if (!name) {
      return [];
    }
    const key = [{ name: 'id', value: JSON.stringify(name) }];
    return [
      { fact: 'account', table: 'accounts', key, fields: [], consistent: false },
      { fact: 'signins', table: 'signins', key, fields: [], consistent: false },
    ];
  },

  shape(request, facts) {
    if (!request.user) {
      return EMPTY;
    }
    if (hasFailed(facts, 'account')) {
      // What is thrown is the refusal.
      throw { tag: 'fact-failed', val: 'account' };
    }
    const account = record(facts, 'account');
    if (account?.locked === true) {
      const message = 'this account is locked; write to support';
      throw { tag: 'blocked', val: { rule: 'risk.locked', message } };
    }
    const now = Number(request.now);
    const points = accountPoints(account, now) + signinPoints(record(facts, 'signins'));
    const tier = tierOf(points);
    const riskTier = claim('risk_tier', tier);
    const id = { add: [riskTier], suppress: [] };
    if (request.version === 'v1') {
      return { ...EMPTY, id };
    }
    return {
      id,
      access: { add: [riskTier, claim('risk_points', points)], suppress: [] },
      scopes: { add: [], suppress: tier === 'high' ? ['orders/refund'] : [] },
      groups: null,
    };
  },

  authorize() {
    const denial = { reason: 'no-rules', rule: null, message: null };
    return { denial, context: [], grants: null, deniedFields: [] };
  },
};

function accountPoints(account, now) {
  if (!account) {
    return 40;
  }
  const chargebacks = count(account.chargebacks) ?? 0;
  return agePoints(count(account.created), now) + Math.min(20 * chargebacks, 60);
}

function agePoints(created, now) {
  if (created === undefined || created > now) {
    return 30;
  }
  const age = now - created;
  if (age < 7 * DAY) {
    return 30;
  }
  return age < 30 * DAY ? 10 : 0;
}

function signinPoints(signins) {
  if (!signins) {
    return 0;
  }
  const failures = count(signins.failures) ?? 0;
  const failurePoints = failures >= 10 ? 40 : failures >= 3 ? 20 : 0;
  const countries = Array.isArray(signins.countries) ? signins.countries : [];
  const texts = new Set(countries.filter((country) => typeof country === 'string'));
  return failurePoints + (texts.size > 2 ? 20 : 0);
}

function tierOf(points) {
  if (points < 30) {
    return 'low';
  }
  return points < 70 ? 'medium' : 'high';
}

function claim(name, value) {
  return { name, value: JSON.stringify(value) };
}

// Returns a whole number from 0 to 2^53 - 1. JSON.parse reads 3, 3.0 and 3e0 as the same number.
function count(value) {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function outcome(facts, name) {
  return facts.find((fact) => fact.name === name)?.outcome;
}

function hasFailed(facts, name) {
  return outcome(facts, name)?.tag === 'failed';
}

// Returns the record of a fact; undefined if there is none, or if it is no object.
function record(facts, name) {
  const found = outcome(facts, name);
  if (found?.tag !== 'found') {
    return undefined;
  }
  try {
    const value = JSON.parse(found.val);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
