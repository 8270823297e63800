;; Shuts the four functions of WASI that the standard library's panic path asks for.
;;
;; cargo-component links this in place of its own adapter, which would import ten interfaces from the host.
;; Nothing here is ever called on a path that ends well: the core prints nothing and reads no environment.
;; adapter.wasm is this file, assembled: `cargo xtask adapter` writes it and a test compares the two.
(module
  ;; There is no environment: zero variables, zero bytes.
  (func (export "environ_sizes_get") (param i32 i32) (result i32)
    (i32.const 8)) ;; errno badf: the pointers need not be written
  (func (export "environ_get") (param i32 i32) (result i32)
    (i32.const 8))
  ;; There is nothing to write to.
  (func (export "fd_write") (param i32 i32 i32 i32) (result i32)
    (i32.const 8))
  ;; There is no process to end: the component traps, and its host throws it away.
  (func (export "proc_exit") (param i32)
    unreachable)
)
