use super::*;
use crate::contract::{Entry, RenderedConnection, Section, Setting, Shard, ZuulConf};
use crate::names::Component;
use crate::secret::Value;

fn info(roles: &[Role]) -> DriverInfo {
    DriverInfo {
        drivers: vec!["d".to_owned()],
        roles: roles.iter().copied().collect(),
        open: false,
        options: Vec::new(),
        codes: Vec::new(),
        summary: String::new(),
    }
}

fn request() -> ConnectionRequest {
    ConnectionRequest {
        name: "c".to_owned(),
        driver: "git".to_owned(),
        options: Vec::new(),
        mount: "/etc/zuul/connections/c".to_owned(),
        components: Readers::new(),
    }
}

fn readers() -> Readers {
    Readers::from([Component::Scheduler])
}

fn keys(keys: &[&str]) -> Result<(), Refusal> {
    let line = |key: &&str| Line { key: (*key).to_owned(), value: Value::text("v"), readers: readers() };
    let lines = keys.iter().map(line).collect();
    let answer = Rendering { readers: readers(), lines, files: Vec::new(), findings: Vec::new() };
    rendering(&info(&[]), &request(), &answer, &Limits::default())
}

fn files(paths: &[&str]) -> Result<(), Refusal> {
    let file = |path: &&str| MountedFile {
        path: (*path).to_owned(),
        content: SecretRef::new("s", "k"),
        readers: readers(),
    };
    let files = paths.iter().map(file).collect();
    let answer = Rendering { readers: readers(), lines: Vec::new(), files, findings: Vec::new() };
    rendering(&info(&[]), &request(), &answer, &Limits::default())
}

#[test]
fn keys_are_what_configparser_reads_back() {
    assert_eq!(keys(&["server", "poll_delay", "a key"]), Ok(()));
    for key in ["", " a", "a ", "a=b", "a:b", "[a]", "a\nb", "Server", "#a", ";a", "driver", "a\0"] {
        assert!(keys(&[key]).is_err(), "{key:?}");
    }
    assert!(keys(&["a", "a"]).is_err());
}

#[test]
fn files_stay_below_the_mount() {
    assert_eq!(files(&["/etc/zuul/connections/c/key", "/etc/zuul/connections/c/a/b"]), Ok(()));
    let mount = "/etc/zuul/connections/c";
    for path in ["/etc/passwd", mount, "key", "/etc/zuul/connections/cc/key"] {
        assert!(files(&[path]).is_err(), "{path:?}");
    }
    for inner in ["", "../d/key", "a/../../d", "./a", "a//b", "a/", "a\nb"] {
        assert!(files(&[&format!("{mount}/{inner}")]).is_err(), "{inner:?}");
    }
    let path = format!("{mount}/key");
    assert!(files(&[&path, &path]).is_err());
}

fn conf_request() -> ZuulConfRequest {
    let secret = |key: &str| SecretRef::new("s", key);
    let password =
        Line { key: "password".into(), value: Value::secret(secret("gerrit")), readers: readers() };
    ZuulConfRequest {
        components: Readers::from([Component::Scheduler, Component::Web, Component::NodepoolLauncher]),
        sections: vec![Section {
            name: "database".into(),
            instance: None,
            entries: vec![Entry { name: "dburi".into(), setting: Setting::Secret(secret("db")) }],
        }],
        connections: vec![RenderedConnection {
            name: "gerrit".into(),
            driver: "gerrit".into(),
            readers: Readers::from([Component::Scheduler, Component::Web]),
            lines: vec![password],
        }],
    }
}

/// The scheduler's file is empty; the web server's has this one section.
fn web_has(header: &str, lines: &[(&str, Value)]) -> Result<(), Refusal> {
    let lines = lines.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let section = IniSection { header: header.to_owned(), lines };
    conf(vec![
        ZuulConf { component: Component::Scheduler, sections: Vec::new() },
        ZuulConf { component: Component::Web, sections: vec![section] },
    ])
}

fn conf(files: Vec<ZuulConf>) -> Result<(), Refusal> {
    zuul_conf(&conf_request(), &ZuulConfAnswer { files, findings: Vec::new() }, &Limits::default())
}

