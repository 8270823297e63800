/** Imports a package of this folder. */
export async function installed(name) {
  try {
    return await import(name);
  } catch (error) {
    throw new Error(`${name} does not load: run \`npm ci --ignore-scripts\` in tests/runtimes (${error.message})`, { cause: error });
  }
}
