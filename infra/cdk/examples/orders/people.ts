import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  UserPoolClient,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Settings } from './settings';

/** The user pool, its app clients and its groups. */
export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly machine: UserPoolClient | undefined;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      featurePlan: FeaturePlan.ESSENTIALS, // V2 and V3 need it
      selfSignUpEnabled: false,
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true }, // the old address stays in the tokens until the new one is proven
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(1),
      },
      deletionProtection: !settings.removable,
      removalPolicy: settings.removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    // A public client: a page or an app keeps no secret.
    this.client = this.pool.addClient('Client', {
      generateSecret: false,
      authFlows: { userSrp: true, adminUserPassword: true, userPassword: settings.userPassword },
      disableOAuth: true, // otherwise CDK allows the implicit grant and a made-up callback
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // No attribute that a rule of the contract reads.
      writeAttributes: new ClientAttributes().withStandardAttributes({ givenName: true, familyName: true, locale: true }),
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(1),
    });
    new UserPoolGroup(this, 'Admins', { userPool: this.pool, groupName: 'admin' });
    this.machine = settings.machineDomain === undefined ? undefined : this.machineClient(settings.machineDomain);
  }

  private machineClient(domainPrefix: string): UserPoolClient {
    const read = new ResourceServerScope({ scopeName: 'read', scopeDescription: 'Read orders' });
    const server = this.pool.addResourceServer('Orders', { identifier: 'orders', scopes: [read] });
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    return this.pool.addClient('Machine', {
      generateSecret: true,
      authFlows: { userSrp: false }, // says that people do not sign in here; Cognito's own default is that they may
      oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, read)] },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
    });
  }
}
