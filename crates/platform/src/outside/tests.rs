use super::*;
use crate::SystemClock;
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const HOSTS: [&str; 2] = [".steamstatic.com", "images.igdb.com"];

/// Answers every name with the next of a list, the last again and again.
struct Told(Mutex<Vec<Vec<IpAddr>>>);

impl Lookup for Told {
    fn lookup(&self, _: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let mut told = self.0.lock().unwrap();
        let now = if told.len() > 1 {
            told.remove(0)
        } else {
            told[0].clone()
        };
        Box::pin(async move { Ok(now) })
    }
}

fn told(answers: &[&[&str]]) -> Arc<Told> {
    let parse = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
    Arc::new(Told(Mutex::new(answers.iter().map(parse).collect())))
}

fn outside(lookup: Arc<dyn Lookup>, stand_ins: &[&SocketAddr]) -> Outside {
    let stand_ins = stand_ins.iter().map(ToString::to_string).collect();
    Outside::new(Arc::new(SystemClock), &HOSTS, stand_ins, lookup).unwrap()
}

/// A server that answers each path by a function, and counts who comes.
async fn server(
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, came) = (
        listener.local_addr().unwrap(),
        Arc::new(AtomicUsize::new(0)),
    );
    let (count, answer) = (Arc::clone(&came), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let mut head = vec![0; 4096];
                let read = socket.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
                socket.write_all(answer(&path).as_bytes()).await.ok();
            });
        }
    });
    (address, came)
}

fn page(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

#[test]
fn no_address_of_a_house_is_public() {
    for private in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.1.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
    ] {
        assert!(!is_public(private.parse().unwrap()), "{private}");
    }
    for public in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.0.1",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "192.169.1.1",
        "198.17.0.1",
        "223.255.255.1",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "2001:4860:4860::8888",
    ] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
}

