// A runtime that compiles modules ahead of time gives the module itself.
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
