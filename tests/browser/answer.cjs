// Answers every case with the wasm-bindgen build, in Node: cases as JSON on standard input, answers on standard output.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const core = require(join(process.argv[2], "host_browser.js"));

const cases = JSON.parse(readFileSync(0, "utf8"));
const answers = cases.map(({ bundle, event, facts, failed, now }) => ({
  plan: core.plan(bundle, event, BigInt(now)),
  shape: core.shape(bundle, event, facts, failed, BigInt(now)),
}));
process.stdout.write(JSON.stringify(answers));
