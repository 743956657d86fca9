//! Tests of `watchdog`.
