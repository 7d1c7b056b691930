//! The group tags of a file, and the batches that they lead to. The customer sees the name of a batch as the group tag,
//! so a device must not silently go to a batch with another name than its tag.

use std::collections::HashMap;

use partner_center_devices::BatchId;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::{CheckedRow, Fleet, RowStatus};

use super::args;
use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;
use crate::ui::prompt::{can_ask, confirm_question};
use crate::ui::text_layout::{count, shorten_name};

/// How many group tags a message lists. The others are counted.
const MAX_LISTED: usize = 8;

/// The group tags of the rows that have a device.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct GroupTags {
    /// In the order of the rows.
    tags: Vec<GroupTag>,
}

/// A group tag in all its spellings: batch names are compared without case.
#[derive(Debug, PartialEq, Eq)]
struct GroupTag {
    /// All spellings, the first one first. It becomes the name of a new batch.
    spellings: Vec<String>,
    /// The number of devices to send.
    devices: usize,
}

/// The batches of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Batches {
    /// All rows go to this batch.
    One(BatchId),
    /// Each row goes to the batch with the name of its group tag.
    OfGroupTags,
}

/// The batches that a file and the options ask for.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Batches(Batches),
    /// The option names a batch, and the file has other group tags.
    OtherTags(BatchId),
    /// Neither the option nor the file names a batch.
    NoBatch,
}

impl GroupTags {
    pub(super) fn of(fleet: &Fleet) -> Self {
        let mut all = Self::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        let is_valid = |row: &&CheckedRow| !matches!(row.status(), RowStatus::Invalid(_));
        for row in fleet.rows().iter().filter(is_valid) {
            let Some(tag) = row.group_tag() else { continue };
            let place = *places.entry(tag.to_lowercase()).or_insert_with(|| {
                all.tags.push(GroupTag { spellings: Vec::new(), devices: 0 });
                all.tags.len() - 1
            });
            let group = &mut all.tags[place];
            group.devices += usize::from(matches!(row.status(), RowStatus::Ready(_)));
            if !group.spellings.iter().any(|spelling| spelling == tag) {
                group.spellings.push(tag.to_owned());
            }
        }
        all
    }

    /// Chooses the batches. `--ignore-group-tags` says that a batch with another name is meant.
    fn choose(&self, batch: Option<&BatchId>, ignores_tags: bool) -> Choice {
        match batch {
            Some(batch) if ignores_tags || self.others(batch).next().is_none() => {
                Choice::Batches(Batches::One(batch.clone()))
            }
            Some(batch) => Choice::OtherTags(batch.clone()),
            None if self.tags.is_empty() => Choice::NoBatch,
            None => Choice::Batches(Batches::OfGroupTags),
        }
    }

    /// Returns the group tags that differ from the name of a batch.
    fn others<'a>(&'a self, batch: &BatchId) -> impl Iterator<Item = &'a GroupTag> {
        let folded = batch.as_str().to_lowercase();
        self.tags.iter().filter(move |tag| tag.spellings[0].to_lowercase() != folded)
    }

    /// Returns a line for each group tag that is spelled in several ways.
    fn spelling_notes(&self) -> String {
        let several = self.tags.iter().filter(|tag| tag.spellings.len() > 1);
        let note = |tag: &GroupTag| {
            let spellings = tag.spellings.iter().map(|one| format!("'{}'", shorten_name(one)));
            let spellings: Vec<_> = spellings.take(MAX_LISTED).collect();
            format!(
                "The group tags {} differ only by case, so their devices go to one batch.\n",
                printable::line(&spellings.join(", "))
            )
        };
        several.map(note).collect()
    }
}

/// Lists group tags: `Sales (12 devices), Labs (3 devices)`.
fn list<'a>(tags: impl Iterator<Item = &'a GroupTag>) -> String {
    let tags: Vec<_> = tags.collect();
    let tag = |tag: &&GroupTag| {
        format!("{} ({})", shorten_name(&tag.spellings[0]), count(tag.devices, "device"))
    };
    let mut listed: Vec<_> = tags.iter().take(MAX_LISTED).map(tag).collect();
    if tags.len() > MAX_LISTED {
        listed.push(format!("and {} more", tags.len() - MAX_LISTED));
    }
    listed.join(", ")
}

