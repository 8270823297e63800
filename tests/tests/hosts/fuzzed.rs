//! The fuzz targets on their seeds, and on mutations of them that are the same in each run.

use conformance::seeds;
use corpus::dice::Dice;
use fuzzed::{TARGETS, Target};

/// How often the seeds of a target are mutated, in all.
const MUTATIONS: usize = 4_000;

/// A place between two characters.
fn place(text: &str, dice: &mut Dice) -> usize {
    let at = dice.roll(text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

const WORDS: [&str; 12] =
    ["\"", "{", "}", "[", "]", "null", "\\u0000", "1e400", "-0", "\u{feff}", "\u{202e}", "9007199254740993"];

fn mutated(text: &str, other: &str, dice: &mut Dice) -> String {
    let (from, to) = (place(text, dice), place(text, dice));
    let (from, to) = (from.min(to), from.max(to));
    let (before, middle, after) = (&text[..from], &text[from..to], &text[to..]);
    match dice.roll(6) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{middle}{middle}{after}"),
        2 => format!("{before}{}{after}", WORDS[dice.roll(WORDS.len())]),
        3 => format!("{before}{}{middle}{after}", WORDS[dice.roll(WORDS.len())]),
        4 => {
            let at = place(other, dice);
            format!("{before}{}", &other[at..])
        }
        _ => format!("{before}{}{after}", middle.chars().rev().collect::<String>()),
    }
}

fn replay(target: Target) {
    let seeds = seeds(target.name);
    assert!(seeds.len() >= 5, "{} has {} seeds", target.name, seeds.len());
    for seed in &seeds {
        (target.read)(seed);
    }
    let short: Vec<&String> = seeds.iter().filter(|seed| seed.len() <= target.longest).collect();
    let mut dice = Dice(1);
    for _ in 0..MUTATIONS {
        let (one, other) = (short[dice.roll(short.len())], short[dice.roll(short.len())]);
        let text = mutated(one, other, &mut dice);
        // Whoever breaks one sees it, because a test that ends by panicking prints what it was about.
        let read = std::panic::catch_unwind(|| (target.read)(&text));
        assert!(read.is_ok(), "{}: {text:?}", target.name);
    }
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            replay(fuzzed::target(stringify!($name)).expect("it is a target"));
        })*

        #[test]
        fn every_target_is_replayed() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),*]);
        }
    };
}

targets!(answer, bundle, call, contract, event, expression, keys, presentation, token);
