//! Before the operator has written a condition.

use super::Help;

/// The rows of the page.
pub const UNSEEN: &[Help] = &[
    Help {
        reasons: &[],
        at: "",
        cause: "The object waits for its turn: many are ready at once.",
        evidence: "`aws_batch_operator_aws_calls_total{operation=\"SubmitJob\"}` grows at the submit rate",
        way_out: "wait; or raise `--submit-rate`, if the account allows more",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "Another controller has it.",
        evidence: "`spec.managedBy` names another controller",
        way_out: "none needed",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "Its namespace is not watched.",
        evidence: "`--watch-namespace` of the operator does not name it",
        way_out: "add the namespace",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "The operator cannot read it: Event `Undecodable`.",
        evidence: "`aws_batch_operator_failed_passes_total{step=\"decode\"}`",
        way_out: "install the CRD of this operator's version",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "The operator cannot write it: Event `WriteRefused`.",
        evidence: "[refused_writes](#refused_writes)",
        way_out: "what the Event names",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "No operator runs, or none leads.",
        evidence: "[leader](#leader)",
        way_out: "start the operator; the section says how to see which replica leads",
    },
];
