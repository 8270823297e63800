import type { Json } from 'claimwright';
import type { IdTokenClaims } from './claims.contract';

export type Language = 'en' | 'de';

interface Texts {
  readonly demo: string;
  readonly signedOut: string;
  readonly hello: (name: string) => string;
  readonly plan: string;
  readonly language: string;
  readonly refresh: string;
  readonly changed: string;
  readonly tiers: { readonly [T in IdTokenClaims['acme:tier']]: string };
  readonly value: (value: Json | undefined) => string;
}

const value = (language: Language) => (json: Json | undefined) => {
  if (Array.isArray(json)) return new Intl.ListFormat(language).format(json.map(String));
  return typeof json === 'number' ? json.toLocaleString(language) : String(json ?? '—');
};

export const TEXTS: { readonly [L in Language]: Texts } = {
  en: {
    demo: 'Demo: this token was made in the page and signed by nobody.',
    signedOut: 'You are signed out.',
    hello: (name) => `Hello, ${name}`,
    plan: 'Your plan is',
    language: 'Language',
    refresh: 'Refresh the token',
    changed: 'The refresh changed',
    tiers: { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' },
    value: value('en'),
  },
  de: {
    demo: 'Demo: Dieses Token hat die Seite gemacht und niemand unterschrieben.',
    signedOut: 'Du bist abgemeldet.',
    hello: (name) => `Hallo, ${name}`,
    plan: 'Dein Tarif ist',
    language: 'Sprache',
    refresh: 'Token erneuern',
    changed: 'Die Erneuerung hat geändert',
    tiers: { free: 'Gratis', pro: 'Pro', enterprise: 'Enterprise' },
    value: value('de'),
  },
};
