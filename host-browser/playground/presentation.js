import { fromPayload } from 'claimwright';
import 'claimwright/element';
import 'claimwright/element/de';

/** Binds the tab that shows the ID token as a page of the reader's would. */
export function presentation(panel) {
  const view = panel.querySelector('id-token-claims');
  const none = panel.querySelector('.empty');
  const language = panel.querySelector('#language');
  const changes = panel.querySelector('#mark-changes');
  let last;

  function show() {
    const { claims, plain, display } = last ?? {};
    const read = (payload) => fromPayload(payload, display ? { contract: display } : {});
    view.hidden = !claims;
    none.hidden = !!claims;
    view.language = language.value;
    view.contract = display ?? null;
    view.previous = claims && changes.checked ? read(plain) : null;
    view.idToken = claims ? read(claims) : null;
  }

  language.addEventListener('change', show);
  changes.addEventListener('change', show);
  return (token, display) => {
    last = token && { claims: token.shaped, plain: token.plain, display };
    show();
  };
}
