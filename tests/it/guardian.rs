//! Tests of `guardian`.
