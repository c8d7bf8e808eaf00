//! Free ports on loopback.
//! Knows nothing of who listens on them.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which systems give ports to outgoing connections (Linux: from 32768), so that a
/// component that is stopped finds its port still free when it is started again.
const FIRST: u16 = 18_000;
const COUNT: u16 = 14_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of 127.0.0.1 on which nobody listens. This process is never given the same one again before it
/// has seen all of them, and two processes start in different places.
pub fn free_port() -> u16 {
    loop {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + place(std::process::id(), turn);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

fn place(process: u32, turn: u16) -> u16 {
    let start = process.wrapping_mul(101) % u32::from(COUNT);
    let place = (start + u32::from(turn)) % u32::from(COUNT);
    u16::try_from(place).expect("less than COUNT, which is a u16")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_calls_give_two_ports() {
        assert_ne!(free_port(), free_port());
    }

    #[test]
    fn every_place_is_inside_the_range() {
        for turn in [0, 1, COUNT - 1, COUNT, u16::MAX] {
            assert!(place(u32::MAX, turn) < COUNT);
        }
    }
}
