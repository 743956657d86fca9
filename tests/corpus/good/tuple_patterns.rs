// struct: Pair { ends: (i64, Option<String>) }
// signature: fn describe(&self) -> String
// shows: nested patterns, guards, bindings with `@`
// check: {"slots": {"ends": [5, "x"]}, "returns": "few x"}
// check: {"slots": {"ends": [50, null]}, "returns": "50"}

impl Pair {
    pub fn describe(&self) -> String {
        match &self.ends {
            (n @ 0..=9, Some(name)) if !name.is_empty() => format!("few {name}").replace("few", if *n > 0 { "few" } else { "no" }),
            (n, None | Some(_)) => n.to_string(),
        }
    }
}
