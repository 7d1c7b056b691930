//! A report as people read it, on a screen or on paper: one page that loads nothing and runs nothing. Decides what
//! stands on it, in which order, and what is left out of a very long one; the words around it are in
//! `templates/report.html`. The template escapes whatever is put into it.

use std::borrow::{Borrow, Cow};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::SystemTime;

use askama::Template as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use partner_center_devices::CustomerId;
use sha2::{Digest as _, Sha256};

use super::{Report, ReportRow, ReportTotals};
use crate::report::outcome::RowOutcome;
use crate::timestamp::Timestamp;

const STYLE: &str = include_str!("../../templates/report.css");
/// Rows that are folded together.
const BLOCK: usize = 1_000;
/// Rows of the list of all that are shown unfolded; paper shows what is unfolded.
const UNFOLDED: usize = 200;
/// Rows of a kind of trouble that are shown unfolded.
const UNFOLDED_OF_A_KIND: usize = 25;
/// Rows in the section of a kind of trouble.
const OF_A_KIND: usize = 1_000;
/// Files that are named at the top.
const FILES: usize = 5;
/// The narrowest part of a bar that has any, in percent.
const NARROWEST: f64 = 0.8;

/// What an HTML page says beside the [`Report`] itself.
///
/// ```
/// use partner_center_devices_fleet::{HtmlOptions, Journal};
///
/// let report = Journal::in_memory()?.report()?;
/// let mut page = Vec::new();
/// report.write_html(&mut page, &HtmlOptions::new().title("Laptops for Berlin"))?;
/// assert!(page.starts_with(b"<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HtmlOptions {
    title: String,
    written: Option<Timestamp>,
    names: HashMap<String, String>,
    csv: Option<String>,
    rows: usize,
}

impl Default for HtmlOptions {
    fn default() -> Self {
        Self {
            title: "Windows Autopilot registration".to_owned(),
            written: None,
            names: HashMap::new(),
            csv: None,
            rows: 10_000,
        }
    }
}

impl HtmlOptions {
    /// Nothing beside the report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What stands at the top. "Windows Autopilot registration" unless told.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// When the page is written. It says only when the devices were sent unless told.
    #[must_use]
    pub fn generated_at(mut self, time: SystemTime) -> Self {
        self.written = Some(time.into());
        self
    }

    /// What a customer is called. Its id is shown all the same.
    #[must_use]
    pub fn customer_name(mut self, customer: &CustomerId, name: impl Into<String>) -> Self {
        self.names.insert(customer.as_str().to_ascii_lowercase(), name.into());
        self
    }

    /// The name of the file that [`Report::write_csv`] wrote, which the page points to for rows it has no room for.
    #[must_use]
    pub fn csv_file_name(mut self, name: impl Into<String>) -> Self {
        self.csv = Some(name.into());
        self
    }

    /// How many rows the list of all rows shows at most; 10,000 unless told, a page of 1 to 2 MB. Rows that
    /// need attention come before those that are well. ReportTotals always count all.
    #[must_use]
    pub fn max_rows(mut self, most: usize) -> Self {
        self.rows = most;
        self
    }
}

impl Report {
    /// One HTML page for people: what became of the devices, each kind of trouble with its cure, and the rows. It
    /// has no script, loads nothing, and can be sent on as it is. The same report and options give the same bytes.
    ///
    /// A short hardware hash is on it only where nothing else names the row. A kind of trouble names its first
    /// 1,000 rows, and the list of all rows ends as [`HtmlOptions::max_rows`] says; both say how many are left out.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_html(&self, writer: impl Write, options: &HtmlOptions) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        Page::new(self, options).write_into(&mut writer)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }
}

#[derive(askama::Template)]
#[template(path = "report.html", whitespace = "minimize")]
struct Page<'a> {
    style: &'static str,
    policy: String,
    options: &'a HtmlOptions,
    report: &'a Report,
    totals: ReportTotals,
    verdict: String,
    bar: Bar,
    places: Vec<Place<'a>>,
    files: Vec<&'a str>,
    more_files: usize,
    sent: Option<(Timestamp, Timestamp)>,
    kinds: Vec<Kind<'a>>,
    blocks: Vec<Block<'a>>,
    shown: usize,
}

