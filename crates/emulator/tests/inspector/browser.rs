//! A headless Chromium, controlled by plain WebDriver calls to chromedriver.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// How long to wait for the page.
const TIMEOUT: Duration = Duration::from_secs(15);

const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const SPACE: &str = " ";

/// A browser with one page. Dropping it stops the browser.
pub(crate) struct Browser {
    driver: Driver,
    http: reqwest::Client,
    session: String,
}

struct Driver {
    process: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // chromedriver stops the browser only after a shutdown request.
        if let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.port)) {
            drop(connection.write_all(
                b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            ));
            drop(connection.read_to_end(&mut Vec::new()));
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Driver {
    fn start() -> Self {
        let process = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn();
        let mut process = process.expect("chromedriver must be on the PATH");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // "ChromeDriver was started successfully on port 41234."
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        Self { process, port: port.expect("chromedriver prints its port") }
    }
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let driver = Driver::start();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": ARGUMENTS },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let mut browser = Self { driver, http, session: "session".to_owned() };
        let session = browser.post("", capabilities).await;
        browser.session = format!("session/{}", session["sessionId"].as_str().unwrap());
        browser
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("http://127.0.0.1:{}/{}{path}", self.driver.port, self.session);
        let response = self.http.post(url).json(&body).send().await.unwrap();
        let (status, mut body) = (response.status(), response.json::<Value>().await.unwrap());
        assert!(status.is_success(), "{path}: {}", body["value"]["message"]);
        body["value"].take()
    }

    pub(crate) async fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Runs the body of a function in the page with these arguments, and returns its result.
    pub(crate) async fn script(&self, body: &str, arguments: Value) -> Value {
        self.post("/execute/sync", json!({ "script": body, "args": arguments })).await
    }

    /// Returns the value of an expression in the page.
    pub(crate) async fn get(&self, expression: &str) -> Value {
        self.script(&format!("return ({expression})"), json!([])).await
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        let found = self.script(
            "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText).join('\\n')",
            json!([selector]),
        );
        found.await.as_str().unwrap().to_owned()
    }

    /// Waits until an expression in the page is true.
    pub(crate) async fn until(&self, expression: &str) {
        let waited = tokio::time::timeout(TIMEOUT, async {
            while self.get(expression).await != true {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        if waited.await.is_err() {
            let page = self.text("body").await;
            panic!("still false after {TIMEOUT:?}: {expression}\n{page}");
        }
    }

    /// Waits until the main element contains the text.
    pub(crate) async fn until_text(&self, text: &str) {
        let text = Value::from(text);
        self.until(&format!("document.querySelector('main').innerText.includes({text})")).await;
    }

    /// Presses keys one after the other on the focused element.
    pub(crate) async fn press(&self, keys: &[&str]) {
        let presses: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": presses });
        self.post("/actions", json!({ "actions": [keyboard] })).await;
    }

    pub(crate) async fn write(&self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        self.press(&keys.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }

    /// Presses Tab until the element of the selector has the focus, and checks that the focus is visible.
    pub(crate) async fn tab_to(&self, selector: &str) {
        for _ in 0..150 {
            self.press(&[TAB]).await;
            let focus = self.script(
                "const [element, style] = [document.activeElement, getComputedStyle(document.activeElement)];
                 const visible = element.matches(':focus-visible') && parseFloat(style.outlineWidth) >= 1 && style.outlineStyle !== 'none';
                 return [element.matches(arguments[0]), visible || element === document.body, element.outerHTML.slice(0, 200)]",
                json!([selector]),
            );
            let focus = focus.await;
            assert_eq!(focus[1], true, "the focus is not visible: {focus}");
            if focus[0] == true {
                return;
            }
        }
        panic!("Tab does not reach {selector}");
    }

    /// Clicks the first element that matches the selector.
    pub(crate) async fn click(&self, selector: &str) {
        let element =
            self.post("/element", json!({ "using": "css selector", "value": selector })).await;
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.post(&format!("/element/{id}/click"), json!({})).await;
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        )
        .await;
    }

    pub(crate) async fn color_scheme(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [feature] })).await;
    }

    /// Shows the page as for this medium, such as `print`; an empty text ends that.
    pub(crate) async fn media(&self, medium: &str) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": medium })).await;
    }

    /// Returns the visible part of the page as a PNG in Base64.
    pub(crate) async fn screenshot(&self) -> String {
        let url = format!("http://127.0.0.1:{}/{}/screenshot", self.driver.port, self.session);
        let mut body = self.http.get(url).send().await.unwrap().json::<Value>().await.unwrap();
        body["value"].take().as_str().unwrap().to_owned()
    }

    /// Lets the page use the clipboard without asking a person.
    pub(crate) async fn allow_clipboard(&self) {
        let permissions =
            json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.devtools("Browser.grantPermissions", permissions).await;
    }

    /// Returns the text in the clipboard.
    pub(crate) async fn clipboard(&self) -> String {
        let text = self.script("return navigator.clipboard.readText()", json!([])).await;
        text.as_str().unwrap().to_owned()
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await;
    }

    /// Returns the console messages since the last call.
    pub(crate) async fn console(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({ "type": "browser" })).await;
        let lines = log.as_array().unwrap().iter();
        lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the URLs of the requests since the last call.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({ "type": "performance" })).await;
        let events = log.as_array().unwrap().iter().map(|line| {
            serde_json::from_str::<Value>(line["message"].as_str().unwrap()).unwrap()["message"]
                .take()
        });
        let sent = events.filter(|event| event["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
    }
}
