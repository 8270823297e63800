/** Compiles a module, or says what to do where pages may not. */
export function compiled<T>(compile: () => T): T {
  const refused = (cause: unknown): never => {
    // Chrome before 114 compiles so large a module in workers only.
    const policy = cause instanceof RangeError ? '' : ", or allow 'wasm-unsafe-eval' in the page's policy";
    const hint = 'import `claimwright/plain` or `claimwright/auto`' + policy;
    throw Object.assign(new Error('this page does not run WebAssembly; ' + hint), { cause });
  };
  try {
    const module = compile();
    return module instanceof Promise ? (module.catch(refused) as T) : module;
  } catch (error) {
    return refused(error);
  }
}
