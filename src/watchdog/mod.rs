//! The `watchdog` part.
