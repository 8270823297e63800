import { readdirSync } from 'node:fs';
import { join } from 'node:path';

// One process for all files, because most of a file's time would be the start of aws-cdk-lib.
for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.js'))) {
  require(join(__dirname, file));
}