/// A destination.
struct Place<'a> {
    customer: Customer<'a>,
    batch: &'a str,
    created: bool,
    stopped: Option<&'a str>,
    totals: ReportTotals,
    bar: Bar,
}

struct Customer<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

/// Rows with the same trouble.
struct Kind<'a> {
    class: &'static str,
    symbol: &'static str,
    code: Option<&'a str>,
    /// The service's name for it, or the id of a rule; `None` where rows have words of their own.
    name: Option<Cow<'a, str>>,
    heading: Cow<'a, str>,
    cure: &'a str,
    count: usize,
    rows: Vec<Line<'a>>,
}

/// Rows that are folded together.
struct Block<'a> {
    open: bool,
    first: usize,
    last: usize,
    rows: Vec<Line<'a>>,
}

/// A row on the page.
#[derive(Clone, Copy)]
struct Line<'a> {
    row: &'a ReportRow,
    /// Its section, from 1; 0 if it is well.
    kind: usize,
    customer_name: Option<&'a str>,
}

/// What stands for an outcome: a class of the style sheet, a sign, and words.
#[derive(Clone, Copy)]
struct Face {
    class: &'static str,
    symbol: &'static str,
    label: &'static str,
}

const REGISTERED: Face = Face { class: "registered", symbol: "✓", label: "Registered" };
const ALREADY: Face = Face { class: "already", symbol: "✓", label: "Registered before" };
const DUPLICATE: Face =
    Face { class: "duplicate", symbol: "=", label: "Same device as another row" };
const FAILED: Face = Face { class: "failed", symbol: "✕", label: "Refused by the service" };
const REFUSED: Face = Face { class: "refused", symbol: "!", label: "Error in the file" };
const NOT_SENT: Face = Face { class: "not-sent", symbol: "–", label: "Not sent yet" };
const UNKNOWN: Face = Face { class: "unknown", symbol: "?", label: "Not known yet" };

fn face(outcome: &RowOutcome) -> Face {
    match outcome {
        RowOutcome::Registered => REGISTERED,
        RowOutcome::AlreadyRegistered => ALREADY,
        RowOutcome::Duplicate(_) => DUPLICATE,
        RowOutcome::Failed(_) => FAILED,
        RowOutcome::Refused(_) => REFUSED,
        RowOutcome::NotSent => NOT_SENT,
        RowOutcome::Unknown => UNKNOWN,
    }
}

/// A bar of outcomes.
struct Bar {
    parts: Vec<Part>,
}

struct Part {
    face: Face,
    count: usize,
    /// Of all rows.
    share: String,
    /// In percent of the bar.
    start: String,
    width: String,
}

impl Bar {
    fn new(totals: &ReportTotals) -> Self {
        let counts: Vec<_> = [
            (REGISTERED, totals.registered),
            (ALREADY, totals.already_registered),
            (DUPLICATE, totals.duplicate),
            (FAILED, totals.failed),
            (REFUSED, totals.refused),
            (NOT_SENT, totals.not_sent),
            (UNKNOWN, totals.unknown),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
        let share = |count: usize| count as f64 * 100.0 / totals.rows as f64;
        let sum: f64 = counts.iter().map(|(_, count)| share(*count).max(NARROWEST)).sum();
        let mut start = 0.0;
        let part = |(face, count)| {
            let width = share(count).max(NARROWEST) * 100.0 / sum;
            let part = Part {
                face,
                count,
                share: percent(count, totals.rows),
                start: format!("{start:.2}"),
                width: format!("{width:.2}"),
            };
            start += width;
            part
        };
        Self { parts: counts.into_iter().map(part).collect() }
    }
}

/// The figures, as text.
impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.parts.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{}:\u{a0}{}", part.face.label, grouped(part.count))?;
        }
        Ok(())
    }
}

