//! A pseudo-terminal, to test what users see when they watch, answer and stop the program.

use std::io::{Read as _, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use vt100::Screen;

const LONGEST: Duration = Duration::from_secs(60);

/// A run of the program in a terminal.
pub struct Watched {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    printed: Receiver<Vec<u8>>,
    /// Everything that was printed.
    pub seen: Vec<u8>,
    size: PtySize,
    master: Box<dyn MasterPty + Send>,
}

impl Watched {
    /// Starts a command in a terminal with this number of columns.
    pub fn start(plain: &Command, cols: u16) -> Self {
        let size = PtySize { rows: 200, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(plain.get_program());
        command.args(plain.get_args());
        command.cwd(plain.get_current_dir().unwrap());
        command.env_clear();
        for (name, value) in plain.get_envs() {
            command.env(name, value.unwrap());
        }
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, printed) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self { child, keyboard, printed, seen: Vec::new(), size, master: pair.master }
    }

    /// Waits until this text is printed, ignoring colors.
    pub fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + LONGEST;
        while !self.text().contains(text) {
            let rest = end.saturating_duration_since(Instant::now());
            match self.printed.recv_timeout(rest) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!("no {text:?} in {}", self.text()),
            }
        }
    }

    /// Waits until the terminal stops echoing input.
    pub fn wait_until_nothing_is_echoed(&self) {
        let end = Instant::now() + LONGEST;
        while format!("{:?}", self.master.get_termios().unwrap().local_flags).contains("ECHO |") {
            assert!(Instant::now() < end, "the terminal still echoes input");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for more output, and returns it without the escape codes; `None` at the end.
    pub fn next_output(&mut self) -> Option<String> {
        let bytes = self.printed.recv_timeout(LONGEST).ok()?;
        self.seen.extend(&bytes);
        Some(anstream::adapter::strip_str(&String::from_utf8_lossy(&bytes)).to_string())
    }

    /// Returns everything that was printed, without the escape codes of the terminal.
    pub fn text(&self) -> String {
        anstream::adapter::strip_str(&String::from_utf8_lossy(&self.seen)).to_string()
    }

    pub fn type_in(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end, and returns the screen and the exit status.
    pub fn end(&mut self) -> (String, ExitStatus) {
        let status = self.wait();
        let rows: Vec<_> =
            self.screen().rows(0, self.size.cols).map(|row| row.trim_end().to_owned()).collect();
        (rows.join("\n").trim_end().to_owned() + "\n", status)
    }

    /// Waits for the end and reads the remaining output.
    pub fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        let end = Instant::now() + Duration::from_secs(5);
        while let Ok(bytes) =
            self.printed.recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            self.seen.extend(bytes);
        }
        status
    }

    /// Renders the output as the terminal shows it.
    pub fn screen(&self) -> Screen {
        let size = |number| NonZero::new(number).unwrap();
        let mut terminal = vt100::Parser::new(size(self.size.rows), size(self.size.cols), 0);
        terminal.process(&self.seen);
        terminal.screen().clone()
    }
}
