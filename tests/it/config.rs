//! Home, settings, profiles, and the commands that need no kernel: `model` and `doctor`.

mod doctor;
mod fetch;
mod home;
mod model;
mod packages;
mod profile;
mod server;
mod settings;
