import 'claimwright/element';

const field = document.querySelector('#token');
const view = document.querySelector('id-token-claims');

function show() {
  // The property, never an attribute: attributes are written into HTML. What is pasted often has blanks around it.
  view.token = field.value.trim() || null;
}

/** DEMO ONLY: signed by nobody. */
function demo() {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: '6a1e0f5c-0000-4000-8000-000000000001', iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
    aud: '4demo0client0id', token_use: 'id', auth_time: now, iat: now, exp: now + 3600,
    'cognito:username': 'mary', 'cognito:groups': ['editors'], name: 'Mary Example', email: 'mary@example.org', email_verified: true,
    'custom:plan': 'pro', 'custom:seats': 25,
  };
  const part = (value) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return [{ alg: 'none', typ: 'demo' }, claims, 'unsigned demo'].map(part).join('.');
}

field.addEventListener('input', show);
document.querySelector('#demo').addEventListener('click', () => {
  field.value = demo();
  show();
});
show();
