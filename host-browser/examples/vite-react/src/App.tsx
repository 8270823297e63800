import { useEffect, useState } from 'react';
import { diffIdTokens } from 'claimwright';
import type { IdToken } from 'claimwright';
import { IdTokenClaims, useIdTokenClaims } from 'claimwright/react';
import { contract } from './claims.contract';
import { demoToken, refreshed } from './demo-session';
import { TEXTS } from './texts';
import type { Language } from './texts';

export function App() {
  const [language, setLanguage] = useState<Language>('en');
  const [token, setToken] = useState(() => demoToken('free'));
  const [previous, setPrevious] = useState<IdToken<object> | null>(null);
  const state = useIdTokenClaims(token, { contract, language });
  const texts = TEXTS[language];

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  if (state.status === 'empty') return <p className="page">{texts.signedOut}</p>;
  if (state.status === 'invalid') return <p className="page">{state.error.message}</p>;

  const { claims, idToken, rows } = state;
  const tier = claims['acme:tier'];
  // Every new token has other times; those are no news to a person.
  const news = previous ? diffIdTokens(previous, idToken).filter(({ claim }) => claim.startsWith('acme:')) : [];
  const labelOf = (claim: string) => rows.find(({ keys }) => keys.includes(claim))?.label ?? claim;

  const refresh = () => {
    setPrevious(idToken);
    setToken(refreshed(tier));
  };

  return (
    <main className="page">
      <p className="demo">{texts.demo}</p>
      <header>
        <div>
          <h1>{texts.hello(claims.name ?? claims['cognito:username'])}</h1>
          <p>
            {texts.plan} <strong data-tier={tier}>{texts.tiers[tier]}</strong>
            {claims['acme:organization'] && <> · {claims['acme:organization']}</>}
          </p>
        </div>
        <div className="tools">
          <label>
            <span>{texts.language}</span>
            <select value={language} onChange={({ target }) => setLanguage(target.value as Language)}>
              <option value="en">English</option>
              <option value="de">Deutsch</option>
            </select>
          </label>
          <button type="button" onClick={refresh}>
            {texts.refresh}
          </button>
        </div>
      </header>

      <div role="status" className="news">
        {news.length > 0 && (
          <>
            <h2>{texts.changed}</h2>
            <ul>
              {news.map(({ claim, before, after }) => (
                <li key={claim}>
                  {labelOf(claim)}: <del>{texts.value(before)}</del> → <ins>{texts.value(after)}</ins>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>

      <IdTokenClaims token={token} previous={previous} contract={contract} language={language} />
    </main>
  );
}
