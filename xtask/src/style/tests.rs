//! Sentences that are flagged, sentences that are not, and what is read from each type of file.

use std::path::Path;
use std::sync::LazyLock;

use super::extract;
use super::idioms::Idioms;
use super::passage::{Kind, Passage};

/// Returns each flagged idiom as `LINE PHRASE`.
fn flagged(file: &str, text: &str) -> Vec<String> {
    static IDIOMS: LazyLock<Idioms> = LazyLock::new(|| Idioms::load().unwrap());
    let passages = extract::passages(Path::new(file), text);
    let hits = passages.iter().flat_map(|passage| IDIOMS.find(passage));
    hits.map(|hit| format!("{} {}", hit.line, hit.phrase)).collect()
}

fn kinds(file: &str, text: &str) -> Vec<(Kind, String)> {
    let passages = extract::passages(Path::new(file), text);
    passages.into_iter().map(|passage| (passage.kind, passage.text.trim().to_owned())).collect()
}

#[test]
fn flags_each_old_sentence_and_accepts_its_replacement() {
    for (before, after) in [
        (
            "What had its outcome was not sent again.",
            "Devices that already finished were not resent.",
        ),
        ("Nothing of a file is sent.", "If any row is invalid, nothing is sent."),
        ("stopped by Ctrl-C, or by a no", "cancelled"),
        ("nothing was done: nobody said yes", "Not confirmed; nothing changed."),
        (
            "Where several devices bear a name, take all.",
            "Act on every match when several devices share a key.",
        ),
        ("It is a folder, and no file.", "It is a directory, not a file."),
        ("The job speaks of no device.", "The job reported no devices."),
        ("The rows are what the file names.", "The file names the rows."),
        ("The upload goes on where it stopped.", "The upload resumes where it stopped."),
        ("Policies as they shall be are left alone.", "Policies that are up to date are skipped."),
        ("It shows what became of each.", "It shows the result for each device."),
        ("This is no error.", "This is not an error."),
        ("A file of its own.", "A separate file."),
        ("Whether the user signed in.", "True if the user signed in."),
        ("Only the key alone is known.", "Only the key is known."),
        ("Of a device, as it is sent.", "The device, as sent."),
        ("Decides what is sent.", "The upload plan."),
        ("It is told by its hash.", "Its hash identifies it."),
    ] {
        assert_ne!(flagged("a.md", before), Vec::<String>::new(), "{before}");
        assert_eq!(flagged("a.md", after), Vec::<String>::new(), "{after}");
    }
}

#[test]
fn accepts_questions_and_ordinary_uses() {
    for text in [
        "What is a batch?",
        "There is no policy, such as this one.",
        "The job is no longer running.",
        "Whether to send the header.",
        "None is returned if the body is empty.",
        "Such a request is retried.",
        "As such, it is skipped.",
        "Leave the file alone.",
    ] {
        assert_eq!(flagged("a.md", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn reports_the_line_of_a_phrase_across_a_line_break() {
    let text = "# Title\n\nThe job runs,\nand it goes\non then.\n";
    assert_eq!(flagged("a.md", text), ["4 goes on"]);
    assert_eq!(flagged("a.rs", "\n/// The job runs,\n/// and goes\n/// on.\n"), ["3 goes on"]);
    assert_eq!(flagged("a.rs", "const A: &str = \"the job \\\n    goes on\";"), ["2 goes on"]);
}

#[test]
fn skips_code_and_urls() {
    let text = "Call `shall()`, or [see](https://shall.example/shall).\n\n```text\nit shall\n```\n\nhttps://x/shall\n";
    assert_eq!(flagged("a.md", text), Vec::<String>::new());
    assert_eq!(flagged("a.rs", "let shall = \"shall\"; // `shall`\n"), Vec::<String>::new());
}

#[test]
fn sorts_rust_text_into_kinds() {
    let source = r##"
//! Module docs.

/// Item docs.
// An ordinary comment.
#[tokio::test(start_paused = true)]
async fn retries_once() {
    fn helper() {}
    let raw = r#"a raw string"#; // behind code
    let query = "SELECT begun FROM run";
    let word = "word";
    let text = "first line\nsecond {line} here";
}
"##;
    let found = kinds("a.rs", source);
    let expected = [
        (Kind::Rustdoc, "Module docs."),
        (Kind::Rustdoc, "Item docs."),
        (Kind::Comments, "An ordinary comment."),
        (Kind::TestNames, "retries once"),
        (Kind::Strings, "a raw string"),
        (Kind::Comments, "behind code"),
        (Kind::Strings, "first line"),
    ];
    assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn reads_descriptions_and_comments_of_yaml() {
    let text = "# A comment.\na:\n  description: >-\n    Two\n    lines.\n  summary: One line\n  name: not prose\n";
    let expected = [
        (Kind::Comments, "A comment."),
        (Kind::Markdown, "Two lines."),
        (Kind::Markdown, "One line"),
    ];
    assert_eq!(kinds("a.yaml", text), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn reads_the_body_of_a_snapshot() {
    let text = "---\nsource: a.rs\nexpression: it shall\n---\nhint: it shall stop\nSerial,Name\n";
    assert_eq!(flagged("a.snap", text), ["5 shall"]);
    assert_eq!(kinds("a.snap", text), [(Kind::Strings, "hint: it shall stop".to_owned())]);
}

#[test]
fn reads_the_text_and_scripts_of_a_page() {
    let text = "<style>a { shall: 1 }</style>\n<p title=\"shall\">it shall\nstop</p>\n<script>\n// it shall\nsay(\"it shall go\");\n</script>";
    assert_eq!(flagged("a.html", text), ["2 shall", "5 shall", "6 shall"]);
}

#[test]
fn reads_comments_of_toml() {
    assert_eq!(
        flagged("a.toml", "# it shall\na = \"# it shall\" # shall\n"),
        ["1 shall", "2 shall"]
    );
}

#[test]
fn splits_sentences_and_counts_words() {
    let mut passage = Passage::new(Kind::Comments);
    passage.push("One two.  \"Three\" (e.g. four)? Five", 1);
    let sentences: Vec<_> = passage.sentences().into_iter().map(|(_, text)| text).collect();
    assert_eq!(sentences, ["One two.", "Three\" (e.g. four)?", "Five"]);
    assert_eq!(passage.words(), 6);
}
