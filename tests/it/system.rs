//! The whole system as processes: the program that users run, in a home of its own.

mod branch;
mod concurrent;
mod examples;
pub mod home;
mod missions;
mod moved;
mod past;
mod real_model;
mod schema;
mod survival;
mod talk;
mod upkeep;
