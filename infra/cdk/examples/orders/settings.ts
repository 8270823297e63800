import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LambdaVersion } from 'aws-cdk-lib/aws-cognito';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import type { Node } from 'constructs';

/** What the sample can be told by context: `-c NAME=VALUE`, or `CDK_CONTEXT_JSON` where no command line of CDK runs. */
export interface Settings {
  readonly stackName: string;
  readonly triggerVersion: LambdaVersion;
  readonly architecture: Architecture;
  /** The folder with the functions' zips. */
  readonly packages: string;
  /** More environment variables of both functions, for example the addresses of an emulator. */
  readonly environment: { readonly [name: string]: string };
  /** The prefix of the domain where machines get their tokens; without it, there is no machine client. */
  readonly machineDomain: string | undefined;
  /** Lets the app client send the password itself, for tools that know nothing better. */
  readonly userPassword: boolean;
  /** Lets `cdk destroy` take the users, the profiles and the logs with it. */
  readonly removable: boolean;
}


/** Reads the context. */
export function settings(node: Node): Settings {
  const text = (name: string): string | undefined => {
    const value: unknown = node.tryGetContext(name);
    if (value !== undefined && typeof value !== 'string') {
      throw new Error(`the context ${name} is ${JSON.stringify(value)} and takes a text`);
    }
    return value;
  };
  const flag = (name: string): boolean => {
    const value: unknown = node.tryGetContext(name) ?? false;
    if (![true, false, 'true', 'false'].includes(value as string | boolean)) {
      throw new Error(`the context ${name} is ${JSON.stringify(value)} and takes true or false`);
    }
    return value === true || value === 'true';
  };
  const triggerVersion = choice(text('triggerVersion'), 'triggerVersion', LambdaVersion.V2_0, Object.values(LambdaVersion));
  const machineDomain = text('machineDomain');
  if (machineDomain !== undefined && triggerVersion !== LambdaVersion.V3_0) {
    throw new Error(`the context machineDomain needs triggerVersion V3_0, and it is ${triggerVersion}; set both, or neither`);
  }
  const architecture = choice(text('architecture'), 'architecture', 'arm64', ['arm64', 'x86_64']);
  return {
    stackName: text('stackName') ?? 'ClaimwrightOrders',
    triggerVersion,
    architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    // From here, not from the working folder: build/examples/orders lies five folders below the repository.
    packages: resolve(
      text('packages') ?? process.env.CLAIMWRIGHT_PACKAGES ?? join(__dirname, '../../../../../target/claimwright/package'),
    ),
    environment: environment(node.tryGetContext('environment')),
    machineDomain,
    userPassword: flag('userPassword'),
    removable: flag('removable'),
  };
}

/** Returns the zip of a function. */
export function zip(of: Settings, functionName: 'token-trigger' | 'authorizer'): Code {
  const path = join(of.packages, `${functionName}-${of.architecture.name}.zip`);
  if (!existsSync(path)) {
    throw new Error(`there is no ${path}; make it with \`cargo xtask package\`, or name its folder in CLAIMWRIGHT_PACKAGES`);
  }
  return Code.fromAsset(path);
}

function choice<T extends string>(value: string | undefined, name: string, byDefault: T, allowed: readonly T[]): T {
  const chosen = value ?? byDefault;
  const found = allowed.find((one) => one === chosen);
  if (found === undefined) {
    throw new Error(`the context ${name} is ${chosen} and takes ${allowed.join(', ')}`);
  }
  return found;
}

function environment(value: unknown): { readonly [name: string]: string } {
  // The command line hands on a text.
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : (value ?? {});
  const pairs = typeof read === 'object' && read !== null ? Object.entries(read) : undefined;
  if (pairs === undefined || pairs.some(([, text]) => typeof text !== 'string')) {
    throw new Error('the context environment takes a json object of texts, for example {"CLAIMWRIGHT_KEYS_URL": "http://127.0.0.1:4566"}');
  }
  return Object.fromEntries(pairs);
}
