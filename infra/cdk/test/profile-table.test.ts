import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemovalPolicy } from 'aws-cdk-lib';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ProfileTable } from 'claimwright-cdk';
import { assertNoWarnings, logicalId, newStack, properties, resources } from './stacks';

const TYPE = 'AWS::DynamoDB::GlobalTable';

test('a table is encrypted, recoverable, paid by use, and kept', () => {
  const stack = newStack();
  new ProfileTable(stack, 'Profiles');
  assert.deepEqual(properties(stack, TYPE), {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [
      {
        Region: { Ref: 'AWS::Region' },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ],
  });
  const { DeletionPolicy, UpdateReplacePolicy } = resources(stack, TYPE)[logicalId(stack, TYPE)]!;
  assert.deepEqual({ DeletionPolicy, UpdateReplacePolicy }, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  assertNoWarnings(stack);
});

test('what is given is taken', () => {
  const stack = newStack();
  new ProfileTable(stack, 'Profiles', {
    partitionKey: 'pk',
    sortKey: 'sk',
    tableName: 'profiles',
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    deletionProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const table = properties(stack, TYPE);
  assert.equal(table.TableName, 'profiles');
  assert.deepEqual(table.KeySchema, [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ]);
  assert.deepEqual(table.SSESpecification, { SSEEnabled: false });
  assert.equal(table.Replicas[0].DeletionProtectionEnabled, false);
  assert.equal(resources(stack, TYPE)[logicalId(stack, TYPE)]!.DeletionPolicy, 'Delete');
});
