//! The workbench: what keys and messages do, what the screens look like, what hostile text cannot do.

mod archive;
mod browser;
mod by_hand;
mod dress;
mod edges_of_size;
mod find;
mod hostile;
mod itself;
mod kept;
mod keys;
mod knowledge;
mod manners;
mod memory;
mod news;
mod palette;
mod remap;
mod screens;
mod session;
mod support;
mod system;
mod themes;
mod tour;
mod views;
