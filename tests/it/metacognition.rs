//! The log's lines and files, what happens when the disk is slow, and reading it back.

mod filter;
mod log;
mod pages;
mod tail;
