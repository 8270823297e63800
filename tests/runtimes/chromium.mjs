// A page of headless Chromium as the place where questions are answered. One page answers all.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { installed } from './installed.mjs';
import { serve } from './serve.mjs';

const PAGE = '<!doctype html><meta charset="utf-8"><title>answers</title>';
/** What of this folder runs in the page. */
const OURS = ['ask.mjs', 'bindgen.mjs', 'component.mjs', 'questions.mjs'];
/** The page reaches nothing but its server, and makes no code of text. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
];

/** Asks an engine in a page. */
export async function inChromium(engine, modules, questions) {
  const { chromium } = await installed('playwright-core');
  const server = await serve(async (path) => {
    const [, folder, name] = path.match(/^\/(engine\/)?([^/]*)$/) ?? [];
    if (folder) return modules.bytes(name);
    if (name === 'page.html') return PAGE;
    return OURS.includes(name) ? readFile(new URL(name, import.meta.url)) : undefined;
  }, POLICY);
  let browser;
  try {
    browser = await started(chromium);
    const page = await browser.newPage();
    await page.goto(`${server.url}/page.html`);
    const { answers, failed } = await page.evaluate(inPage, { engine, questions: JSON.stringify(questions) });
    if (failed !== undefined) throw new Error(failed);
    return answers;
  } finally {
    await browser?.close();
    await server.close();
  }
}

/** Starts the browser that CHROMIUM names, or one that is on the path. */
async function started(chromium) {
  const named = process.env.CHROMIUM;
  const places = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = (named ? [named] : places).find((place) => existsSync(place));
  if (!executablePath) throw new Error(`no browser ${named ? `at ${named}` : 'on the path'}: set CHROMIUM to the path of a Chromium`);
  return chromium.launch({ executablePath, args: ARGUMENTS }).catch((error) => {
    throw new Error(`${executablePath} does not start as a browser: ${error.message.split('\n')[0]}`, { cause: error });
  });
}

/** Runs in the page. Texts go in and out, so that nothing between here and there reads a value in its own way. */
async function inPage({ engine, questions }) {
  const address = (name) => new URL(name, `${location.origin}/engine/`);
  const bytes = async (name) => {
    const response = await fetch(address(name));
    if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
    return response.arrayBuffer();
  };
  try {
    const { ask } = await import('/ask.mjs');
    return { answers: await ask(engine, { address, bytes }, JSON.parse(questions)) };
  } catch (error) {
    return { failed: error.message };
  }
}