#[test]
fn each_component_with_a_zuul_conf_has_exactly_one() {
    let file = |component| ZuulConf { component, sections: Vec::new() };
    assert_eq!(conf(vec![file(Component::Scheduler), file(Component::Web)]), Ok(()));
    assert!(conf(vec![file(Component::Scheduler)]).is_err());
    assert!(conf(vec![file(Component::Scheduler), file(Component::Web), file(Component::Web)]).is_err());
    assert!(conf(vec![file(Component::Scheduler), file(Component::Web), file(Component::Merger)]).is_err());
}

#[test]
fn headers_are_legal_and_connections_known() {
    assert_eq!(web_has("web", &[("port", Value::text("9000"))]), Ok(()));
    assert_eq!(web_has("connection gerrit", &[("driver", Value::text("gerrit"))]), Ok(()));
    for header in ["", "a]", "a\nb", " a", "DEFAULT", "connection", "connection other", "connection  gerrit"]
    {
        assert!(web_has(header, &[]).is_err(), "{header:?}");
    }
    assert!(web_has("web", &[("a", Value::text("1")), ("a", Value::text("2"))]).is_err());
}

#[test]
fn a_connections_secret_goes_only_where_its_driver_wanted_it() {
    let gerrit = Value::secret(SecretRef::new("s", "gerrit"));
    assert!(web_has("connection gerrit", &[("password", gerrit.clone())]).is_err());
    assert!(web_has("web", &[("port", gerrit)]).is_err());
    let uri = Value::secret(SecretRef::new("s", "db"));
    assert_eq!(web_has("database", &[("dburi", uri.clone())]), Ok(()));
    assert!(web_has("ansible_callback x", &[("uri", uri)]).is_err(), "into every job");
}

#[test]
fn shards_have_keys_and_fit_a_config_map() {
    let shard = |key: &str, size: usize| Shard {
        key: key.to_owned(),
        providers: vec![format!("provider of {key}")],
        labels: Vec::new(),
        diskimages: Vec::new(),
        nodepool_yaml: "x".repeat(size),
    };
    let check = |all: Vec<Shard>| {
        shards(&ShardAnswer { shards: all, builder_yaml: None, findings: Vec::new() }, &Limits::default())
    };
    assert_eq!(check(vec![shard("a", FILE_BYTES), shard("b", 1)]), Ok(()));
    assert!(check(vec![shard("a", FILE_BYTES + 1)]).is_err());
    assert!(check(vec![shard("a", 1), shard("a", 1)]).is_err());
    let again = Shard { key: "b".to_owned(), ..shard("a", 1) };
    assert!(check(vec![shard("a", 1), again]).is_err(), "two launchers of one provider");
    assert!(check(vec![shard("", 1)]).is_err());
    assert!(check(vec![shard("a", 0)]).is_err());
}

#[test]
fn a_source_is_there_for_all_that_clone() {
    let answer = |readers: &[Component]| Rendering {
        readers: readers.iter().copied().collect(),
        lines: Vec::new(),
        files: Vec::new(),
        findings: Vec::new(),
    };
    let said = |roles: &[Role], readers: &[Component]| {
        rendering(&info(roles), &request(), &answer(readers), &Limits::default()).map_err(|(_, why)| why)
    };
    assert_eq!(said(&[Role::Source], &SOURCE), Ok(()));
    assert_eq!(said(&[Role::Reporter], &[Component::Scheduler]), Ok(()));
    assert_eq!(
        said(&[Role::Source], &[Component::Scheduler, Component::Web, Component::Executor]),
        Err("it is a source, and wrote no section for merger".to_owned())
    );
}

#[test]
fn codes_are_words_and_unique() {
    let said = |codes: &[&str]| {
        let info = |code: &&str| CodeInfo { code: (*code).to_owned(), summary: String::new() };
        super::codes(&codes.iter().map(info).collect::<Vec<_>>(), &Limits::default()).is_ok()
    };
    assert!(said(&["One", "Two2"]));
    assert!(!said(&["One", "One"]) && !said(&["one"]) && !said(&["One Two"]) && !said(&[""]));
}
