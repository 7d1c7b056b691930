//! Tests of the index as a whole: what survives kills, other processes and damage.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use partner_center_devices::{BatchId, CustomerId};
use proptest::prelude::*;

use super::*;
use crate::Timestamp;

const SERVICE: &str = "https://api.example";
const TENANT: &str = "47021739-3426-40bf-9601-61b4b6d7c793";

/// A directory that is removed at the end of a test.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("index-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("index/default.index")
    }

    pub(super) fn open(&self) -> Index {
        Index::open(self.file(), SERVICE).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn at(time: i64) -> Timestamp {
    Timestamp(time)
}

fn tenant(number: u64) -> CustomerId {
    CustomerId::new(format!("{number:08x}-0000-4000-8000-000000000000")).unwrap()
}

/// The service refuses access to the devices of a customer without a relationship, so it is not tried with every sync.
#[test]
fn a_customer_without_relationship_is_not_due() {
    let folder = Folder::new("without-relationship");
    let mut index = folder.open();
    let (one, two) = (tenant(1), tenant(2));
    let changes =
        [&one, &two].map(|id| ChangedCustomer::new(id.clone(), Some("Contoso".to_owned()), at(5)));
    index.record_changes(&changes, at(9)).unwrap();
    let due = |index: &Index| -> Vec<_> {
        index.due_customers().unwrap().into_iter().map(|due| due.id).collect()
    };
    assert_eq!(due(&index), [one.clone(), two.clone()]);
    let mut ended = customer(&one, "Contoso", "contoso.com");
    ended.relationship = Some("none".to_owned());
    index.record_customer(&ended, at(10)).unwrap();
    assert_eq!(due(&index), std::slice::from_ref(&two));
    index.record_customer(&customer(&one, "Contoso", "contoso.com"), at(11)).unwrap();
    assert_eq!(due(&index), [one, two], "it is back");
}

fn batch(name: &str) -> BatchId {
    BatchId::new(name).unwrap()
}

fn customer(id: &CustomerId, name: &str, domain: &str) -> CustomerRecord {
    CustomerRecord {
        name: Some(name.to_owned()),
        domain: Some(domain.to_owned()),
        relationship: Some("reseller".to_owned()),
        ..CustomerRecord::new(id.clone())
    }
}

fn device(id: &str, serial: &str, key: Option<&str>) -> DeviceRecord {
    DeviceRecord::new(Some(id.to_owned()))
        .serial_number(Some(serial.to_owned()))
        .product_key(key.map(ToOwned::to_owned))
}

/// Commits a whole list of customers at a time.
fn sync(index: &mut Index, customers: &[CustomerRecord], now: i64) {
    let progress = index.progress(&SyncTask::Customers, at(now)).unwrap();
    let done = index.commit_customers(&progress, customers, None, at(now)).unwrap();
    assert_eq!(done, Commit::Complete);
}

#[test]
fn a_customer_is_found_by_its_exact_name_or_domain() {
    let folder = Folder::new("names");
    let mut index = folder.open();
    let (one, two, three) = (tenant(1), tenant(2), tenant(3));
    sync(
        &mut index,
        &[
            customer(&one, "Contoso", "contoso190.onmicrosoft.com"),
            customer(&two, "CONTOSO ", "ContosoCorp.onmicrosoft.com"),
            customer(&three, "Überwald AG", "ueberwald.onmicrosoft.com"),
            CustomerRecord::new(tenant(4)),
        ],
        1_000,
    );
    let ids = |text: &str| -> Vec<_> {
        index.customers_named(text).unwrap().into_iter().map(|found| found.id).collect()
    };
    assert_eq!(ids(" contoso"), [one, two.clone()]);
    assert_eq!(ids("contosocorp.ONMICROSOFT.com"), [two]);
    assert_eq!(ids("ÜBERWALD ag"), std::slice::from_ref(&three));
    for text in ["Conto", "contoso190", "", "reseller", "%", TENANT] {
        assert_eq!(ids(text), [], "{text}");
    }
    let names: Vec<_> = index.customers().unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names.iter().flatten().collect::<Vec<_>>(), ["Contoso", "CONTOSO ", "Überwald AG"]);
    assert_eq!(names.len(), 4, "a customer without a name is last");

    // A later response may have fewer members.
    let known = index.customer(&three).unwrap().unwrap();
    assert_eq!((known.seen, known.used), (Some(at(1_000)), None));
    index.record_use(&three, at(5_000)).unwrap();
    index.record_customer(&CustomerRecord::new(three.clone()), at(6_000)).unwrap();
    let known = index.customer(&three).unwrap().unwrap();
    assert_eq!(known.name.as_deref(), Some("Überwald AG"));
    assert_eq!((known.seen, known.used), (Some(at(6_000)), Some(at(5_000))));

    // This machine may work for a customer that the service never reported.
    index.record_use(&tenant(9), at(7_000)).unwrap();
    let used = index.customer(&tenant(9)).unwrap().unwrap();
    assert_eq!((used.name, used.seen, used.used), (None, None, Some(at(7_000))));
}

