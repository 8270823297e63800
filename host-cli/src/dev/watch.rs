//! Watches the contract: what is saved is compiled and live at once, or its mistakes are shown and the last one stays.

use std::sync::Arc;
use std::time::{Duration, Instant};

use claim_core::contract::compile;

use super::journal::{Kind, Level};
use super::live::Live;
use super::serve::Dev;
use crate::logic::ContractLogic;
use crate::{input, render};

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(150);

/// Watches until the task is ended.
pub(super) async fn watch(dev: Arc<Dev>) {
    // Editors replace a file, so it is read by its name each time; it is small. What was saved while everything started
    // is not what runs.
    let mut seen = input::text(&dev.contract).unwrap_or_default();
    let mut revision = dev.live().revision;
    if compile(&seen).bundle.is_none_or(|bundle| bundle.digest() != dev.live().bundle.digest()) {
        revision = revision.saturating_add(1);
        renew(&dev, &seen, revision).await;
    }
    loop {
        tokio::time::sleep(EVERY).await;
        // While an editor writes, there may be none.
        let Ok(text) = input::text(&dev.contract) else {
            continue;
        };
        if text == seen {
            continue;
        }
        seen = text;
        revision = revision.saturating_add(1);
        renew(&dev, &seen, revision).await;
    }
}

async fn renew(dev: &Dev, text: &str, revision: u64) {
    let started = Instant::now();
    let mut compiled = compile(text);
    let Some(bundle) = compiled.bundle.take() else {
        let drawn: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| render::plain(&dev.contract, text, diagnostic))
            .collect();
        fail(dev, "the saved contract has mistakes, and the one before stays", drawn.join("\n\n"));
        return;
    };
    let digest = bundle.digest();
    let started_anew = match ContractLogic::read(&dev.contract, &bundle, &compiled) {
        Ok(custom) => Live::start(&dev.parts, bundle, &custom, revision).await,
        Err(failure) => Err(failure),
    };
    match started_anew {
        Ok(live) => {
            dev.go_live(live);
            let (short, took) = (digest.chars().take(12).collect::<String>(), started.elapsed().as_millis());
            dev.journal.note(
                Kind::Contract,
                Level::Ok,
                &format!("{} is live after {took} ms (sha256 {short}…)", dev.contract.display()),
            );
        }
        Err(failure) => fail(dev, "the saved contract does not start, and the one before stays", failure),
    }
}

fn fail(dev: &Dev, what: &str, why: String) {
    render::warn(&format!("{what}\n{why}"));
    dev.set_problem(Some(why));
    dev.journal.note(Kind::Contract, Level::Error, what);
}
