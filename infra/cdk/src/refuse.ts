import type { Construct } from 'constructs';

/** Ends the synthesis with a sentence that names the construct. */
export function refuse(scope: Construct, why: string): never {
  throw new Error(`${scope.node.path}: ${why}`);
}