impl<'a> Page<'a> {
    fn new(report: &'a Report, options: &'a HtmlOptions) -> Self {
        let totals = report.totals();
        let (kinds, kind_of) = kinds(report, options);
        let (blocks, shown) = blocks(report, options, &kind_of);
        let mut files: Vec<&str> = Vec::new();
        let mut more_files = 0;
        let mut sent: Option<(Timestamp, Timestamp)> = None;
        let mut seen = HashSet::new();
        for row in &report.rows {
            let file = row.origin.source();
            if seen.insert(file) {
                if files.len() < FILES { files.push(file) } else { more_files += 1 }
            }
            if let Some(exchange) = &row.exchange {
                let end = exchange.settled.unwrap_or(exchange.sent);
                sent = Some(match sent {
                    None => (exchange.sent, end),
                    Some((first, last)) => (first.min(exchange.sent), last.max(end)),
                });
            }
        }
        Self {
            style: STYLE,
            policy: policy(),
            options,
            report,
            verdict: verdict(&totals),
            bar: Bar::new(&totals),
            totals,
            places: places(report, options),
            files,
            more_files,
            sent,
            kinds,
            blocks,
            shown,
        }
    }

    /// Rows that need attention.
    fn troubled(&self) -> usize {
        let ReportTotals { failed, refused, not_sent, unknown, .. } = self.totals;
        failed + refused + not_sent + unknown
    }
}

/// Nothing is loaded, and the only style is that of the page.
fn policy() -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

fn verdict(totals: &ReportTotals) -> String {
    let devices = totals.rows - totals.duplicate;
    let registered = totals.registered + totals.already_registered;
    match (registered, devices) {
        (_, 0) => "There is no device in this report.".to_owned(),
        (1, 1) => "The device is registered.".to_owned(),
        (0, 1) => "The device is not registered.".to_owned(),
        (registered, devices) if registered == devices => {
            format!("All {} devices are registered.", grouped(devices))
        }
        (registered, devices) => {
            format!("{} of {} devices are registered.", grouped(registered), grouped(devices))
        }
    }
}

fn name<'a>(options: &'a HtmlOptions, customer: &CustomerId) -> Option<&'a str> {
    options.names.get(&customer.as_str().to_ascii_lowercase()).map(String::as_str)
}

fn places<'a>(report: &'a Report, options: &'a HtmlOptions) -> Vec<Place<'a>> {
    let mut rows: HashMap<_, ReportTotals> = HashMap::new();
    for row in &report.rows {
        if let Some(destination) = &row.destination {
            rows.entry(Arc::as_ptr(destination)).or_default().count(&row.outcome);
        }
    }
    let place = |destination: &'a Arc<super::Destination>| {
        let totals = rows.remove(&Arc::as_ptr(destination)).unwrap_or_default();
        Place {
            customer: Customer {
                id: destination.customer.as_str(),
                name: name(options, &destination.customer),
            },
            batch: destination.batch.as_str(),
            created: destination.created_batch,
            stopped: destination.stopped(),
            bar: Bar::new(&totals),
            totals,
        }
    };
    report.destinations.iter().map(place).collect()
}

/// The kinds of trouble, the most frequent first, and for each row the number of its kind, from 1.
fn kinds<'a>(report: &'a Report, options: &'a HtmlOptions) -> (Vec<Kind<'a>>, Vec<usize>) {
    let mut places = HashMap::new();
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let mut kind_of = Vec::with_capacity(report.rows.len());
    for row in &report.rows {
        if row.outcome.is_success() {
            kind_of.push(0);
            continue;
        }
        // Words of the service that are not known may differ from row to row.
        let by = match &row.outcome {
            RowOutcome::Failed(error) => (error.code(), error.meaning().unwrap_or_default()),
            RowOutcome::Refused(finding) => ("", finding.rule().id()),
            _ => ("", if row.tracking_id.is_some() { "taken" } else { "" }),
        };
        let place = *places.entry((row.outcome.id(), by)).or_insert_with(|| {
            kinds.push(kind(row));
            kinds.len()
        });
        let kind = &mut kinds[place - 1];
        kind.count += 1;
        if kind.rows.len() < OF_A_KIND {
            kind.rows.push(line(row, place, options));
        }
        kind_of.push(place);
    }
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(kinds[place].count)); // stable: then as the input has them
    let mut rank = vec![0; kinds.len() + 1];
    for (new, &old) in order.iter().enumerate() {
        rank[old + 1] = new + 1;
    }
    kind_of.iter_mut().for_each(|kind| *kind = rank[*kind]);
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    (kinds, kind_of)
}

