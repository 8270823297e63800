import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** What a `ProfileTable` can be told. */
export interface ProfileTableProps {
  /**
   * The attribute that is the partition key, a text. The contract's `key` names it too.
   *
   * @default 'id'
   */
  readonly partitionKey?: string;

  /**
   * The attribute that is the sort key, a text.
   *
   * @default - no sort key
   */
  readonly sortKey?: string;

  /**
   * The real name of the table.
   *
   * @default - a name that CloudFormation makes
   */
  readonly tableName?: string;

  /**
   * The key that encrypts the table. A trigger that reads a table with a customer's key may decrypt with that key.
   * CDK wants such a table in a stack with a Region.
   *
   * @default TableEncryptionV2.awsManagedKey()
   */
  readonly encryption?: TableEncryptionV2;

  /**
   * Whether DynamoDB refuses to delete the table.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * What becomes of the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** A table of profiles: paid by use, encrypted, recoverable to any second of 35 days, and hard to lose. */
export class ProfileTable extends Construct {
  /** The table. */
  public readonly table: TableV2;

  /**
   * Makes the table.
   *
   * @param scope the construct that it belongs to
   * @param id its name there
   * @param props what differs from the defaults
   */
  public constructor(scope: Construct, id: string, props: ProfileTableProps = {}) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: props.partitionKey ?? 'id', type: AttributeType.STRING },
      sortKey: props.sortKey === undefined ? undefined : { name: props.sortKey, type: AttributeType.STRING },
      tableName: props.tableName,
      billing: Billing.onDemand(),
      encryption: props.encryption ?? TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }
}
