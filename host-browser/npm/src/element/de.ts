/** German words for `<id-token-claims>`. */

import { IdTokenClaimsElement } from 'claimwright/element';
import type { Words } from './words.js';

const de: Words = {
  title: 'ID-Token',
  count: '{} Claims',
  show: '{} zeigen',
  view: 'Welche Claims',
  all: 'Alle',
  custom: 'Eigene',
  standard: 'Standard',
  filter: 'Claims filtern',
  noMatch: 'Kein Claim passt',
  copy: '{} kopieren',
  copied: '{} kopiert',
  notCopied: 'Kopieren war nicht erlaubt',
  hidden: 'Verborgen',
  missing: 'Nicht in diesem Token',
  null: 'Kein Wert',
  empty: 'Leere Liste',
  blank: 'Leerer Text',
  yes: 'Ja',
  no: 'Nein',
  more: '{} weitere',
  entries: 'Einträge: {}',
  characters: 'Zeichen: {}',
  added: 'Neu',
  changed: 'Geändert',
  removed: 'Entfernt',
  before: 'Vorher: ',
  valid: 'Gültig',
  expiring: 'Läuft bald ab',
  expired: 'Abgelaufen',
  'not-yet-valid': 'Noch nicht gültig',
  'no-expiry': 'Ohne Ablauf',
  left: 'noch {}',
  unverified: 'Aus dem Token gelesen, ohne die Signatur zu prüfen. Kein Zugriff darf darauf beruhen.',
  verified: 'Signatur geprüft',
  noToken: 'Kein Token',
  invalid: 'Dieses Token ist nicht lesbar',
};

IdTokenClaimsElement.languages['de'] = de;

export default de;
