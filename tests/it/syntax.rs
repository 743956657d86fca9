//! Parse errors with their places, and highlighting.

use batos::syntax::{Source, Token, highlight, place};

/// `line:column message`, one a line.
fn problems(text: &str) -> String {
    let found = Source::parse(text).problems();
    let lines = found.iter().map(|problem| {
        let place = place(text, problem.byte);
        format!("{}:{} {}", place.line, place.column, problem.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn says_where_and_what_is_missing() {
    assert_eq!(problems("fn f() { let x = 1; }"), "");
    assert_eq!(
        problems("fn f() {\n    g(1;\n}"),
        "3:1 expected `)`, found `}`"
    );
    assert_eq!(problems("fn f() {\n    g(1);\n"), "1:8 `{` is never closed");
    assert_eq!(problems("fn f() { \"abc }"), "1:10 this string never ends");
    assert!(
        problems("fn f() {\n    let x = 1\n    x\n}").starts_with("2:14 missing `;`"),
        "{}",
        problems("fn f() {\n    let x = 1\n    x\n}")
    );
    assert!(
        problems("fn f() { let = 3; }").starts_with("1:1"),
        "{}",
        problems("fn f() { let = 3; }")
    );
}

#[test]
fn columns_count_characters() {
    let text = "// é\nlet é";
    let at = text.rfind('é').unwrap();
    assert_eq!((place(text, at).line, place(text, at).column), (2, 5));
    assert_eq!(place(text, 999).line, 2);
}

#[test]
fn strings_and_comments_agree_with_an_independent_scan() {
    for text in [
        "fn f() { let a = r##\"x\"# y\"##; let b = b\"\\\"\"; let c = '\\''; let d = b'\\\\'; }",
        "fn f<'a>(x: &'a str) -> &'a str { 'l: loop { break 'l; } x }",
        "/* /* nested */ still */ fn f() { /**/ g(); /***/ } // end",
        "/// doc\n/** doc */\nfn f() { let x = '\"'; let y = \"//\"; let z = \"/*\"; }",
        "fn f() { let s = \"a\\\n   b\"; let e = ''; }",
        "fn f() { m!(\"x\", 'a', r\"y\", /* c */ b'z'); }",
    ] {
        let found = problems(text);
        assert!(found.is_empty() || text.contains("''"), "{text}: {found}");
    }
}

#[test]
fn fragments_keep_the_places_of_the_whole() {
    let whole = "abc(1 + unsafe)";
    let source = Source::fragment("fn f(){", &whole[4..14], ";}", 4);
    let root = source.root().unwrap();
    assert_eq!(root.text(), "fn f(){1 + unsafe;}");
    assert_eq!(root.span(), 4..14);
}

fn pieces(text: &str) -> Vec<(String, Token)> {
    let lines = highlight(text);
    assert_eq!(lines.len(), text.lines().count());
    text.lines()
        .zip(lines)
        .flat_map(|(line, tokens)| {
            tokens
                .into_iter()
                .map(move |(range, token)| (line[range].to_owned(), token))
        })
        .collect()
}

#[test]
fn highlights_by_what_things_are() {
    let text = "#[inline]\nfn area(&self, r: f64) -> Option<f64> {\n    let s = format!(\"{}\", 1.5); // note\n    self.items.len().max(PI); 'a: loop { break 'a; }\n}";
    let found = pieces(text);
    let has = |text: &str, token: Token| {
        found
            .iter()
            .any(|(piece, kind)| piece == text && *kind == token)
    };
    assert!(has("inline", Token::Attribute), "{found:?}");
    assert!(has("fn", Token::Keyword) && has("let", Token::Keyword) && has("self", Token::Keyword));
    assert!(has("area", Token::Function) && has("len", Token::Function));
    assert!(has("f64", Token::Type) && has("Option", Token::Type));
    assert!(
        has("format", Token::Macro) && has("\"{}\"", Token::String) && has("1.5", Token::Number)
    );
    assert!(
        has("// note", Token::Comment)
            && has("items", Token::Property)
            && has("PI", Token::Constant)
    );
    assert!(
        has("'a", Token::Lifetime) && has("s", Token::Variable) && has("{", Token::Punctuation)
    );
}

#[test]
fn pieces_over_several_lines_are_cut_at_their_ends() {
    let found = pieces("let a = \"one\r\ntwo\"; /* x\n\n y */ b");
    assert!(
        found.contains(&("\"one".into(), Token::String)),
        "{found:?}"
    );
    assert!(
        found.contains(&("two\"".into(), Token::String)),
        "{found:?}"
    );
    assert!(found.contains(&("/* x".into(), Token::Comment)));
    assert!(found.contains(&(" y */".into(), Token::Comment)));
}

#[test]
fn broken_code_is_still_coloured() {
    for text in [
        "fn f( {",
        "\"open",
        "}}}}",
        "",
        "\n\n",
        "é ü \0",
        "let x = ;",
        "impl",
    ] {
        assert_eq!(highlight(text).len(), text.lines().count(), "{text}");
    }
    assert!(
        pieces("fn f( { let x = \"a\"")
            .iter()
            .any(|(_, token)| *token == Token::Keyword)
    );
}
