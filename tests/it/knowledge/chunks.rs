//! A document's pieces: joined they are the text, and each is what can be found by itself.

use batos::knowledge::{Chunk, Format, chunks};

const FEES: &str = "\
# Fees

All amounts are in euro.

## Abroad

A withdrawal abroad costs 2 % of the amount, at least 1.50.

```sh
# no heading

batos send Account withdraw '[5]'
```

At home
-------

Nothing is charged at home.
";

fn joined(chunks: &[Chunk]) -> String {
    chunks.iter().map(|chunk| chunk.text.as_str()).collect()
}

fn shape(chunks: &[Chunk]) -> Vec<(u32, &str)> {
    chunks
        .iter()
        .map(|chunk| (chunk.line, chunk.heading.as_str()))
        .collect()
}

#[test]
fn markdown_is_cut_at_its_headings() {
    let cut = chunks(Format::Markdown, FEES);
    assert_eq!(joined(&cut), FEES);
    assert_eq!(
        shape(&cut),
        [(1, "Fees"), (5, "Fees > Abroad"), (15, "Fees > At home")]
    );
    assert!(cut[1].text.contains("batos send"), "{}", cut[1].text);
}

#[test]
fn a_heading_stays_with_what_it_is_above() {
    let text = "# Bank\n\n## Fees\n\nNone.\n\n## Hours\n\nNine to five.\n";
    let cut = chunks(Format::Markdown, text);
    assert_eq!(
        shape(&cut),
        [(1, "Bank > Fees"), (7, "Bank > Hours")],
        "{cut:#?}"
    );
}

#[test]
fn long_text_is_cut_between_sentences() {
    let sentences: Vec<String> = (0..100)
        .map(|n| format!("Sentence number {n} says that the sky is blue and that it stays so."))
        .collect();
    let text = sentences.join(" ");
    let cut = chunks(Format::Text, &text);
    assert_eq!(joined(&cut), text);
    assert!(cut.len() > 5, "{}", cut.len());
    for chunk in &cut {
        assert!(chunk.text.len() <= 1200, "{}", chunk.text.len());
        assert!(chunk.text.starts_with("Sentence"), "{}", chunk.text);
        assert!(chunk.text.trim_end().ends_with("so."), "{}", chunk.text);
    }
}

#[test]
fn rust_is_cut_at_its_items() {
    let methods: String = (0..8)
        .map(|n| {
            let lines = "        self.total += amount;\n".repeat(12);
            format!("    /// Adds for the {n}th time.\n    pub fn add_{n}(&mut self, amount: i64) {{\n{lines}    }}\n\n")
        })
        .collect();
    let text = format!(
        "use std::fmt;\n\n/// Holds money.\nstruct Account {{ total: i64 }}\n\nimpl Account {{\n{methods}}}\n\nfn free() {{}}\n"
    );
    let cut = chunks(Format::Rust, &text);
    assert_eq!(joined(&cut), text);
    let headings: Vec<&str> = cut.iter().map(|chunk| chunk.heading.as_str()).collect();
    assert!(headings.contains(&"struct Account"), "{headings:?}");
    assert!(
        headings.contains(&"impl Account > pub fn add_3(&mut self, amount: i64)"),
        "{headings:?}"
    );
    let third = cut.iter().find(|chunk| chunk.heading.contains("add_3"));
    assert!(third.unwrap().text.contains("for the 3th time"));
    assert!(headings.contains(&"fn free()"), "{headings:?}");
}

#[test]
fn whatever_comes_is_cut_without_loss() {
    let giant = "x".repeat(10_000);
    let letters = "äöü€".repeat(2_000);
    let texts = [
        giant.as_str(),
        letters.as_str(),
        "one\r\ntwo\r\n\r\nthree",
        "\n\n\n# \n#\n##\n\n===\n",
        "```\nnever closed\n\n# not a heading",
        "fn broken( {",
        "page one\n\u{c}\npage two\n\u{c}\n",
    ];
    for text in texts {
        for format in Format::ALL {
            let cut = chunks(format, text);
            assert_eq!(joined(&cut), text, "{format:?}");
            assert!(
                cut.iter().all(|chunk| chunk.text.len() <= 1200),
                "{format:?}"
            );
        }
    }
    assert!(chunks(Format::Text, " \n\n\t").is_empty());
    assert!(chunks(Format::Markdown, "").is_empty());
}

#[test]
fn pages_of_a_pdf_are_told_apart() {
    let cut = chunks(Format::Pdf, "Terms of payment.\n\u{c}\nThirty days net.\n");
    assert_eq!(shape(&cut), [(1, "page 1"), (3, "page 2")]);
}
