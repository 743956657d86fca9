//! Rust by items: each with the comments before it, large ones by the items in them.

use super::{MOST, Piece};
use crate::syntax::{Node, Source};

/// Items within items are told apart to this depth.
const DEEPEST: usize = 3;
/// The longest text of an item's head that is a heading.
const HEAD: usize = 100;

/// `None` when there is no tree, or no item in it.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let source = Source::parse(text);
    let root = source.root()?;
    let mut pieces = Vec::new();
    items(root, "", 0, &mut pieces);
    let end = pieces.last()?.end;
    if end < text.len() {
        pieces.push(Piece {
            end: text.len(),
            heading: String::new(),
            opens: false,
        });
    }
    Some(pieces)
}

fn items(parent: Node<'_>, above: &str, depth: usize, pieces: &mut Vec<Piece>) {
    for item in parent.named() {
        if item.kind().ends_with("attribute_item") {
            continue;
        }
        let head = head(item);
        let heading = match (above.is_empty(), head.is_empty()) {
            (true, _) => head,
            (_, true) => above.to_owned(),
            _ => format!("{above} > {head}"),
        };
        let body = item
            .field("body")
            .filter(|body| body.kind() == "declaration_list");
        match body {
            Some(body) if depth < DEEPEST && item.text().len() > MOST => {
                items(body, &heading, depth + 1, pieces);
                pieces.push(Piece {
                    end: item.end(),
                    heading: above.to_owned(),
                    opens: false,
                });
            }
            _ => pieces.push(Piece {
                end: item.end(),
                opens: !heading.is_empty(),
                heading,
            }),
        }
    }
}

/// What the item is, in a line: `fn deposit(&mut self, amount: f64)`; empty for what declares nothing.
fn head(item: Node<'_>) -> String {
    if matches!(item.kind(), "use_declaration" | "expression_statement") {
        return String::new();
    }
    let text = item.text();
    let end = text.find(['{', ';', '=']).unwrap_or(text.len());
    let line: Vec<&str> = text
        .get(..end)
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let line = line.join(" ");
    line.get(..line.floor_char_boundary(HEAD))
        .unwrap_or_default()
        .to_owned()
}