#[test]
fn customers_that_left_are_gone_after_a_complete_list() {
    let folder = Folder::new("gone");
    let mut index = folder.open();
    assert_eq!(index.customers_synced().unwrap(), None);
    let all = [customer(&tenant(1), "A", "a.example"), customer(&tenant(2), "B", "b.example")];
    sync(&mut index, &all, 1_000);
    let progress = index.progress(&SyncTask::Customers, at(2_000)).unwrap();
    let Commit::Page(progress) =
        index.commit_customers(&progress, &all[..1], Some("2"), at(2_000)).unwrap()
    else {
        panic!("the list has another page")
    };
    assert_eq!(index.customers_named("B").unwrap().len(), 1, "it may be on the next page");
    assert_eq!(index.customers_synced().unwrap(), Some(at(1_000)));
    // The clock was set back.
    assert_eq!(index.commit_customers(&progress, &[], None, at(500)).unwrap(), Commit::Complete);
    assert_eq!(index.customers_synced().unwrap(), Some(at(2_000)));
    assert_eq!(index.customers_named("B").unwrap(), []);
    assert_eq!(index.customer(&tenant(2)).unwrap().unwrap().gone, Some(at(500)));
    assert_eq!(index.customers_named("A").unwrap().len(), 1);
    sync(&mut index, &all, 3_000);
    assert_eq!(index.customer(&tenant(2)).unwrap().unwrap().gone, None, "it came back");
}

#[test]
fn a_device_is_found_by_serial_number_and_product_key() {
    let folder = Folder::new("devices");
    let mut index = folder.open();
    let (one, hq) = (tenant(1), batch("HQ"));
    sync(&mut index, &[customer(&one, "Contoso", "contoso.example")], 1_000);
    let id = "b1d7ec4a-6a25-4b4e-9c4a-2f4e3f5a9e11";
    // An upload does not know the ids.
    let nameless = DeviceRecord::new(None).serial_number(Some(" PF2A71 ".to_owned()));
    index.record_devices(&one, &hq, &[nameless], at(2_000)).unwrap();
    let found = index.devices_with_serial("pf2a71 ").unwrap();
    assert_eq!((found[0].id.clone(), found[0].seen), (None, at(2_000)));
    let listed = [
        device(id, "PF2A71", None).policy_id(Some("p1".to_owned())),
        device("not a uuid", "PF2B71", Some("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")),
    ];
    index.record_devices(&one, &batch("hq"), &listed, at(3_000)).unwrap();
    let found = index.devices_with_serial("PF2a71").unwrap();
    let expected = KnownDevice {
        customer: one.clone(),
        customer_name: Some("Contoso".to_owned()),
        batch: batch("hq"),
        id: Some(id.to_owned()),
        serial_number: Some("PF2A71".to_owned()),
        product_key: None,
        policy_id: Some("p1".to_owned()),
        seen: at(3_000),
        gone: None,
    };
    assert_eq!(found, [expected]);
    let found = index.devices_with_product_key("aaaaa-bbbbb-ccccc-ddddd-EEEEE").unwrap();
    assert_eq!(found[0].id.as_deref(), Some("not a uuid"));
    assert_eq!(index.devices_with_product_key("PF2A71").unwrap(), []);

    index.record_policy(&one, &hq, &[id, "unknown"], Some("p2")).unwrap();
    assert_eq!(index.devices_with_serial("PF2A71").unwrap()[0].policy_id.as_deref(), Some("p2"));
    index.record_policy(&one, &hq, &[id], None).unwrap();
    assert_eq!(index.devices_with_serial("PF2A71").unwrap()[0].policy_id, None);
    index.record_deleted(&one, &hq, &[id], at(4_000)).unwrap();
    index.record_deleted(&tenant(7), &hq, &[id], at(4_000)).unwrap();
    index.record_devices(&tenant(2), &hq, &[device("x", "PF2A71", None)], at(3_500)).unwrap();
    let found = index.devices_with_serial("PF2A71").unwrap();
    let places: Vec<_> = found.iter().map(|one| (one.customer.clone(), one.gone)).collect();
    assert_eq!(places, [(tenant(2), None), (one, Some(at(4_000)))]);
    assert_eq!(
        index.totals().unwrap(),
        IndexTotals { customers: 2, batches: 2, devices: 2, customers_read: 0 }
    );
}

