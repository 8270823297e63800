import * as core from './core.js';
import type { Contract, Json } from './types.js';

/** A mistake in a contract, or something that looks like one. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Where it begins and ends, in bytes of UTF-8 from the beginning. */
  readonly start: number;
  readonly end: number;
}

/** A contract that was compiled, or its mistakes. */
export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** The compiled contract, as `claims build` writes it; not there if the contract has mistakes. */
  readonly bundle?: string;
  /** How its claims are shown. */
  readonly display?: Contract<Record<string, unknown>>;
}

/** What becomes of a claim. */
export interface PreviewChange {
  readonly claim: string;
  readonly change: 'added' | 'removed' | 'changed' | 'same';
  readonly before?: Json;
  readonly after?: Json;
  /** The rules behind it. */
  readonly why?: string;
}

/** A token without the contract and with it. */
export interface PreviewToken {
  readonly plain: { readonly [claim: string]: Json };
  readonly shaped: { readonly [claim: string]: Json };
  readonly changes: readonly PreviewChange[];
  readonly encodedBytes: number;
  readonly plainEncodedBytes: number;
  readonly budgetBytes: number;
}

/** What a rule gave, or why it gave nothing. */
export interface PreviewRule {
  readonly rule: string;
  readonly source: string;
  readonly outcome: 'given' | 'default' | 'suppressed' | 'absent';
  readonly token?: 'id' | 'access';
  readonly value?: Json;
  readonly reason?: string;
}

/** What a contract would make of a sign-in, as `claims preview --format json` prints it. */
export interface Preview {
  readonly bundle: string;
  /** Not there for a machine. */
  readonly id?: PreviewToken;
  readonly access: PreviewToken;
  readonly rules: readonly PreviewRule[];
  readonly overBudget: readonly ('id' | 'access')[];
}

/** Why there is no preview: the contract refuses the sign-in, or an input is none. */
export interface Refusal {
  readonly code: string;
  readonly subject?: string;
  readonly fault?: string;
  readonly message: string;
}

/** What a preview is made of. */
export interface PreviewInput {
  /** What `check` compiled. */
  readonly bundle: string;
  /** The event of the trigger, as JSON. */
  readonly event: string;
  /** A record for each fact that is there, as JSON; null is a record that is missing. */
  readonly facts?: string;
  /** The facts that could not be read. */
  readonly failed?: readonly string[];
  /** The time that rules see, in seconds since 1970. */
  readonly now?: number;
}

/** Compiles the core, once. Everything else here waits for it. */
export const ready: () => Promise<void> = core.ready;

/** Compiles the text of a contract, and says what is wrong with it. */
export async function check(contract: string): Promise<Checked> {
  await ready();
  return JSON.parse(core.check(contract)) as Checked;
}

/** Says what a contract makes of a sign-in. */
export async function preview(
  input: PreviewInput,
): Promise<{ readonly preview: Preview; readonly error?: never } | { readonly error: Refusal; readonly preview?: never }> {
  await ready();
  const { bundle, event, facts = '{}', failed = [], now = Math.floor(Date.now() / 1000) } = input;
  return JSON.parse(core.preview(bundle, event, facts, JSON.stringify(failed), BigInt(Math.max(0, Math.floor(now) || 0)))) as never;
}
