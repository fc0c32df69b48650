//! Whether images fit on the builders' disk. How large an image becomes is known when it is built; what is usual is
//! enough to see that a disk is too small by far.

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::list;
use crate::diagnostic::{FieldPath, Finding};

const GIB: u64 = 1 << 30;
/// Of each image there are two builds, and the next one is written before the older is deleted
/// (`nodepool/builder.py`, `_cleanupPreviousBuilds`).
const BUILDS: u64 = 3;

/// What a small server image takes, in GiB: written out, or compressed.
fn usual(format: &str) -> u64 {
    match format {
        "raw" | "vhd" => 8,
        _ => 1,
    }
}

/// A warning if the images of the file take more than `bytes`.
pub(super) fn check(nodepool_yaml: &Value, bytes: u64, path: &FieldPath) -> Option<Finding> {
    let uploaded = list(&nodepool_yaml["providers"]).flat_map(|provider| list(&provider["diskimages"]));
    let uploaded: BTreeSet<&str> = uploaded.filter_map(|image| image["name"].as_str()).collect();
    let images = list(&nodepool_yaml["diskimages"]).filter(|image| image["abstract"] != true);
    let images: Vec<&Value> =
        images.filter(|image| image["name"].as_str().is_some_and(|name| uploaded.contains(name))).collect();
    let gib: u64 = images.iter().map(|image| BUILDS * one(image)).sum();
    if gib.saturating_mul(GIB) <= bytes {
        return None;
    }
    let written_out = images.iter().filter(|image| formats(image).iter().any(|it| usual(it) > 1)).count();
    let message = format!(
        "{} images, {written_out} of them raw or vhd, take about {gib} GiB with {BUILDS} builds of each; the \
         builders' disk has {} GiB",
        images.len(),
        bytes / GIB
    );
    Some(
        Finding::warning("ImagesNeedSpace", path.key("diskimages"), message)
            .expected(format!("about {gib}Gi in builder.storageSize"))
            .cure("make the disk larger, or build fewer images or formats"),
    )
}

fn one(image: &Value) -> u64 {
    formats(image).iter().map(|format| usual(format)).sum()
}

/// The formats that are asked for; providers of OpenStack take qcow2 unless they say otherwise.
fn formats(image: &Value) -> BTreeSet<&str> {
    let written: BTreeSet<&str> = list(&image["formats"]).filter_map(Value::as_str).collect();
    if written.is_empty() { BTreeSet::from(["qcow2"]) } else { written }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn raw_images_need_room_and_unused_ones_none() {
        let file = json!({
            "diskimages": [
                {"name": "a", "formats": ["raw", "qcow2"]},
                {"name": "b"},
                {"name": "base", "abstract": true, "formats": ["raw"]},
                {"name": "unused", "formats": ["raw"]},
            ],
            "providers": [{"diskimages": [{"name": "a"}, {"name": "b"}, {"name": "base"}]}],
        });
        // Three builds of 8 + 1 and of 1 GiB.
        assert!(check(&file, 30 * GIB, &FieldPath::root()).is_none());
        let said = check(&file, 30 * GIB - 1, &FieldPath::root()).expect("one byte too few");
        assert!(
            said.message.contains("2 images, 1 of them raw or vhd, take about 30 GiB"),
            "{}",
            said.message
        );
        for odd in [json!(null), json!([]), json!({"diskimages": 5, "providers": {"a": 1}})] {
            assert!(check(&odd, 0, &FieldPath::root()).is_none());
        }
    }
}
