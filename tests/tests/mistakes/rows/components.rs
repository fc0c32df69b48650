//! What a component cannot do as it is set up.

use super::Row;

pub const ROWS: &[Row] = &[
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: false\n  merger:\n    count: 0\n",
        &["NoMerger spec.merger"],
    ),
    ("        operator: Exists\n", "        operator: Exists\n    merge_jobs: false\n", &[]),
    ("    count: 3\n", "    count: 0\n", &[]),
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: {secretName: gerrit, key: http_password}\n  merger:\n    count: 0\n",
        &[],
    ),
    (
        "        operator: Exists\n  merger:\n    count: 3\n",
        "        operator: Exists\n    merge_jobs: maybe\n  merger:\n    count: 0\n",
        &["WrongType spec.executor.merge_jobs"],
    ),
];
