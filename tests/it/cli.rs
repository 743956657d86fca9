//! Tests of `cli`.

mod bench;
