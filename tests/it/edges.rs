//! Tests of `edges`.
