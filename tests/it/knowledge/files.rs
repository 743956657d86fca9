//! Documents as they come from files.

use std::fs;

use batos::knowledge::{Format, ReadError, read_file, readable_in};

/// A PDF of one page a text, as simple as one can be.
pub fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages.len())
        .map(|n| format!("{} 0 R", 4 + 2 * n))
        .collect();
    objects.push(format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        pages.len()
    ));
    objects.push(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    );
    for (n, text) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * n
        ));
        let content = format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let xref = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[test]
fn a_pdf_gives_its_text_by_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terms.pdf");
    fs::write(
        &path,
        pdf(&[
            "Invoices are due within thirty days.",
            "Late ones cost two percent.",
        ]),
    )
    .unwrap();
    let read = read_file(&path).unwrap();
    assert_eq!(read.format, Format::Pdf);
    let pages: Vec<&str> = read.text.split('\u{c}').map(str::trim).collect();
    assert_eq!(
        pages,
        [
            "Invoices are due within thirty days.",
            "Late ones cost two percent."
        ]
    );
}

#[test]
fn what_is_no_document_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        read_file(&path)
    };
    assert!(matches!(
        file("a.txt", b"a\0b"),
        Err(ReadError::NotText { .. })
    ));
    assert!(matches!(
        file("b.txt", b"\xff\xfe"),
        Err(ReadError::NotText { .. })
    ));
    assert!(matches!(file("c.md", b" \n"), Err(ReadError::Empty { .. })));
    assert!(matches!(
        file("d.pdf", b"%PDF-1.4 no more"),
        Err(ReadError::Pdf { .. })
    ));
    let mut cut = pdf(&["Some text."]);
    cut.truncate(cut.len() / 2);
    assert!(file("e.pdf", &cut).is_err());
    assert!(matches!(
        read_file(&folder.path().join("missing")),
        Err(ReadError::Io { .. })
    ));
    assert!(matches!(
        file("f.txt", &vec![b'x'; 9 << 20]),
        Err(ReadError::TooLarge { .. })
    ));
}

#[test]
fn a_folder_gives_the_documents_below_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("deep/.hidden")).unwrap();
    for name in [
        "b.md",
        "a.txt",
        "deep/c.rs",
        "deep/.hidden/d.md",
        ".e.md",
        "f.bin",
    ] {
        fs::write(folder.path().join(name), "text").unwrap();
    }
    let found = readable_in(folder.path()).unwrap();
    let names: Vec<String> = found
        .iter()
        .map(|path| {
            path.strip_prefix(folder.path())
                .unwrap()
                .display()
                .to_string()
        })
        .collect();
    assert_eq!(names, ["a.txt", "b.md", "deep/c.rs"]);
}
