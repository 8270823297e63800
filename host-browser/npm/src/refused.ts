/** Compiles a module, or says what to do where pages may not. */
export function compiled<T>(compile: () => T): T {
  const refused = (cause: unknown): never => {
    const hint = "import `claimwright/plain` or `claimwright/auto`, or allow 'wasm-unsafe-eval' in the page's policy";
    throw Object.assign(new Error('this page does not run WebAssembly; ' + hint), { cause });
  };
  try {
    const module = compile();
    return module instanceof Promise ? (module.catch(refused) as T) : module;
  } catch (error) {
    return refused(error);
  }
}