#[tokio::test]
async fn only_hosts_that_providers_name_are_asked_and_only_over_tls() {
    // Whatever the name, it would lead here.
    let (address, came) = server(|_| page("reached")).await;
    let outside = outside(told(&[&["127.0.0.1"]]), &[]);
    let port = address.port();
    let mut refused = vec![
        format!("http://{address}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://0x7f.0.0.1:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        format!("http://017700000001:{port}/"),
        format!("http://127.0.0.1.:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::ffff:7f00:1]:{port}/"),
        format!("http://[64:ff9b::7f00:1]:{port}/"),
        format!("http://0.0.0.0:{port}/"),
        format!("http://①②⑦.⓪.⓪.①:{port}/"),
        format!("https://images.igdb.com:{port}/"),
        format!("http://images.igdb.com:{port}/"),
        format!("https://images.igdb.com@127.0.0.1:{port}/"),
        format!("https://user:secret@images.igdb.com/"),
        format!("https://images.igdb.com.evil.example/"),
        format!("https://evil-images.igdb.com/"),
        format!("https://steamstatic.com/"),
        format!("https://evilsteamstatic.com/"),
        format!("https://steamstatic.com.evil.example/"),
        "https://images.igdb.com./".to_owned(),
        "https://8.8.8.8/".to_owned(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://metadata.google.internal/".to_owned(),
    ];
    refused.extend(
        [
            "file:///etc/passwd",
            "ftp://images.igdb.com/",
            "gopher://images.igdb.com/",
            "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            "//images.igdb.com/",
            "images.igdb.com",
            "",
            "https://",
            "https:///etc",
        ]
        .map(str::to_owned),
    );
    for url in refused {
        let answer = outside.send(Ask::get(&url)).await;
        assert_eq!(answer.err(), Some(NoAnswer::Unreachable), "{url}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "nobody was reached");
}

#[tokio::test]
async fn a_name_that_leads_into_the_house_leads_nowhere() {
    let (_, came) = server(|_| page("reached")).await;
    for answers in [
        &["127.0.0.1"][..],
        &["10.0.0.1", "192.168.1.1", "::1"],
        &["::ffff:127.0.0.1"],
        &["169.254.169.254"],
    ] {
        let outside = outside(told(&[answers]), &[]);
        let answer = outside
            .send(Ask::get("https://images.igdb.com/a.jpg"))
            .await;
        assert_eq!(answer.err(), Some(NoAnswer::Unreachable), "{answers:?}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_checked_each_time_it_is_asked() {
    // What is checked is what is connected to: the resolver's own answer, asked once.
    let lookup = told(&[&["8.8.8.8", "127.0.0.1"], &["127.0.0.1"]]);
    let checked = Checked {
        lookup: lookup.clone(),
        stand_ins: Vec::new(),
    };
    let name = || "images.igdb.com".parse::<Name>().unwrap();
    let first: Vec<SocketAddr> = checked.resolve(name()).await.unwrap().collect();
    assert_eq!(
        first,
        ["8.8.8.8:0".parse().unwrap()],
        "the private one is left out"
    );
    assert!(
        checked.resolve(name()).await.is_err(),
        "and now nothing is left"
    );
}

#[tokio::test]
async fn redirects_are_checked_like_the_first_address_and_not_followed_for_ever() {
    let (house, reached) = server(|_| page("secret")).await;
    let inside = format!("http://{house}/admin");
    let (cdn, came) = server(move |path| match path {
        "/a.jpg" => redirect("/b.jpg"),
        "/b.jpg" => page("picture"),
        "/into-the-house.jpg" => redirect(&inside),
        "/by-file.jpg" => redirect("file:///etc/passwd"),
        "/to-metadata.jpg" => redirect("http://169.254.169.254/latest/"),
        other => redirect(&format!("{other}x")),
    })
    .await;
    let outside = outside(told(&[&["127.0.0.1"]]), &[&cdn]);
    let ask = |path: &str| Ask::get(format!("http://{cdn}{path}"));
    let answer = outside.send(ask("/a.jpg")).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &b"picture"[..]));
    for path in ["/into-the-house.jpg", "/by-file.jpg", "/to-metadata.jpg"] {
        let answer = outside.send(ask(path)).await;
        assert_eq!(answer.err(), Some(NoAnswer::Unreachable), "{path}");
    }
    assert_eq!(reached.load(Ordering::SeqCst), 0);
    let before = came.load(Ordering::SeqCst);
    let answer = outside.send(ask("/round")).await;
    assert_eq!(answer.err(), Some(NoAnswer::Unreachable));
    assert_eq!(
        came.load(Ordering::SeqCst) - before,
        4,
        "the first and three more"
    );
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end() {
    let (cdn, _) = server(|path| match path {
        "/says-so.jpg" => "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n".to_owned(),
        _ => format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}",
            "x".repeat(5000)
        ),
    })
    .await;
    let outside = outside(told(&[&["127.0.0.1"]]), &[&cdn]);
    for path in ["/says-so.jpg", "/does-not.jpg"] {
        let mut ask = Ask::get(format!("http://{cdn}{path}"));
        ask.max_bytes = 1000;
        let answer = outside.send(ask).await;
        assert_eq!(answer.err(), Some(NoAnswer::TooLarge(1000)), "{path}");
    }
}

#[tokio::test]
async fn where_a_person_names_the_host_it_may_be_any_but_none_of_this_house() {
    let (address, came) = server(|_| page("reached")).await;
    let port = address.port();
    // Whatever the name, it would lead here.
    let lookup = told(&[&["127.0.0.1"]]);
    let anywhere = Outside::anywhere(Arc::new(SystemClock), Vec::new(), lookup).unwrap();
    for good in ["https://pictures.example/a.jpg", "https://a.b.example:443/"] {
        assert!(anywhere.allows(&Url::parse(good).unwrap()), "{good}");
    }
    for url in [
        // A name is looked up, and leads into the house.
        "https://pictures.example/a.jpg".to_owned(),
        "https://localhost/".to_owned(),
        format!("https://pictures.example:{port}/"),
        format!("http://pictures.example:{port}/"),
        format!("http://{address}/"),
        format!("https://127.0.0.1:{port}/"),
        "https://8.8.8.8/".to_owned(),
        "https://[::1]/".to_owned(),
        "https://[::ffff:127.0.0.1]/".to_owned(),
        "https://2130706433/".to_owned(),
        "https://0x7f.0.0.1/".to_owned(),
        "https://0177.0.0.1/".to_owned(),
        "https://user:secret@pictures.example/".to_owned(),
        "https://pictures.example@127.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://pictures.example/".to_owned(),
    ] {
        let answer = anywhere.send(Ask::get(&url)).await;
        assert_eq!(answer.err(), Some(NoAnswer::Unreachable), "{url}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "nobody was reached");
}
