//! Tests of `cli`.

mod bench;
mod json;
mod manuals;
mod plain;
mod tui_bench;
