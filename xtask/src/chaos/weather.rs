//! AWS Batch in bad weather: scripts of faults, one after another. Knows nothing of the operator.

use std::collections::BTreeMap;
use std::time::Instant;

use batch_double::{Double, Fault, Hiding, Kind, Lag, When};

use super::schedule::{Weather, weathers};
use super::world::Shared;

/// How far reads lag behind in bad times and in the usual.
#[derive(Clone, Copy, Debug)]
pub struct Lags {
    pub most_ms: i64,
    pub usual_ms: i64,
}

/// Makes weather until it is time to stop; then the sky clears.
pub fn make(shared: &Shared, seed: u64, lags: Lags) {
    for (weather, lasts) in weathers(seed) {
        if shared.is_over() {
            break;
        }
        let lag = if weather == Weather::Lag { lags.most_ms } else { lags.usual_ms };
        {
            let double = shared.double();
            double.set_faults(script(weather));
            double.set_lag(Lag { list_ms: lag, describe_ms: lag });
            double.set_hiding(Hiding { tags_ms: lag, ..Hiding::default() });
        }
        shared.sleep_until(Instant::now() + lasts);
    }
    let double = shared.double();
    double.clear_faults();
    double.set_hiding(Hiding::default());
    double.set_lag(Lag { list_ms: lags.usual_ms, describe_ms: lags.usual_ms });
}

fn script(weather: Weather) -> Vec<Fault> {
    use Kind::{
        Denied, DeniedBare, Drop, Empty, Hang, Hollow, Html, RefusedBare, ServerError, Slow, SlowBody,
    };
    use Kind::{Stale, Throttled, ThrottledBare, Truncated, Unavailable};
    use When::{After, Before};
    let any = |kind, when, probability| Fault::sometimes("*", kind, when, probability);
    match weather {
        Weather::Usual => vec![any(ServerError, Before, 0.1), any(Slow, After, 0.2).late_by_ms(300)],
        Weather::Throttling => vec![any(Throttled, Before, 0.5), any(ThrottledBare, Before, 0.5)],
        Weather::Expired => vec![any(Denied, Before, 0.8)],
        Weather::Errors => vec![
            any(ServerError, Before, 0.25),
            any(ServerError, After, 0.25),
            any(Unavailable, Before, 0.2),
            any(Unavailable, After, 0.2),
        ],
        Weather::LostReplies => vec![
            any(Drop, After, 0.3),
            any(Truncated, After, 0.2),
            any(Html, After, 0.1),
            any(Empty, After, 0.1),
            any(Drop, Before, 0.2),
        ],
        Weather::Middlebox => vec![
            any(RefusedBare, After, 0.2),
            any(DeniedBare, After, 0.15),
            any(ThrottledBare, After, 0.1),
            any(Empty, After, 0.2),
            any(Hollow, After, 0.1),
            any(Stale, After, 0.2).late_by_ms(2_000),
        ],
        Weather::Hanging => vec![any(Hang, Before, 0.2), any(Hang, After, 0.2)],
        Weather::Slow => {
            vec![any(Slow, After, 0.4).late_by_ms(900), any(SlowBody, After, 0.4).late_by_ms(900)]
        }
        Weather::Lag => vec![any(Drop, After, 0.3), any(ServerError, After, 0.2)],
    }
}

/// How many requests were struck, by fault.
pub fn struck(double: &Double) -> BTreeMap<String, u64> {
    let mut struck = BTreeMap::new();
    for count in double.counts() {
        // An answer that nothing has happened to is a number.
        if count.outcome.parse::<u16>().is_err() {
            *struck.entry(count.outcome).or_default() += count.count;
        }
    }
    struck
}