#[test]
fn an_upload_that_knows_no_id_adds_no_second_device() {
    let folder = Folder::new("nameless");
    let mut index = folder.open();
    let (one, hq) = (tenant(1), batch("HQ"));
    let id = "3b5f1c2e-7d7f-4ab7-8d0c-3a0e3c9e2f11";
    let listed = device(id, "S1", Some("K1")).policy_id(Some("p1".to_owned()));
    index.record_devices(&one, &hq, &[listed], at(1_000)).unwrap();
    let nameless = |serial: Option<&str>, key: Option<&str>| {
        let text = |text: Option<&str>| text.map(ToOwned::to_owned);
        DeviceRecord::new(None).serial_number(text(serial)).product_key(text(key))
    };
    let records = [nameless(Some("s1"), None), nameless(None, Some("k1"))];
    index.record_registered(&one, &hq, &records, at(2_000)).unwrap();
    let found = index.devices_with_serial("S1").unwrap();
    assert_eq!((found.len(), found[0].seen), (1, at(2_000)));
    assert_eq!((found[0].id.as_deref(), found[0].policy_id.as_deref()), (Some(id), Some("p1")));
    assert_eq!(index.totals().unwrap().devices, 1);
    index.record_registered(&one, &hq, &[nameless(Some("S2"), None)], at(3_000)).unwrap();
    index.record_registered(&one, &hq, &[device("x", "S2", None)], at(3_000)).unwrap();
    assert_eq!(index.devices_with_serial("S2").unwrap()[0].id.as_deref(), Some("x"));
    assert_eq!(index.totals().unwrap().devices, 2);
}

#[test]
fn batches_and_devices_that_are_no_longer_listed_are_gone() {
    let folder = Folder::new("batches");
    let mut index = folder.open();
    let one = tenant(1);
    let lists = |index: &mut Index, names: &[&str], now: i64| {
        let task = SyncTask::Batches(one.clone());
        let progress = index.progress(&task, at(now)).unwrap();
        let page: Vec<_> =
            names.iter().map(|name| BatchRecord::new(batch(name)).devices(Some(2))).collect();
        assert_eq!(
            index.commit_batches(&progress, &page, None, at(now)).unwrap(),
            Commit::Complete
        );
    };
    let devices = |index: &mut Index, name: &str, ids: &[&str], now: i64| {
        let task = SyncTask::Devices(one.clone(), batch(name));
        let progress = index.progress(&task, at(now)).unwrap();
        let page: Vec<_> = ids.iter().map(|id| device(id, &format!("S-{id}"), None)).collect();
        assert_eq!(
            index.commit_devices(&progress, &page, None, at(now)).unwrap(),
            Commit::Complete
        );
    };
    lists(&mut index, &["HQ", "Lab"], 1_000);
    devices(&mut index, "HQ", &["a", "b"], 1_100);
    devices(&mut index, "Lab", &["c"], 1_200);
    devices(&mut index, "HQ", &["b"], 2_000);
    let gone = |index: &Index, serial: &str| index.devices_with_serial(serial).unwrap()[0].gone;
    assert_eq!((gone(&index, "S-a"), gone(&index, "S-b")), (Some(at(2_000)), None));
    let hq = &index.batches(&one).unwrap()[0];
    assert_eq!((hq.seen, hq.devices_listed, hq.devices), (at(1_000), Some(at(2_000)), Some(2)));
    lists(&mut index, &["HQ"], 3_000);
    assert_eq!(gone(&index, "S-c"), Some(at(3_000)), "its batch is gone");
    assert_eq!(index.batches(&one).unwrap().len(), 1);
    let listed = index.customer(&one).unwrap().unwrap().batches_listed;
    assert_eq!(listed, Some(at(3_000)));
}

