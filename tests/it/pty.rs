//! The workbench as a person has it: the real program in a real terminal, with a real kernel behind it.

pub mod desk;
mod ends;
mod hostile;
mod missions;
mod several;
mod terminal;
