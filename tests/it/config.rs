//! Home, settings, profiles, and the commands that only look at the machine: `model` and `doctor`.

mod home;
mod profile;
mod settings;
