// The vectors of `presentations`, in whichever engine and runtime loads this: it gives the cases that are not as they say.

const encoder = new TextEncoder();
const repeated = (text) => text.replace(/\{repeat:(\d+)\}/, (_, count) => 'a'.repeat(Number(count)));

function base64url(text) {
  const bytes = encoder.encode(text);
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function token({ headerText = '{"alg":"RS256","kid":"k1"}', claims, claimsText, token = '{header}.{payload}.c2ln' }) {
  const payload = repeated(claims === undefined ? (claimsText ?? '') : JSON.stringify(claims));
  return token.replace('{header}', base64url(headerText)).replace('{payload}', base64url(payload));
}

function answer(api, vector) {
  const { payload, expected, contract, language, now, within, receivedAt } = vector;
  const options = {
    ...(contract !== undefined && { contract }),
    ...(expected !== undefined && { tokenUse: expected }),
    ...(within !== undefined && { expiringWithin: within }),
    ...(receivedAt !== undefined && { clockSkew: { receivedAt } }),
  };
  try {
    const read =
      payload === undefined ? api.decodeIdToken(token(vector), options) : api.fromPayload(JSON.parse(payload), options);
    return {
      header: read.header,
      inexact: read.warnings.map(({ code, claim }) => (code === 'inexact-number' ? claim : code)),
      rows: read.rows(language === undefined ? {} : { language }).map(({ value: _, ...row }) => row),
      ...(now !== undefined && { status: read.expiry(now).status }),
    };
  } catch (error) {
    return { error: error.code ?? String(error) };
  }
}

/** JSON with members in one order. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

/** Runs the cases of some files, and says which are wrong and how many there were. */
export function run(api, files) {
  const wrong = [];
  let count = 0;
  for (const { about, cases } of files) {
    for (const vector of cases) {
      count += 1;
      const got = answer(api, vector);
      for (const [name, want] of Object.entries(vector.want)) {
        if (canonical(got[name]) !== canonical(want)) wrong.push(`${about} ${vector.name} ${name}: ${canonical(got[name])}`);
      }
      if (('error' in got) !== ('error' in vector.want)) wrong.push(`${about} ${vector.name}: ${canonical(got)}`);
    }
  }
  return { wrong, count };
}

/** Reads hostile and right tokens many times, and says by how many bytes the memory grew after the first times. */
export function hold(api, files, times) {
  const cases = files.flatMap(({ cases }) => cases);
  const hundred = () => cases.forEach((vector) => answer(api, vector));
  hundred();
  let done = cases.length;
  while (done < times) {
    hundred();
    done += cases.length;
  }
  return done;
}
