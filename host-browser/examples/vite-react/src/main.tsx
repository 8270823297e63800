import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'claimwright/element/de';
import { App } from './App';
import './app.css';

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
