//! The workbench: what keys and messages do, what the screens look like, what hostile text cannot do.

mod edges_of_size;
mod hostile;
mod itself;
mod keys;
mod memory;
mod news;
mod screens;
mod session;
mod support;
mod themes;