#[test]
fn a_file_of_something_else_is_refused_and_not_changed() {
    let folder = Folder::new("others");
    let file = folder.file();
    drop(folder.open());
    let other = Index::open(&file, "https://other.example/").unwrap_err();
    assert!(matches!(other, IndexError::OtherService { .. }), "{other}");
    assert!(
        Index::open(&file, "https://api.example/").is_ok(),
        "a slash at the end does not matter"
    );
    let missing = folder.0.join("missing.index");
    assert!(Index::open_existing(&missing, SERVICE).unwrap().is_none());
    assert!(!missing.exists());

    let change = |sql: &str| {
        rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        Index::open(&file, SERVICE).unwrap_err()
    };
    let newer = change("PRAGMA user_version = 3");
    assert!(matches!(newer, IndexError::Newer { .. }) && newer.is_about_content(), "{newer}");
    let trigger = change("PRAGMA user_version = 2; CREATE VIEW v AS SELECT 1");
    assert!(matches!(trigger, IndexError::NotAnIndex { .. }), "{trigger}");
    for content in
        ["not a database, and longer than the header of one ".repeat(99).as_str(), "short"]
    {
        fs::write(&file, content).unwrap();
        for suffix in ["-wal", "-shm"] {
            drop(fs::remove_file(file.with_extension(format!("index{suffix}"))));
        }
        let error = Index::open(&file, SERVICE).unwrap_err();
        assert!(error.is_about_content(), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
    let directory = Index::open(&folder.0, SERVICE).unwrap_err();
    assert!(matches!(directory, IndexError::NotAnIndex { .. }), "{directory}");
}

/// A damaged page is an error, never a wrong answer that looks like an empty index.
#[test]
fn a_damaged_file_is_an_error() {
    let folder = Folder::new("damaged");
    let mut index = folder.open();
    let all: Vec<_> = (0..5_000)
        .map(|number| {
            customer(&tenant(number), &format!("C{number}"), &format!("c{number}.example"))
        })
        .collect();
    sync(&mut index, &all, 1_000);
    drop(index);
    let mut bytes = fs::read(folder.file()).unwrap();
    let end = bytes.len();
    bytes[8_192..end].fill(0xA5);
    fs::write(folder.file(), bytes).unwrap();
    let error = Index::open(folder.file(), SERVICE).and_then(|index| index.customers_named("C77"));
    let error = error.unwrap_err();
    assert!(matches!(error, IndexError::Damaged { .. }) && error.is_about_content(), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("modes");
    let mut index = folder.open();
    index.record_use(&tenant(1), at(1)).unwrap();
    let files = fs::read_dir(folder.file().parent().unwrap()).unwrap();
    let modes: Vec<_> =
        files.map(|file| file.unwrap().metadata().unwrap().permissions().mode() & 0o777).collect();
    assert_eq!(modes, [0o600; 3], "the database, its log and the index of the log");
    let directory = fs::metadata(folder.file().parent().unwrap()).unwrap();
    assert_eq!(directory.permissions().mode() & 0o777, 0o700);
}

#[test]
fn processes_read_while_another_one_writes() {
    let folder = Folder::new("readers");
    let mut writer = folder.open();
    sync(&mut writer, &[customer(&tenant(1), "A", "a.example")], 1_000);
    let reader = folder.open();
    writer
        .write(|transaction| {
            transaction.execute("DELETE FROM customer", [])?;
            assert_eq!(reader.customers_named("A").unwrap().len(), 1);
            transaction.execute("INSERT INTO customer (tenant) VALUES ('x')", []).map(drop)
        })
        .unwrap();
    assert_eq!(reader.customers_named("A").unwrap(), []);
}

#[test]
fn many_processes_create_and_write_the_same_index() {
    let folder = Folder::new("many");
    let file = folder.file();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let file = &file;
            scope.spawn(move || {
                for round in 0..5 {
                    let mut index = Index::open(file, SERVICE).unwrap();
                    index.record_use(&tenant(number * 10 + round), at(1)).unwrap();
                }
            });
        }
    });
    assert_eq!(folder.open().totals().unwrap().customers, 40);
}

