//! A value as few bytes, which differ if and only if the value does. For comparisons, and to be hashed once.

use std::hash::{Hash, Hasher};

/// The bytes of a value.
pub fn of(value: &impl Hash) -> Vec<u8> {
    let mut bytes = Bytes(Vec::with_capacity(192));
    value.hash(&mut bytes);
    bytes.0
}

/// Collects the bytes for the hash.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Lengths and numbers of processes are small.
    fn write_usize(&mut self, number: usize) {
        self.0.push(u8::try_from(number).unwrap());
    }

    /// The numbers of an enum's variants are small too.
    fn write_isize(&mut self, number: isize) {
        self.0.push(u8::try_from(number).unwrap());
    }

    fn finish(&self) -> u64 {
        unreachable!("nobody asks for a hash")
    }
}