/// The kind of this row, without rows.
fn kind(row: &ReportRow) -> Kind<'_> {
    let Face { class, symbol, label } = face(&row.outcome);
    let (name, heading): (_, Cow<'_, str>) = match &row.outcome {
        RowOutcome::Failed(error) => match error.meaning() {
            Some(meaning) => (row.name(), capital(meaning).into()),
            None => (None, "The service gave a reason that is not known".into()),
        },
        RowOutcome::Refused(finding) => {
            let id = finding.rule().id();
            (Some(id.into()), format!("{label}: {}", id.replace('-', " ")).into())
        }
        _ => (None, row.meaning().map_or(label.into(), |meaning| capital(&meaning).into())),
    };
    let cure = row.cure().unwrap_or(
        "read the service's words beside each device; if they do not help, open a support case with the ids there",
    );
    Kind { class, symbol, code: row.code(), name, heading, cure, count: 0, rows: Vec::new() }
}

fn line<'a>(row: &'a ReportRow, kind: usize, options: &'a HtmlOptions) -> Line<'a> {
    let several = options.names.len() > 1;
    let customer = row.destination().filter(|_| several);
    let customer_name = customer.and_then(|destination| name(options, &destination.customer));
    Line { row, kind, customer_name }
}

/// The list of all rows, folded where it is long, and how many rows are in it.
fn blocks<'a>(
    report: &'a Report,
    options: &'a HtmlOptions,
    kind_of: &[usize],
) -> (Vec<Block<'a>>, usize) {
    let mut troubled = kind_of.iter().filter(|kind| **kind > 0).count().min(options.rows);
    let mut well = options.rows - troubled;
    let mut shown = Vec::new();
    for (place, (row, &kind)) in report.rows.iter().zip(kind_of).enumerate() {
        let room = if kind > 0 { &mut troubled } else { &mut well };
        if *room > 0 {
            *room -= 1;
            shown.push((place + 1, line(row, kind, options)));
        }
    }
    let block = |rows: &[(usize, Line<'a>)]| Block {
        open: shown.len() <= UNFOLDED,
        first: rows.first().map_or(0, |row| row.0),
        last: rows.last().map_or(0, |row| row.0),
        rows: rows.iter().map(|row| row.1).collect(),
    };
    (shown.chunks(BLOCK).map(block).collect(), shown.len())
}

impl Kind<'_> {
    fn is_short(&self) -> bool {
        self.count <= UNFOLDED_OF_A_KIND
    }

    /// Whether any of its rows was sent.
    fn has_ids(&self) -> bool {
        self.rows.iter().any(|row| row.row.exchange.is_some())
    }

    /// Whether more is to be said of its rows than its name.
    fn has_words(&self) -> bool {
        self.rows.iter().any(|row| row.words().is_some_and(|words| Some(words) != self.name))
    }
}

impl<'a> Line<'a> {
    /// What people know the device by, and what that is if it is no serial number.
    fn device(&self) -> (&'static str, &'a str) {
        let row = self.row;
        None.or(row.serial_number().map(|serial| ("", serial)))
            .or(row.product_key().map(|key| ("product key", key)))
            .or(row.short_hash().map(|hash| ("hardware hash", hash)))
            .unwrap_or(("", "no name"))
    }

    fn face(&self) -> Face {
        face(&self.row.outcome)
    }

    /// What is said of this row and not of its kind.
    fn words(&self) -> Option<Cow<'a, str>> {
        match &self.row.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::Refused(finding) => Some(finding.message().into()),
            RowOutcome::Duplicate(first) => Some(first.relative_to(&self.row.origin).into()),
            _ => None,
        }
    }

    /// When its outcome was known, or else when it was sent.
    fn time(&self) -> Option<Timestamp> {
        let exchange = self.row.exchange.as_ref()?;
        Some(exchange.settled.unwrap_or(exchange.sent))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `12,345`. The template hands over numbers and references to them.
fn grouped(number: impl Borrow<usize>) -> String {
    let digits = number.borrow().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Never 0 % for some, nor 100 % for less than all.
fn percent(part: usize, whole: usize) -> String {
    let share = part as f64 * 100.0 / whole as f64;
    match share {
        _ if part == whole => "100 %".to_owned(),
        share if share < 0.1 => "< 0.1 %".to_owned(),
        share if share > 99.9 => "> 99.9 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

/// For people: to the second, in UTC.
fn time(moment: &Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(moment.0) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => moment.to_string(),
    }
}
