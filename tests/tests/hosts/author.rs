//! What the author of a contract meets: mistakes, comparisons, previews without an event.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use conformance::{binary, claims, golden, scratch, text};
use corpus::repository;

/// Plausible mistakes in the starter contract: what is replaced, and by what.
const MISTAKES: [(&str, &str, &str); 12] = [
    ("the key is misspelt", "\nclaims:\n", "\nclaim:\n"),
    ("the fact is misspelt", "from: /facts/profile/tier", "from: /facts/profil/tier"),
    ("the field is not read", "from: /facts/profile/tier", "from: /facts/profile/plan"),
    ("the token is misspelt", "tokens: [id, access]", "tokens: [id, acces]"),
    ("the claim is Cognito's", "\n  tier:\n", "\n  sub:\n"),
    ("the default is not allowed", "default: free", "default: basic"),
    ("the input is misspelt", "'\"staff\" in groups'", "'\"staff\" in group'"),
    ("a decision is left out", "    onMissing: empty                 # no record", "    # no record"),
    ("a quote is missing", "'\"staff\" in groups'", "'\"staff in groups'"),
    ("a number is added to a text", "'\"USER#\" + user.sub'", "'\"USER#\" + user.sub + 1'"),
    ("a line is indented wrongly", "    items: string\n", "   items: string\n"),
    ("the list is a text", "tokens: [access]\n    type: array", "tokens: access\n    type: array"),
];

#[test]
fn each_message_alone_is_enough_to_mend_the_contract() {
    let directory = scratch("mistakes");
    let contract = directory.join("claims.yaml");
    let path = contract.to_string_lossy().into_owned();
    assert!(claims(&["init", &path]).status.success());
    let starter = std::fs::read_to_string(&contract).expect("the starter is written");
    let mut seen = String::new();
    for (what, from, to) in MISTAKES {
        assert!(starter.contains(from), "the starter has no {from:?}");
        std::fs::write(&contract, starter.replacen(from, to, 1)).expect("the contract is writable");
        let output = claims(&["check", &path]);
        assert!(!output.status.success(), "{what}: passes");
        writeln!(seen, "== {what}\n\n{}", text(&output.stderr).replace(&path, "claims.yaml")).expect("text");
    }
    golden("mistakes.txt", &seen);
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn the_examples_have_no_warning() {
    for example in ["api", "profile", "v1-names", "membership", "subscription"] {
        let output = claims(&["check", &format!("examples/{example}/claims.yaml"), "--deny", "warnings"]);
        assert!(output.status.success(), "{example}: {}", text(&output.stderr));
    }
}

#[test]
fn a_comparison_names_who_is_affected() {
    let output = claims(&["diff", "tests/golden/types.yaml", "tests/golden/types-changed.yaml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    golden("diff.txt", &text(&output.stdout));
    let denied =
        claims(&["diff", "tests/golden/types.yaml", "tests/golden/types-changed.yaml", "--deny", "breaking"]);
    assert!(!denied.status.success());
    let same = claims(&["diff", "tests/golden/types.yaml", "tests/golden/types.yaml", "--deny", "breaking"]);
    assert!(same.status.success());
    assert_eq!(text(&same.stdout), "nothing changes for anybody\n");
    let json =
        claims(&["diff", "tests/golden/types.yaml", "tests/golden/types-changed.yaml", "--format", "json"]);
    let changes: serde_json::Value = serde_json::from_slice(&json.stdout).expect("changes are json");
    assert_eq!(changes[0]["effect"], "breaking");
}

#[test]
fn a_user_can_be_previewed_without_an_event() {
    let arguments = ["preview", "examples/membership/claims.yaml", "--user", "mary", "--group", "staff"];
    let attributes = ["--attribute", "custom:membership=Premium", "--attribute", "custom:location=USA"];
    let output = claims(&[&arguments[..], &attributes].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    golden("preview-user.txt", &text(&output.stdout));
    let machine =
        claims(&["preview", "examples/subscription/claims.yaml", "--machine", "--scope", "orders/read"]);
    golden("preview-machine.txt", &text(&machine.stdout));
    let neither = claims(&["preview", "examples/membership/claims.yaml"]);
    assert_eq!(neither.status.code(), Some(2));
}

#[test]
fn an_event_can_come_from_standard_input() {
    let event =
        std::fs::read(repository().join("examples/membership/event.json")).expect("the event is there");
    let mut preview = Command::new(binary().with_file_name("claims"))
        .args(["preview", "examples/membership/claims.yaml", "--event", "-"])
        .current_dir(repository())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    preview.stdin.take().expect("a pipe").write_all(&event).expect("the event is read");
    let output = preview.wait_with_output().expect("it ends");
    assert_eq!(
        text(&output.stdout),
        std::fs::read_to_string(repository().join("tests/golden/preview-membership.txt")).expect("golden")
    );
}

#[test]
fn a_token_over_its_budget_is_a_warning() {
    let directory = scratch("budget");
    let contract = directory.join("claims.yaml");
    std::fs::write(
        &contract,
        "version: 1\nclaims: { a: { from: /user/attributes/custom:a, tokens: [id] } }\nbudget: { id: 1100 }\n",
    )
    .expect("a contract");
    let long = format!("custom:a={}", "x".repeat(500));
    let output = claims(&["preview", &contract.to_string_lossy(), "--user", "kim", "--attribute", &long]);
    assert!(output.status.success());
    let shown = text(&output.stderr);
    assert!(
        shown.contains("claims: warning: the id token has 2312 bytes, and its budget is 1100"),
        "{shown}"
    );
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn shells_complete_the_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = claims(&["completion", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("preview"), "{shell}");
    }
    let mut bash = Command::new("bash");
    let script = "source /dev/stdin && COMP_WORDS=(claims pre) COMP_CWORD=1 && _claims claims pre claims && echo \"${COMPREPLY[@]}\"";
    let mut bash = bash
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash is there");
    let completion = claims(&["completion", "bash"]).stdout;
    bash.stdin.take().expect("a pipe").write_all(&completion).expect("bash reads");
    assert_eq!(text(&bash.wait_with_output().expect("it ends").stdout), "preview\n");
}
