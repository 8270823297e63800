//! A hundred thousand mixed invocations through both packaged functions, with faults sprinkled in.
//!
//! `load TOKEN-TRIGGER AUTHORIZER [invocations]` takes the folders that the zips were unpacked into. Every answer is compared
//! with the native core's. It prints what it measured, and fails if one answer was wrong or a function ended.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use claim_core::Bundle;
use claim_core::contract::compile;
use conformance::iam::iam_allows;
use conformance::issuer::{Behaviour, KeyServer};
use conformance::load::{Calls, PeopleStore, Want, sign_in};
use conformance::{Unpacked, own_memory};
use corpus::dice::Dice;
use corpus::repository;
use host_cli::dev::Answer;
use serde_json::Value;

/// How often memory is looked at.
const EVERY: usize = 1_000;

/// How much more memory of its own a function may have at the end than after the first tenth.
const GROWTH: u64 = 4 << 20;

/// What came of one function's invocations.
#[derive(Default)]
struct Report {
    kinds: BTreeMap<&'static str, usize>,
    times: Vec<Duration>,
    memory: Vec<u64>,
    wrong: Vec<String>,
}

impl Report {
    fn note(&mut self, kind: &'static str, took: Duration, wrong: Option<String>) {
        *self.kinds.entry(kind).or_default() += 1;
        self.times.push(took);
        self.wrong.extend(wrong);
    }

    fn print(&mut self, name: &str) -> bool {
        self.times.sort();
        let at = |share: usize| {
            self.times[(self.times.len() * share / 1_000).min(self.times.len() - 1)].as_micros()
        };
        let (count, most) = (self.times.len(), self.times[self.times.len() - 1].as_millis());
        println!(
            "{name}: {count} invocations; median {} µs, 99 % {} µs, 99.9 % {} µs, most {most} ms",
            at(500),
            at(990),
            at(999)
        );
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        println!("  {}", kinds.join(", "));
        let tenth = self.memory[self.memory.len() / 10];
        let (least, largest) =
            (self.memory.iter().min().unwrap_or(&0), self.memory.iter().max().unwrap_or(&0));
        let end = self.memory[self.memory.len() - 1];
        println!(
            "  memory of its own: {tenth} bytes after a tenth, {end} at the end (least {least}, most {largest})"
        );
        println!("  wrong answers: {}", self.wrong.len());
        for wrong in self.wrong.iter().take(5) {
            println!("    {wrong}");
        }
        self.wrong.is_empty() && end <= tenth + GROWTH
    }
}

async fn sign_ins(unpacked: &Unpacked, bundle: &Bundle, count: usize) -> Report {
    let store = PeopleStore::start().await;
    let function = unpacked.start(store.endpoint(), &[]).await;
    let (mut dice, mut report) = (Dice(11), Report::default());
    for index in 0..count {
        let sign_in = sign_in(bundle, &mut dice);
        let started = Instant::now();
        let answer = function.invoke(&sign_in.event).await;
        let took = started.elapsed();
        let right = match (&answer, &sign_in.want) {
            (Ok(Answer::Response(text)), Want::Answer(want)) => text == want,
            (Ok(Answer::Error(text)), Want::Error(code)) => {
                text.contains(&format!("\"errorType\":\"{code}\""))
            }
            _ => false,
        };
        let wrong = (!right).then(|| format!("{}: want {:?}, got {answer:?}", sign_in.event, sign_in.want));
        report.note(sign_in.kind, took, wrong);
        if index % EVERY == 0 {
            report.memory.push(own_memory(&function));
        }
    }
    report.memory.push(own_memory(&function));
    function.stop().await;
    report
}

async fn calls(unpacked: &Unpacked, bundle: &Bundle, count: usize) -> Report {
    let server = KeyServer::start(Behaviour::Status(500)).await;
    let mut dice = Dice(12);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let callers = Calls::new(&server.issuer(), now, &mut dice);
    let healthy = Behaviour::Keys(callers.keys().to_owned());
    server.behave(healthy.clone()).await;
    let issuers = format!("{}=c1", server.issuer());
    let function = unpacked.start("http://127.0.0.1:9", &[("CLAIMWRIGHT_ISSUERS", &issuers)]).await;
    let mut report = Report::default();
    for index in 0..count {
        // Every now and then the pool's keys cannot be had: those that are there go on serving.
        match index % 5_000 {
            1_000 => server.behave(Behaviour::Status(503)).await,
            2_000 => server.behave(Behaviour::Reset).await,
            3_000 => server.behave(healthy.clone()).await,
            _ => {}
        }
        let question = callers.call(bundle, &mut dice);
        let started = Instant::now();
        let answer = function.invoke(&question.event).await;
        let took = started.elapsed();
        let right = match (&answer, &question.want) {
            (Ok(Answer::Response(text)), Want::Decision(allowed, context)) => {
                let answer: Value = serde_json::from_str(text).unwrap_or_default();
                iam_allows(&answer["policyDocument"], &question.arn) == *allowed
                    && answer["context"] == *context
            }
            (Ok(Answer::Error(text)), Want::Error(message)) => {
                text.contains(&format!("\"errorMessage\":\"{message}\""))
            }
            (Ok(Answer::Error(_)), Want::NobodyIn) => true,
            _ => false,
        };
        let wrong = (!right).then(|| format!("{}: want {:?}, got {answer:?}", question.kind, question.want));
        report.note(question.kind, took, wrong);
        if index % EVERY == 0 {
            report.memory.push(own_memory(&function));
        }
    }
    report.memory.push(own_memory(&function));
    function.stop().await;
    report
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [trigger, authorizer, rest @ ..] = arguments.as_slice() else {
        panic!("load takes the folders of both functions, and how many invocations");
    };
    let count: usize = rest.first().map_or(100_000, |count| count.parse().expect("a number of invocations"));
    let contract =
        std::fs::read_to_string(repository().join("examples/orders/claims.yaml")).expect("the example");
    let bundle = compile(&contract).bundle.expect("no mistakes");
    let (trigger, authorizer) = (Unpacked::new(Path::new(&trigger)), Unpacked::new(Path::new(&authorizer)));
    let started = Instant::now();
    // Both at once, as in an account.
    let (mut of_trigger, mut of_authorizer) =
        tokio::join!(sign_ins(&trigger, &bundle, count * 3 / 5), calls(&authorizer, &bundle, count * 2 / 5));
    println!("{count} invocations in {:.0} s, no function ended", started.elapsed().as_secs_f64());
    let holds = [of_trigger.print("token-trigger"), of_authorizer.print("authorizer")];
    if holds == [true, true] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