/// Chooses the batches of an upload. On a terminal, asks before a batch with another name than the group tags is used.
///
/// # Errors
/// If no batch is named, or if `--batch` contradicts the group tags and no user can confirm it. A dry run does not ask.
pub(super) fn choose_batches(
    ui: Ui,
    args: &args::Upload,
    fleet: &Fleet,
    default: Option<BatchId>,
) -> Result<Batches, CommandError> {
    let tags = GroupTags::of(fleet);
    match tags.choose(args.batch.as_ref(), args.ignore_group_tags) {
        Choice::Batches(batches) => {
            if batches == Batches::OfGroupTags {
                ui.status(&tags.spelling_notes());
            }
            Ok(batches)
        }
        Choice::OtherTags(batch) => {
            let others = list(tags.others(&batch));
            let question = format!(
                "Send {} to batch '{batch}' and ignore the group tags?",
                count(fleet.device_count(), "device")
            );
            if !args.dry_run && can_ask(ui) {
                ui.notice(&format!(
                    "The rows have other group tags than the batch '{batch}': {}\n",
                    printable::line(&others)
                ));
                confirm_question(ui, &question)?;
                return Ok(Batches::One(batch));
            }
            let message =
                format!("the rows have other group tags than the batch '{batch}': {others}");
            Err(CommandError::new(Exit::Usage, message)
                .hint("leave out --batch to send the devices of each group tag to a batch of that name")
                .hint(format!("add --ignore-group-tags to send all devices to batch '{batch}'")))
        }
        // The error names the rows.
        Choice::NoBatch if args.customer_from.is_some() => Ok(Batches::OfGroupTags),
        Choice::NoBatch => default.map(Batches::One).ok_or_else(|| {
            CommandError::new(Exit::Usage, "the batch is missing, and the rows have no group tags")
                .hint("name the batch, which the customer sees as the group tag: --batch NAME")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(name: &str) -> BatchId {
        BatchId::new(name).unwrap()
    }

    fn tags(tags: &[&str]) -> GroupTags {
        let mut csv = "Serial,Make,Model,Group Tag\n".to_owned();
        for (number, tag) in tags.iter().enumerate() {
            csv.push_str(&format!("S{number},M,N,{tag}\n"));
        }
        GroupTags::of(&Fleet::read(csv.as_bytes(), "f.csv"))
    }

    #[test]
    fn group_tags_decide_the_batches_unless_one_is_named() {
        let of_tags = || Choice::Batches(Batches::OfGroupTags);
        let one = |name| Choice::Batches(Batches::One(batch(name)));
        let other = |name| Choice::OtherTags(batch(name));
        for (rows, named, ignores_tags, choice) in [
            (&["Sales", "Labs"][..], None, false, of_tags()),
            (&["Sales"], None, false, of_tags()),
            (&["Sales", ""], None, false, of_tags()),
            (&[""], None, false, Choice::NoBatch),
            (&[], None, false, Choice::NoBatch),
            (&["", ""], Some("X"), false, one("X")),
            (&["X", "x", ""], Some("X"), false, one("X")),
            (&["Sales", "X"], Some("X"), false, other("X")),
            (&["Sales", ""], Some("X"), false, other("X")),
            (&["Sales", "Labs"], Some("X"), true, one("X")),
        ] {
            let named = named.map(batch);
            let chosen = tags(rows).choose(named.as_ref(), ignores_tags);
            assert_eq!(chosen, choice, "{rows:?}, {named:?}, {ignores_tags}");
        }
    }

    #[test]
    fn each_tag_is_listed_once_with_its_devices() {
        let all = tags(&["Sales", "Labs", "SALES", "", "Sales"]);
        assert_eq!(list(all.tags.iter()), "Sales (3 devices), Labs (1 device)");
        assert_eq!(
            all.spelling_notes(),
            "The group tags 'Sales', 'SALES' differ only by case, so their devices go to one batch.\n"
        );
        let names: Vec<String> = (1..=10).map(|number| format!("T{number}")).collect();
        let many = tags(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(list(many.tags.iter()).ends_with("T8 (1 device), and 2 more"));
    }

    #[test]
    fn only_rows_with_a_device_count() {
        // A duplicate is in the same group; an invalid row is in none.
        let csv = "Serial,Make,Model,Group Tag\nPF2A71,M,N,HQ\nPF2A71,M,N,HQ\nPF2B71,,,Lab\n";
        let tags = GroupTags::of(&Fleet::read(csv.as_bytes(), "f.csv"));
        assert_eq!(list(tags.tags.iter()), "HQ (1 device)");
    }
}
