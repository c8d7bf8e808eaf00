//! AWS Batch operator.
