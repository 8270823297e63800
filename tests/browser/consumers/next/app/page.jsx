import { decodeIdToken } from 'claimwright';
import { token } from '../token.js';
import Panel from './panel.jsx';

export default function Page() {
  return (
    <>
      <h1>Server: {decodeIdToken(token).claims.name}</h1>
      <Panel />
    </>
  );
}
