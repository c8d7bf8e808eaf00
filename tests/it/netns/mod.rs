//! Packets are dropped while a SubmitJob is on its way: when its last byte can still leave, by the kernel's own word.
//! Two network namespaces and a pair of interfaces; client and server are processes of this test binary.

#![allow(clippy::print_stdout, reason = "what was measured, and what one process of a test tells another")]

mod place;
mod roles;

use std::time::{Duration, Instant};

use place::{Place, Process};

/// The client's attempt timeout, and with it the time for which the kernel keeps unacknowledged bytes.
const TIMEOUT: Duration = Duration::from_secs(3);

/// For a busy machine: the kernel's own timers are exact to some milliseconds.
const SLACK: Duration = Duration::from_secs(2);

/// A SubmitJob whose every packet is dropped, on a connection that has answered before; the time at which it began.
fn lose_a_submission(place: &Place) -> (Process, Process, Instant) {
    lose_a_submission_as(place, "client")
}

/// The same of a client in this role.
fn lose_a_submission_as(place: &Place, role: &str) -> (Process, Process, Instant) {
    let server = place.server();
    server.wait_for("listening");
    let mut client = place.client_as(role, TIMEOUT);
    client.wait_for("connected");
    assert_eq!(place.sockets(), 1, "the connection is kept");
    place.drop_packets();
    let begun = Instant::now();
    client.say("submit");
    (server, client, begun)
}

/// Waits until the client's kernel holds no byte of it any more.
fn wait_until_gone(place: &Place) -> Instant {
    while place.sockets() > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    Instant::now()
}

/// The path is whole again, and shows it: the server has still read nothing but the first request.
fn assert_nothing_arrives(place: &Place, server: &Process) {
    place.let_packets_pass();
    let client = place.client(TIMEOUT);
    client.wait_for("connected");
    let read = |server: &Process| server.lines().iter().filter(|line| line.contains("SubmitJob")).count();
    assert_eq!(read(server), 0, "{:?}", server.lines());
}

#[test]
#[ignore = "needs root and ip(8): cargo xtask test"]
fn a_timed_out_submission_is_forgotten_by_the_kernel_within_one_more_timeout() {
    let Some(place) = Place::make() else { return };
    let (server, client, begun) = lose_a_submission(&place);
    client.wait_for("ended Unclear, answered: false");
    let ended = Instant::now();
    let gone = wait_until_gone(&place);
    println!("timed out: ended {:?} after the claim, gone {:?} after that", ended - begun, gone - ended);
    assert!(ended - begun < TIMEOUT + SLACK, "the call ends within its timeout");
    assert!(gone - ended < TIMEOUT + SLACK, "its bytes left {:?} after its end", gone - ended);
    assert_nothing_arrives(&place, &server);
}

#[test]
#[ignore = "needs root and ip(8): cargo xtask test"]
fn a_submission_on_its_way_to_a_proxy_is_forgotten_as_soon() {
    let Some(place) = Place::make() else { return };
    let (server, client, begun) = lose_a_submission_as(&place, "client-of-proxy");
    server.wait_for("a tunnel to batch.invalid:80");
    client.wait_for("ended Unclear, answered: false");
    let ended = Instant::now();
    let gone = wait_until_gone(&place);
    println!("to a proxy: ended {:?} after the claim, gone {:?} after that", ended - begun, gone - ended);
    assert!(gone - ended < TIMEOUT + SLACK, "its bytes left {:?} after its end", gone - ended);
    assert_nothing_arrives(&place, &server);
}

#[test]
#[ignore = "needs root and ip(8): cargo xtask test"]
fn a_submission_of_a_killed_process_is_forgotten_by_the_kernel_within_the_timeout() {
    let Some(place) = Place::make() else { return };
    let (server, mut client, begun) = lose_a_submission(&place);
    while !place.holds_unsent_bytes() {
        assert!(begun.elapsed() < TIMEOUT, "the request was never handed to the kernel");
    }
    client.kill();
    let killed = Instant::now();
    let gone = wait_until_gone(&place);
    println!("killed: {:?} after the claim, gone {:?} after that", killed - begun, gone - killed);
    assert!(gone - killed < TIMEOUT + SLACK, "its bytes left {:?} after its end", gone - killed);
    assert_nothing_arrives(&place, &server);
}

/// Shows that packets are dropped, and not refused: what was lost arrives when the path heals in time.
#[test]
#[ignore = "needs root and ip(8): cargo xtask test"]
fn a_submission_arrives_after_its_process_was_killed_when_the_path_heals_in_time() {
    let Some(place) = Place::make() else { return };
    let (server, mut client, begun) = lose_a_submission(&place);
    while !place.holds_unsent_bytes() {
        assert!(begun.elapsed() < TIMEOUT, "the request was never handed to the kernel");
    }
    client.kill();
    place.let_packets_pass();
    server.wait_for("SubmitJob");
    println!("killed: arrived {:?} after the claim", begun.elapsed());
}

#[test]
#[ignore = "needs root and ip(8): cargo xtask test"]
fn an_idle_connection_whose_path_is_dead_is_closed_before_a_call_is_put_on_it() {
    let Some(place) = Place::make() else { return };
    let server = place.server();
    server.wait_for("listening");
    let client = place.client(TIMEOUT);
    client.wait_for("connected");
    place.drop_packets();
    let begun = Instant::now();
    let gone = wait_until_gone(&place);
    println!("idle: gone {:?} after the path died", gone - begun);
    assert!(gone - begun < TIMEOUT * 2 + SLACK, "{:?}", gone - begun);
}
