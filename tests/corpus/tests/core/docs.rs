//! Every contract in the documentation compiles and passes its own tests.

use claim_core::contract::{Severity, compile};
use corpus::repository;

/// The YAML blocks of a page, each with its line.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in page.lines().enumerate() {
        match &mut open {
            None if line == "```yaml" => open = Some((index + 2, String::new())),
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
            None => {}
        }
    }
    blocks
}

#[test]
fn every_contract_of_the_documentation_compiles() {
    let mut count = 0;
    for page in ["README.md", "docs/contract.md"] {
        let text = std::fs::read_to_string(repository().join(page)).expect("the page is there");
        for (line, block) in blocks(&text) {
            count += 1;
            let compiled = compile(&block);
            let mistakes: Vec<String> = compiled
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity != Severity::Note)
                .map(ToString::to_string)
                .collect();
            assert!(mistakes.is_empty(), "{page}:{line}: {}", mistakes.join("; "));
            let bundle = compiled.bundle.expect("a contract without mistakes has a bundle");
            for test in &compiled.tests {
                let differences: Vec<String> =
                    test.run(&bundle, |_, _| Vec::new()).iter().map(ToString::to_string).collect();
                assert!(differences.is_empty(), "{page}:{line}: {}: {}", test.name, differences.join("; "));
            }
        }
    }
    assert!(count >= 9, "only {count} contracts were found");
}
