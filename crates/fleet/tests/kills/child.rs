//! The upload process that is killed: uploads the files of a directory, with a journal in the same directory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::exit;
use std::time::Duration;

use partner_center_devices::{BatchId, Client, CustomerId, Retry, Wait};
use partner_center_devices_fleet::{ChunkSize, Fleet, Journal, Upload, UploadError, read};

/// The exit code if work is left. Running the same command again resumes it.
pub(crate) const UNFINISHED: i32 = 3;

/// Returns the journal of a directory.
pub(crate) fn journal(folder: &Path) -> PathBuf {
    folder.join("run.journal")
}

pub(crate) fn main(url: &str, folder: &Path, chunk: usize) -> ! {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let left = runtime.block_on(upload(url, folder, ChunkSize::new(chunk).unwrap()));
    exit(if left { UNFINISHED } else { 0 })
}

/// Returns whether work is left.
async fn upload(url: &str, folder: &Path, chunk: ChunkSize) -> bool {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "csv"))
        .collect();
    files.sort();
    let rows = files.iter().flat_map(|file| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        read(File::open(file).unwrap(), name)
    });
    let fleet = Fleet::check(rows);

    let retry = Retry::default()
        .initial_delay(Duration::from_millis(20))
        .max_delay(Duration::from_millis(200))
        .deadline(Duration::from_secs(20));
    let client = Client::builder().base_url(url).token("token".to_owned()).retry(retry);
    let client = client.build().unwrap();
    let wait = Wait::default()
        .initial_delay(Duration::from_millis(50))
        .max_delay(Duration::from_millis(250))
        .deadline(Duration::from_secs(20));
    let upload = Upload::routed(fleet, |row| {
        let customer = client.customer(CustomerId::new(row.customer()?).ok()?);
        Some((customer, BatchId::new(row.group_tag()?).ok()?))
    });
    let upload = upload.chunk_size(chunk).wait(wait).concurrency(8);
    match upload.journal(Journal::open(journal(folder)).unwrap()).run(|_| ()).await {
        Ok(report) => report.is_unfinished(),
        Err(UploadError::Calls { .. }) => true,
        Err(error) => panic!("{error:?}"),
    }
}