/// A service with pages of customers, whose positions are the numbers of the pages.
struct Pages(Vec<Vec<CustomerRecord>>);

impl Pages {
    fn of(sizes: &[usize]) -> Self {
        let mut number = 0;
        let page = |size: &usize| {
            let customers = (0..*size).map(|_| {
                number += 1;
                customer(
                    &tenant(number),
                    &format!("C{}", number % 7),
                    &format!("c{number}.example"),
                )
            });
            customers.collect()
        };
        Self(sizes.iter().map(page).collect())
    }

    fn read(&self, position: Option<&str>) -> (&[CustomerRecord], Option<String>) {
        let page: usize = position.map_or(0, |position| position.parse().unwrap());
        (&self.0[page], (page + 1 < self.0.len()).then(|| (page + 1).to_string()))
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// A process asks for its next page and commits it.
    Commit(usize),
    /// A process ends between the answer and the commit, and starts again.
    Kill(usize),
    /// A process ends in the middle of the commit, and starts again.
    KillInCommit(usize),
}

fn content(path: &Path) -> BTreeMap<String, (Option<String>, Option<Timestamp>)> {
    let index = Index::open(path, SERVICE).unwrap();
    let all = index.customers().unwrap();
    all.into_iter().map(|one| (one.id.to_string(), (one.name, one.gone))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Any order of commits and kills of two processes ends with the content of the service, and repeats no page that is
    /// committed.
    #[test]
    fn kills_lose_nothing(
        sizes in prop::collection::vec(0_usize..4, 1..8),
        steps in prop::collection::vec(
            (0_usize..2, 0_u8..3).prop_map(|(process, kind)| match kind {
                0 => Step::Kill(process),
                1 => Step::KillInCommit(process),
                _ => Step::Commit(process),
            }),
            0..30,
        ),
    ) {
        let folder = Folder::new("kills");
        let pages = Pages::of(&sizes);
        let gone = customer(&tenant(999), "Left", "left.example");
        sync(&mut folder.open(), &[gone], 1);
        let mut processes = [folder.open(), folder.open()];
        let start = |index: &Index| index.progress(&SyncTask::Customers, at(100)).unwrap();
        let mut progress = [start(&processes[0]), start(&processes[1])];
        let mut committed = 0;
        let finish = (0..).map(|_| Step::Commit(0));
        for step in steps.into_iter().chain(finish) {
            let (Step::Commit(one) | Step::Kill(one) | Step::KillInCommit(one)) = step;
            let (page, next) = pages.read(progress[one].position.as_deref());
            match step {
                Step::Commit(_) => {
                    let result = processes[one]
                        .commit_customers(&progress[one], page, next.as_deref(), at(200))
                        .unwrap();
                    match result {
                        Commit::Page(next) => { committed += 1; progress[one] = next }
                        Commit::Complete => { committed += 1; break }
                        Commit::Overtaken => progress[one] = start(&processes[one]),
                    }
                }
                Step::Kill(_) => {
                    processes[one] = folder.open();
                    progress[one] = start(&processes[one]);
                }
                Step::KillInCommit(_) => {
                    // The transaction has written the rows and is never committed.
                    let half = processes[one].database.execute_batch("BEGIN IMMEDIATE; DELETE FROM customer");
                    prop_assert!(half.is_ok());
                    processes[one] = folder.open();
                    progress[one] = start(&processes[one]);
                }
            }
        }
        prop_assert_eq!(committed, pages.0.len(), "each page is committed once");
        let expected: BTreeMap<_, _> = pages.0.iter().flatten()
            .map(|one| (one.id.to_string(), (one.name.clone(), None)))
            .collect();
        prop_assert_eq!(content(&folder.file()), expected);
        let index = folder.open();
        prop_assert_eq!(index.customers_synced().unwrap(), Some(at(100)));
        prop_assert!(!start(&index).is_resumed());
        prop_assert_eq!(index.customer(&tenant(999)).unwrap().unwrap().gone, Some(at(200)));
    }
}

/// Run it in a release build: `cargo test --release -p partner-center-devices-fleet --lib million -- --ignored --nocapture`.
#[test]
#[ignore = "writes a million devices"]
fn a_million_devices_are_found_in_milliseconds() {
    const CUSTOMERS: u64 = 10_000;
    const BATCHES: u64 = 20;
    const DEVICES: u64 = 5;
    let folder = Folder::new("million");
    let mut index = folder.open();
    let all: Vec<_> = (0..CUSTOMERS)
        .map(|number| {
            let name = format!("Customer number {number} GmbH");
            customer(&tenant(number), &name, &format!("customer{number}.onmicrosoft.com"))
        })
        .collect();
    let begun = tokio::time::Instant::now();
    sync(&mut index, &all, 1_700_000_000_000);
    let mut serial = 0_u64;
    for one in &all {
        let now = at(1_700_000_000_000);
        let names: Vec<_> =
            (0..BATCHES).map(|number| batch(&format!("Order 2026-{number:04}"))).collect();
        let records: Vec<_> = names.iter().cloned().map(BatchRecord::new).collect();
        let progress = index.progress(&SyncTask::Batches(one.id.clone()), now).unwrap();
        index.commit_batches(&progress, &records, None, now).unwrap();
        for name in names {
            let devices = (0..DEVICES).map(|_| {
                serial += 1;
                let id = uuid::Uuid::from_u128(
                    0x4000_8000_0000_0000_0000 + u128::from(serial) * 0x9E37_79B9_7F4A_7C15,
                );
                let key = serial
                    .is_multiple_of(10)
                    .then(|| format!("{serial:05}-BBBBB-CCCCC-DDDDD-EEEEE"));
                device(&id.to_string(), &format!("PF{serial:08X}"), key.as_deref())
                    .policy_id(Some("15a04610-9229-4e80-94e0-0e826a09c9e2".to_owned()))
            });
            let devices: Vec<_> = devices.collect();
            let progress = index.progress(&SyncTask::Devices(one.id.clone(), name), now).unwrap();
            index.commit_devices(&progress, &devices, None, now).unwrap();
        }
    }
    println!("written in {:?}", begun.elapsed());
    assert_eq!(index.totals().unwrap().devices, CUSTOMERS * BATCHES * DEVICES);
    drop(index);
    let bytes = fs::metadata(folder.file()).unwrap().len();
    println!("{} MB", bytes / 1_000_000);
    assert!(bytes < 200_000_000, "{bytes}");
    let begun = tokio::time::Instant::now();
    let index = folder.open();
    let opened = begun.elapsed();
    let by_serial = index.devices_with_serial(" pf0000c350 ").unwrap();
    let found = begun.elapsed();
    let by_key = index.devices_with_product_key("50000-bbbbb-ccccc-ddddd-eeeee").unwrap();
    let by_name = index.customers_named("customer NUMBER 5000 gmbh").unwrap();
    println!(
        "opened in {opened:?}, serial number found after {found:?}, all after {:?}",
        begun.elapsed()
    );
    assert_eq!((by_serial.len(), by_key.len(), by_name.len()), (1, 1, 1));
    assert_eq!(by_serial, by_key);
    assert!(begun.elapsed() < std::time::Duration::from_millis(50));
}

/// Version 1 had no names of policies.
#[test]
fn an_index_of_version_1_is_upgraded() {
    let folder = Folder::new("version-1");
    let mut index = folder.open();
    let batch = BatchId::new("HQ").unwrap();
    let device = DeviceRecord::new(Some("1".to_owned())).serial_number(Some("S1".to_owned()));
    index.record_devices(&tenant(1), &batch, &[device], at(5)).unwrap();
    drop(index);
    let earlier = "DROP TABLE policy_name; PRAGMA user_version = 1";
    rusqlite::Connection::open(folder.file()).unwrap().execute_batch(earlier).unwrap();
    for _ in 0..2 {
        let mut index = folder.open();
        assert_eq!(index.devices_with_serial("S1").unwrap().len(), 1);
        index.record_policy_names([("p-1", "Kiosk")]).unwrap();
    }
}
