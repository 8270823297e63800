// Reads a JSON Schema and contracts in YAML from standard input; says for each contract what the schema finds wrong.
'use strict';
const Ajv = require('ajv');
const YAML = require('yaml');

const { schema, documents } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
// Strict: a keyword that the validator does not know would check nothing.
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
const answers = documents.map((text) => {
  const document = YAML.parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false });
  if (document.errors.length > 0) return [`not yaml: ${document.errors[0].code}`];
  let value;
  try {
    value = document.toJS();
  } catch (error) {
    return [`not a value: ${error.message}`];
  }
  return validate(value) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
});
process.stdout.write(JSON.stringify(answers));
