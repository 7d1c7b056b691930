//! A proxy between the uploads and the emulator that records every complete request and the status of its response. It
//! supports only the necessary parts of HTTP: consecutive requests on a connection, and bodies with a content length.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use serde_json::Value;

/// The recorded traffic.
#[derive(Default)]
pub(crate) struct Seen {
    /// The number of processes so far.
    pub(crate) processes: usize,
    pub(crate) requests: usize,
    /// The number of requests that list the devices of a batch.
    pub(crate) lists: usize,
    /// The uploads in the order of forwarding.
    pub(crate) posts: Vec<Post>,
    /// The number of each device, by its JSON.
    pub(crate) devices: HashMap<String, usize>,
}

/// A request that uploads devices.
pub(crate) struct Post {
    /// The number of the process, starting at 1.
    pub(crate) process: usize,
    pub(crate) request_id: String,
    pub(crate) devices: Vec<usize>,
    /// `None` if no response arrived.
    pub(crate) status: Option<u16>,
    /// The number of uploads forwarded before the response arrived.
    pub(crate) answered: usize,
}

pub(crate) struct Wire {
    address: String,
    seen: Arc<Mutex<Seen>>,
    over: Arc<AtomicBool>,
    door: JoinHandle<()>,
}

impl Wire {
    /// Starts the proxy. With `forgets_ids` the service behind it treats each request as a new one.
    pub(crate) fn start(service: &str, forgets_ids: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (seen, over) = <(Arc<Mutex<Seen>>, Arc<AtomicBool>)>::default();
        let (noted, closed, service) = (Arc::clone(&seen), Arc::clone(&over), service.to_owned());
        let door = thread::spawn(move || {
            for client in listener.incoming() {
                if closed.load(Ordering::Acquire) {
                    return;
                }
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(&service)) else {
                    continue;
                };
                let (noted, waiting) = (Arc::clone(&noted), Arc::default());
                drop(client.set_nodelay(true).and(server.set_nodelay(true)));
                let other = Arc::clone(&waiting);
                let ends = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let seen = Arc::clone(&noted);
                thread::spawn(move || {
                    drop(requests(&client, &server, &seen, &waiting, forgets_ids));
                    hang_up(&client, &server);
                });
                thread::spawn(move || {
                    drop(answers(&ends.1, &ends.0, &noted, &other));
                    hang_up(&ends.0, &ends.1);
                });
            }
        });
        Self { address, seen, over, door }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Attributes all later requests to a new process.
    pub(crate) fn next_process(&self) {
        self.seen.lock().unwrap().processes += 1;
    }

    pub(crate) fn stop(self) -> Seen {
        self.over.store(true, Ordering::Release);
        drop(TcpStream::connect(&self.address));
        self.door.join().unwrap();
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

fn hang_up(client: &TcpStream, server: &TcpStream) {
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

/// The upload whose response a connection waits for.
type Waiting = Mutex<Option<usize>>;

fn requests(
    client: &TcpStream,
    mut server: &TcpStream,
    seen: &Mutex<Seen>,
    waiting: &Waiting,
    forgets_ids: bool,
) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if client.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let mut body =
            vec![0; header(&head, "content-length").map_or(0, |text| text.parse().unwrap())];
        client.read_exact(&mut body)?;
        *waiting.lock().unwrap() = note(&mut seen.lock().unwrap(), &head, &body);
        let head = if forgets_ids { without_request_id(&head) } else { head };
        server.write_all(head.as_bytes())?;
        server.write_all(&body)?;
    }
}

fn without_request_id(head: &str) -> String {
    let is_id = |line: &&str| line.to_ascii_lowercase().starts_with("ms-requestid:");
    head.split_inclusive("\r\n").filter(|line| !is_id(line)).collect()
}

fn answers(
    mut server: &TcpStream,
    mut client: &TcpStream,
    seen: &Mutex<Seen>,
    waiting: &Waiting,
) -> std::io::Result<()> {
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = server.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        // The first bytes after a request are the head of its response: `HTTP/1.1 202 …`.
        if let Some(place) = waiting.lock().unwrap().take() {
            let mut seen = seen.lock().unwrap();
            let count = seen.posts.len();
            let status = piece[..length].get(9..12).and_then(|text| str::from_utf8(text).ok());
            seen.posts[place].status = status.and_then(|text| text.parse().ok());
            seen.posts[place].answered = count;
        }
        client.write_all(&piece[..length])?;
    }
}

/// Records a request. Returns the index if it is an upload.
fn note(seen: &mut Seen, head: &str, body: &[u8]) -> Option<usize> {
    seen.requests += 1;
    let target = head.split(' ').nth(1).unwrap_or_default().to_ascii_lowercase();
    let target = target.split('?').next().unwrap_or_default();
    if head.starts_with("GET ") {
        seen.lists += usize::from(target.ends_with("/devices"));
        return None;
    }
    let mut sent: Value = serde_json::from_slice(body).unwrap();
    let list = if sent.is_array() { sent } else { sent["devices"].take() };
    let Value::Array(list) = list else { panic!("an upload has devices") };
    let number = |device: &Value| {
        let count = seen.devices.len();
        *seen.devices.entry(device.to_string()).or_insert(count)
    };
    let devices = list.iter().map(number).collect();
    let request_id = header(head, "ms-requestid").expect("an upload has an id").to_owned();
    seen.posts.push(Post {
        process: seen.processes,
        request_id,
        devices,
        status: None,
        answered: usize::MAX,
    });
    Some(seen.posts.len() - 1)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
