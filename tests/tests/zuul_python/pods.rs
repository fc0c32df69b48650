//! The pods of `zuul/site.yaml` as folders: what a kubelet would mount.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use zuul_operator::cli::run::Exit;
use zuul_operator_tests::case::command;
use zuul_operator_tests::objects::documents;

/// What a pod's main container finds below its mounts, of Secrets and ConfigMaps, by absolute path.
fn mounted(
    pod: &Value,
    objects: &BTreeMap<(String, String), BTreeMap<String, Vec<u8>>>,
) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for mount in pod["containers"][0]["volumeMounts"].as_array().unwrap() {
        let volume = pod["volumes"].as_array().unwrap().iter().find(|volume| volume["name"] == mount["name"]);
        let volume = volume.expect("what is mounted is there");
        let projected = volume["projected"]["sources"].as_array().cloned().unwrap_or_default();
        let plain = volume.get("secret").map(
            |secret| serde_json::json!({"secret": {"name": secret["secretName"], "items": secret["items"]}}),
        );
        for source in projected.into_iter().chain(plain) {
            let (kind, source) = match source.get("secret") {
                Some(source) => ("Secret", source),
                None => ("ConfigMap", &source["configMap"]),
            };
            let name = source["name"].as_str().unwrap().to_owned();
            let data =
                objects.get(&(kind.to_owned(), name.clone())).unwrap_or_else(|| panic!("no {kind} {name}"));
            let base = mount["mountPath"].as_str().unwrap();
            match source["items"].as_array() {
                Some(items) => files.extend(items.iter().map(|item| {
                    let (key, path) = (item["key"].as_str().unwrap(), item["path"].as_str().unwrap());
                    (format!("{base}/{path}"), data[key].clone())
                })),
                None => {
                    files.extend(data.iter().map(|(key, bytes)| (format!("{base}/{key}"), bytes.clone())))
                }
            }
        }
    }
    files
}

fn data_of(object: &Value) -> BTreeMap<String, Vec<u8>> {
    let texts =
        ["stringData", "data"].into_iter().filter_map(|field| Some((field, object[field].as_object()?)));
    let is_secret = object["kind"] == "Secret";
    texts
        .flat_map(|(field, map)| map.iter().map(move |(key, value)| (field, key, value.as_str().unwrap())))
        .map(|(field, key, text)| {
            let is_encoded = is_secret && field == "data";
            let bytes = if is_encoded { base64(text) } else { text.as_bytes().to_vec() };
            (key.clone(), bytes)
        })
        .collect()
}

fn base64(text: &str) -> Vec<u8> {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// The files of each component's pod in a folder of its own; paths in zuul.conf lead there.
pub fn write(folder: &Path) {
    const SITE: &str = "zuul/site.yaml";
    let said = command(&["render", "-f", SITE, "--with-secrets", "-o", "json"]);
    assert_eq!(said.exit, Exit::Fine, "{}", said.stderr);
    let rendered: Value = serde_json::from_str(&said.stdout).unwrap();
    let rendered = rendered["items"].as_array().unwrap();
    let given = documents(&fs::read_to_string(SITE).unwrap());
    let mut objects = BTreeMap::new();
    for object in rendered.iter().chain(&given) {
        let of = |field: &str| object[field].as_str().unwrap_or_default().to_owned();
        let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        if matches!(of("kind").as_str(), "Secret" | "ConfigMap") {
            objects.insert((of("kind"), name), data_of(object));
        }
    }
    for object in rendered.iter().filter(|it| it["kind"] == "StatefulSet" || it["kind"] == "Deployment") {
        let template = &object["spec"]["template"];
        let component = template["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap();
        let home = folder.join(component);
        for (path, bytes) in mounted(&template["spec"], &objects) {
            let is_conf = path == "/etc/zuul/zuul.conf";
            let target = home.join(if is_conf { "zuul.conf" } else { path.trim_start_matches('/') });
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let moved = format!("{}/etc/", home.display());
            let text = || String::from_utf8(bytes.clone()).unwrap().replace("/etc/", &moved);
            fs::write(target, if is_conf { text().into_bytes() } else { bytes.clone() }).unwrap();
        }
    }
}
