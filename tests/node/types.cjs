// Reads TypeScript files ({ name: text }) from standard input; says what the compiler finds wrong in each.
'use strict';
const ts = require('typescript');

const files = new Map(Object.entries(JSON.parse(require('fs').readFileSync(0, 'utf8'))).map(([name, text]) => [`${__dirname}/${name}`, text]));
const options = {
  strict: true, noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16,
};
const host = ts.createCompilerHost(options);
const { readFile, fileExists, getSourceFile } = host;
host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
host.getSourceFile = (name, ...rest) => files.has(name)
  ? ts.createSourceFile(name, files.get(name), rest[0], true)
  : getSourceFile.call(host, name, ...rest);
const program = ts.createProgram([...files.keys()], options, host);
const answers = ts.getPreEmitDiagnostics(program).map((d) =>
  `${d.file?.fileName.replace(`${__dirname}/`, '') ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
process.stdout.write(JSON.stringify(answers));
