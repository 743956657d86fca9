use std::collections as c;
use ::std::collections::BTreeMap;
use core::fmt as _;
impl Account {
    pub fn words(&self, text: String) -> BTreeMap<String, i64> {
        let mut out = c::BTreeMap::new();
        for w in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
            *out.entry(w.to_lowercase()).or_insert(0) += 1;
        }
        out
    }
}
