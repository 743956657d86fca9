//! Tests of `cli`.

mod bench;
mod tui_bench;
