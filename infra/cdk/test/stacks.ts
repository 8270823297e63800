import assert from 'node:assert/strict';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export const ENV = { account: '111122223333', region: 'eu-west-1' };

/** A stack of an app of its own. */
export function newStack(context: Record<string, unknown> = {}): Stack {
  return new Stack(new App({ context }), 'Test');
}

/** A zip that need not be there. */
export function code(scope: Construct): Code {
  const bucket = scope.node.tryFindChild('Zips') ?? Bucket.fromBucketName(scope, 'Zips', 'zips');
  return Code.fromBucket(bucket as Bucket, 'function.zip', '1');
}

export function poolWithClient(scope: Construct): { userPool: UserPool; client: UserPoolClient } {
  const userPool = new UserPool(scope, 'Pool');
  return { userPool, client: userPool.addClient('Client', { disableOAuth: true }) };
}

type Resource = { readonly Type: string; readonly Properties: Record<string, any>; readonly [more: string]: any };

/** The resources of a type, by logical id. */
export function resources(stack: Stack, type: string): Record<string, Resource> {
  return Template.fromStack(stack).findResources(type) as Record<string, Resource>;
}

/** The properties of the one resource of a type whose logical id begins with a text. */
export function properties(stack: Stack, type: string, id = ''): Record<string, any> {
  const found = Object.entries(resources(stack, type)).filter(([logicalId]) => logicalId.startsWith(id));
  assert.equal(found.length, 1, `${type} ${id}: ${found.map(([logicalId]) => logicalId)}`);
  return found[0]![1].Properties;
}

/** All statements of all policies of roles. */
export function statements(stack: Stack): Record<string, any>[] {
  return Object.values(resources(stack, 'AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** The logical id of the one resource of a type whose logical id begins with a text. */
export function logicalId(stack: Stack, type: string, id = ''): string {
  const found = Object.keys(resources(stack, type)).filter((one) => one.startsWith(id));
  assert.equal(found.length, 1, `${type} ${id}: ${found}`);
  return found[0]!;
}

export function assertNoWarnings(stack: Stack): void {
  const annotations = Annotations.fromStack(stack);
  assert.deepEqual(annotations.findWarning('*', Match.anyValue()), []);
  assert.deepEqual(annotations.findError('*', Match.anyValue()), []);
}
