//! A text in the person's own editor, which has the terminal meanwhile.

use std::fs;
use std::io::Write as _;
use std::process::Command;

/// Runs `editor`, a command line, on a file with the text; gives what the file has then, or says why not.
pub fn edit(editor: &str, text: &str, suffix: &str) -> Result<String, String> {
    let mut file = tempfile::Builder::new()
        .prefix("batos-")
        .suffix(suffix)
        .tempfile()
        .map_err(|error| format!("could not make a file for the editor: {error}"))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| format!("could not write the file for the editor: {error}"))?;
    // Stopped by a key it would leave nobody at the terminal, so it cannot be.
    let script = format!("trap '' TSTP; exec {editor} \"$1\"");
    let status = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(file.path())
        .status()
        .map_err(|error| format!("could not start the editor `{editor}`: {error}"))?;
    if !status.success() {
        return Err(format!(
            "the editor `{editor}` did not end well ({status}); nothing was changed. \
            `terminal.editor` in batos.toml, VISUAL or EDITOR names another"
        ));
    }
    // Editors often put another file in its place, so it is read by its name.
    let bytes = fs::read(file.path())
        .map_err(|error| format!("could not read what the editor wrote: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "what the editor wrote is no UTF-8 text".to_owned())
}
