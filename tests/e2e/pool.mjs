// People and machines of one deployed user pool, and their ways to tokens.

import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand, AdminCreateUserCommand, AdminSetUserPasswordCommand, CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand, InitiateAuthCommand, RespondToAuthChallengeCommand, UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { begin } from './srp.mjs';

/** A password that no pool's policy refuses. */
const password = () => `Aa1!${randomBytes(18).toString('base64url')}`;

export class Pool {
  constructor(deployment, clients, endpoint) {
    this.deployment = deployment;
    this.id = deployment.user_pool_id;
    this.client = deployment.user_pool_client_id;
    this.clients = clients;
    this.endpoint = endpoint;
  }

  /** Creates a person with a password; `temporary` is one that must be changed at the first sign-in. */
  async person(name, { email = `${name}@example.org`, temporary = false, groups = [] } = {}) {
    const secret = password();
    const { User } = await this.clients.cognito.send(new AdminCreateUserCommand({
      UserPoolId: this.id, Username: name, MessageAction: 'SUPPRESS', TemporaryPassword: secret,
      UserAttributes: [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }],
    }));
    if (!temporary) {
      await this.clients.cognito.send(new AdminSetUserPasswordCommand({ UserPoolId: this.id, Username: name, Password: secret, Permanent: true }));
    }
    for (const GroupName of groups) {
      await this.clients.cognito.send(new AdminAddUserToGroupCommand({ UserPoolId: this.id, Username: name, GroupName }));
    }
    return { name, email, sub: User.Attributes.find(({ Name }) => Name === 'sub').Value, password: secret };
  }

  /** Writes a person's profile, in the types of DynamoDB. */
  async profile(person, fields) {
    const Item = { id: { S: `USER#${person.sub}` }, ...fields };
    await this.clients.dynamodb.send(new PutItemCommand({ TableName: this.deployment.tables.profiles, Item }));
  }

  /** Signs a person in by SRP: the password is not sent. */
  async signIn(person) {
    return tokens(await this.#prove(person));
  }

  /** Signs a person in by sending the password, which an app client must allow. */
  async signInByPassword(person, ClientId) {
    return tokens(await this.clients.cognito.send(new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters: { USERNAME: person.name, PASSWORD: person.password },
    })));
  }

  /** Signs a person in for the first time: the temporary password is to be changed. */
  async signInFirst(person) {
    const { ChallengeName, Session } = await this.#prove(person);
    person.password = password();
    return { ChallengeName, ...tokens(await this.clients.cognito.send(new RespondToAuthChallengeCommand({
      ChallengeName, ClientId: this.client, Session, ChallengeResponses: { USERNAME: person.name, NEW_PASSWORD: person.password },
    }))) };
  }

  async #prove(person) {
    const exchange = begin();
    const { ChallengeParameters: challenge, Session } = await this.clients.cognito.send(new InitiateAuthCommand({
      AuthFlow: 'USER_SRP_AUTH', ClientId: this.client, AuthParameters: { USERNAME: person.name, SRP_A: exchange.A },
    }));
    const user = challenge.USER_ID_FOR_SRP;
    const answer = exchange.answer({
      poolId: this.id, user, password: person.password, B: challenge.SRP_B, salt: challenge.SALT, secretBlock: challenge.SECRET_BLOCK,
    });
    return this.clients.cognito.send(new RespondToAuthChallengeCommand({
      ChallengeName: 'PASSWORD_VERIFIER', ClientId: this.client, Session, ChallengeResponses: { USERNAME: user, ...answer },
    }));
  }

  async refresh(refreshToken) {
    return tokens(await this.clients.cognito.send(new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: this.client, AuthParameters: { REFRESH_TOKEN: refreshToken },
    })));
  }

  /** The access token of the machine client, by the grant of client credentials. */
  async machine() {
    const { machine_client_id: id, machine_client_secret: secret } = this.deployment;
    const response = await fetch(`${this.endpoint}/oauth2/token`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`the token endpoint answers ${response.status}: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }

  /** A further app client, which the deployment knows nothing of. It takes passwords. */
  async strangeClient() {
    const { UserPoolClient } = await this.clients.cognito.send(new CreateUserPoolClientCommand({
      UserPoolId: this.id, ClientName: 'stranger', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }));
    return UserPoolClient.ClientId;
  }

  /** Does something while the app client's tokens live for a second only. The emulator allows that; AWS's least are five minutes. */
  async withShortTokens(work) {
    const { UserPoolClient: as } = await this.clients.cognito.send(new DescribeUserPoolClientCommand({ UserPoolId: this.id, ClientId: this.client }));
    const { ClientSecret: _, CreationDate: __, LastModifiedDate: ___, ...settings } = as;
    await this.clients.cognito.send(new UpdateUserPoolClientCommand({
      ...settings, AccessTokenValidity: 1, IdTokenValidity: 1,
      TokenValidityUnits: { ...settings.TokenValidityUnits, AccessToken: 'seconds', IdToken: 'seconds' },
    }));
    try {
      return await work();
    } finally {
      await this.clients.cognito.send(new UpdateUserPoolClientCommand(settings));
    }
  }
}

function tokens({ AuthenticationResult: result, ChallengeName }) {
  if (!result) throw new Error(`no tokens but the challenge ${ChallengeName}`);
  return { id: result.IdToken, access: result.AccessToken, refresh: result.RefreshToken };
}
