//! Mutations of a JSON text: of its bytes, and of its values.

use serde_json::{Value, json};
use stand::Dice;

/// One mutated text of the seed.
pub fn mutated(base: &Value, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut value = base.clone();
    for _ in 0..dice.below(4) {
        change(&mut value, &mut dice);
    }
    let mut bytes = value.to_string().into_bytes();
    if dice.below(2) == 0 {
        for _ in 0..=dice.below(3) {
            damage(&mut bytes, &mut dice);
        }
    }
    bytes
}

/// Puts something hostile in the place of some value.
fn change(value: &mut Value, dice: &mut Dice) {
    let goes_deeper = dice.below(8) != 0;
    match value {
        Value::Object(members) if goes_deeper && !members.is_empty() => {
            let at = dice.below(members.len());
            if let Some(member) = members.values_mut().nth(at) {
                change(member, dice);
            }
        }
        Value::Array(elements) if goes_deeper && !elements.is_empty() => {
            let at = dice.below(elements.len());
            change(&mut elements[at], dice);
        }
        other => *other = hostile(dice),
    }
}

fn hostile(dice: &mut Dice) -> Value {
    match dice.below(16) {
        0 => Value::Null,
        1 => json!(-1),
        2 => json!(i64::MAX),
        3 => json!(i64::MIN),
        4 => json!(1e308),
        5 => json!(0.5),
        6 => json!(""),
        7 => json!("x".repeat(100_000)),
        8 => json!([]),
        9 => json!({}),
        10 => json!("\u{0}\u{feff}\u{202e}\u{1f980}"),
        11 => json!(true),
        12 => json!("9999-12-30T22:00:00.999999999Z"),
        13 => json!("-009999-01-02T01:59:59Z"),
        14 => (0..200).fold(json!(1), |inner, _| json!([inner])),
        _ => json!([{ "jobId": null }, 7, "7"]),
    }
}

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        return;
    }
    let at = dice.below(bytes.len());
    let to = (at + dice.below(40)).min(bytes.len());
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
        2 => drop(bytes.drain(at..to)),
        3 => {
            let copy = bytes[at..to].to_vec();
            bytes.splice(at..at, copy);
        }
        _ => bytes.insert(at, b"{}[],:\"\\"[dice.below(8)]),
    }
}

#[test]
fn a_seed_gives_the_same_text_and_most_seeds_another() {
    let base = json!({ "a": [1, 2, { "b": "c" }], "d": { "e": null } });
    assert_eq!(mutated(&base, 7), mutated(&base, 7));
    let distinct: std::collections::BTreeSet<_> = (0..500).map(|seed| mutated(&base, seed)).collect();
    assert!(distinct.len() > 200, "{}", distinct.len());
}
