//! What no logic component may reach. Each says what it met.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant, SystemTime};

/// Tries to reach something, and says what came of it.
pub(crate) fn reach(what: &str) -> String {
    let outcome = |reached: bool| if reached { "reached" } else { "not reached" }.to_owned();
    match what {
        "file" => outcome(std::fs::read("/etc/hostname").is_ok()),
        "write" => outcome(std::fs::write("/tmp/claimwright", "x").is_ok()),
        "folder" => outcome(std::fs::read_dir("/").is_ok()),
        "environment" => outcome(std::env::vars().next().is_some()),
        "arguments" => outcome(std::env::args().next().is_some()),
        "input" => outcome(std::io::stdin().read(&mut [0; 8]).is_ok()),
        "connect" => outcome(TcpStream::connect("127.0.0.1:80").is_ok()),
        "listen" => outcome(TcpListener::bind("127.0.0.1:0").is_ok()),
        "datagram" => outcome(UdpSocket::bind("127.0.0.1:0").is_ok()),
        "name" => outcome("localhost:80".to_socket_addrs().is_ok()),
        "time" => SystemTime::UNIX_EPOCH
            .elapsed()
            .map_or_else(|_| "before 1970".to_owned(), |since| since.as_nanos().to_string()),
        "stopwatch" => {
            let started = Instant::now();
            (0..1_000_000u64).for_each(|number| {
                std::hint::black_box(number);
            });
            started.elapsed().as_nanos().to_string()
        }
        "random" => RandomState::new().hash_one(1).to_string(),
        "print" => {
            println!("kim@example.com");
            eprintln!("kim@example.com");
            outcome(std::io::stdout().flush().is_err())
        }
        "sleep" => {
            std::thread::sleep(Duration::from_secs(10));
            outcome(true)
        }
        "thread" => outcome(std::thread::Builder::new().spawn(|| ()).is_ok()),
        "process" => outcome(std::process::Command::new("ls").spawn().is_ok()),
        "exit" => std::process::exit(0),
        _ => "nobody knows what that is".to_owned(),
    }
}
