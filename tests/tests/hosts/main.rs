//! What the hosts do with the core: the functions, the command, the components. One program, because linking each suite
//! with everything that they share would take longer than most of them run.

mod architecture;
mod author;
mod authorizer;
mod authorizer_function;
mod baked;
mod cli;
mod custom_logic;
mod editors;
mod faults;
mod faults_around;
mod fuzzed;
mod hostile;
mod keys;
mod laws;
mod logs;
mod presentations;
mod tls;
mod tokens;
mod trigger;
