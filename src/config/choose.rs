//! Writing the profile that a person chose into `batos.toml`; all else in the file stays as it is.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::Home;

/// Names the profile in the home's settings file, which is made where there is none. Gives the file.
pub fn choose_profile(home: &Home, name: &str) -> io::Result<PathBuf> {
    let path = home.settings_file();
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    // Written beside and renamed, so that the file is always whole.
    let folder = path.parent().unwrap_or(&home.root);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(with_profile(&before, name).as_bytes())?;
    file.persist(&path)?;
    Ok(path)
}

/// The settings with that profile: in the line that named one, else in the first.
fn with_profile(text: &str, name: &str) -> String {
    let line = format!("profile = {}\n", toml::Value::from(name));
    let mut out = String::with_capacity(text.len() + line.len());
    let mut done = false;
    let mut in_table = false;
    for one in text.split_inclusive('\n') {
        in_table |= one.trim_start().starts_with('[');
        let key = one.split_once('=').map(|(key, _)| key.trim());
        if !done && !in_table && key == Some("profile") {
            out.push_str(&line);
            done = true;
        } else {
            out.push_str(one);
        }
    }
    if done { out } else { line + text }
}

#[cfg(test)]
mod tests {
    use super::with_profile;

    #[test]
    fn the_profile_is_named_once_and_all_else_stays() {
        assert_eq!(with_profile("", "tiny"), "profile = \"tiny\"\n");
        assert_eq!(
            with_profile(
                "# mine\nprofile = \"small\" # so far\n[missions]\nattempts = 3\n",
                "tiny"
            ),
            "# mine\nprofile = \"tiny\"\n[missions]\nattempts = 3\n"
        );
        assert_eq!(
            with_profile("# profile = …\n[personas.BRICK]\nprofile = 1\n", "tiny"),
            "profile = \"tiny\"\n# profile = …\n[personas.BRICK]\nprofile = 1\n"
        );
    }
}
