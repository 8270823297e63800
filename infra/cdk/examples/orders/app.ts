import { App } from 'aws-cdk-lib';
import flags = require('aws-cdk-lib/recommended-feature-flags.json');
import { settings } from './settings';
import { OrdersStack } from './stack';

// The flags of a new app. One of them deploys a REST API again when only its authorizer changes.
const app = new App({ context: { ...flags } });
const given = settings(app.node);
new OrdersStack(app, given.stackName, given, { description: 'The sample API of Claimwright' });
