//! All options of the gerrit driver in Zuul 14.3 (`driver/gerrit/gerritconnection.py` and the
//! `gerritevent*.py` beside it).

use zuul_plugin_sdk::{Components, Kind, OptionRow, option, readers};

/// They speak SSH with Gerrit, or clone over it.
const SSH: Components = readers::SCHEDULER.union(readers::GIT);
/// They make links to changes.
const LINKS: Components = readers::REPORTER;

/// The server, logins, then the other sources of events: Kafka, AWS Kinesis, Google Pub/Sub.
pub const ALL: &[OptionRow] = {
    let scheduler = readers::SCHEDULER;
    &[
        option("server", Kind::Text, readers::SOURCE, "Host name of the Gerrit server.").required(),
        option(
            "canonical_hostname",
            Kind::Text,
            readers::SOURCE,
            "Host name in canonical project names; `server` if absent.",
        ),
        option(
            "baseurl",
            Kind::Text,
            readers::SOURCE,
            "URL of Gerrit's web interface; https://SERVER if absent.",
        ),
        option(
            "ssh_server",
            Kind::Text,
            SSH,
            "Host name for SSH where it is not that of the web interface; `server` if absent.",
        ),
        option("port", Kind::Integer, SSH, "Port of Gerrit's SSH server.")
            .default("29418")
            .range(1.0, 65535.0),
        option("keepalive", Kind::Integer, scheduler, "Seconds between two SSH keepalives; 0 for none.")
            .default("60"),
        option(
            "gitweb_url_template",
            Kind::Text,
            LINKS,
            "Template of links to commits, with {baseurl}, {project.name} and {sha}.",
        )
        .default("{baseurl}/gitweb?p={project.name}.git;a=commitdiff;h={sha}"),
        option(
            "max_dependencies",
            Kind::Integer,
            scheduler,
            "Changes with more dependencies than this are ignored; no limit if absent.",
        ),
        option(
            "replication_delay",
            Kind::Integer,
            scheduler,
            "Seconds to wait after an event until Gerrit's replicas have the change.",
        )
        .default("0"),
        option("user", Kind::Text, readers::SOURCE, "Gerrit user that Zuul logs in as, over SSH and HTTP.")
            .required(),
        option(
            "sshkey",
            Kind::SecretFile,
            SSH,
            "Private key of the user: for stream-events, and for clones over SSH.",
        )
        .required_when("events come by stream-events, or repositories are cloned over SSH"),
        option("password", Kind::Secret, SSH, "HTTP password of the user: for REST calls and HTTPS clones."),
        option("auth_type", Kind::OneOf, SSH, "How to log in over HTTP; gcloud_service clones anonymously.")
            .choices(&["basic", "digest", "form", "gcloud_service"])
            .default("basic"),
        option(
            "git_over_ssh",
            Kind::Boolean,
            scheduler,
            "Clone over SSH although there is an HTTP password.",
        )
        .default("false"),
        option("verify_ssl", Kind::Boolean, scheduler, "Verify Gerrit's certificate in REST calls.")
            .default("true"),
        option(
            "stream_events",
            Kind::Boolean,
            scheduler,
            "Listen to events over SSH; without any source Zuul polls.",
        )
        .default("true"),
        option(
            "kafka_bootstrap_servers",
            Kind::Text,
            scheduler,
            "Kafka servers, HOST:PORT separated by commas; events then come from Kafka.",
        ),
        option("kafka_topic", Kind::Text, scheduler, "Kafka topic of the events.").default("gerrit"),
        option("kafka_client_id", Kind::Text, scheduler, "Kafka client id.").default("zuul"),
        option("kafka_group_id", Kind::Text, scheduler, "Kafka consumer group.").default("zuul"),
        option("kafka_tls_cert", Kind::Path, scheduler, "Client certificate for Kafka.")
            .required_when("`kafka_tls_key` is set"),
        option(
            "kafka_tls_key",
            Kind::SecretFile,
            scheduler,
            "Client key for Kafka; without it TLS is not used.",
        )
        .required_when("`kafka_tls_cert` or `kafka_tls_ca` is set"),
        option(
            "kafka_tls_ca",
            Kind::Path,
            scheduler,
            "CA certificates that Kafka's certificate is verified with.",
        )
        .required_when("`kafka_tls_key` is set"),
        option("aws_kinesis_region", Kind::Text, scheduler, "AWS region; events then come from Kinesis."),
        option("aws_kinesis_stream", Kind::Text, scheduler, "Kinesis stream of the events.")
            .default("gerrit"),
        option(
            "aws_kinesis_access_key",
            Kind::Secret,
            scheduler,
            "AWS access key for Kinesis; absent where the pod has a role.",
        )
        .required_when("`aws_kinesis_secret_key` is set"),
        option("aws_kinesis_secret_key", Kind::Secret, scheduler, "AWS secret key for Kinesis.")
            .required_when("`aws_kinesis_access_key` is set"),
        option(
            "gcloud_pubsub_project",
            Kind::Text,
            scheduler,
            "Google Cloud project; events then come from Pub/Sub.",
        ),
        option("gcloud_pubsub_topic", Kind::Text, scheduler, "Pub/Sub topic of the events.")
            .default("gerrit"),
        option("gcloud_pubsub_subscription_id", Kind::Text, scheduler, "Pub/Sub subscription.")
            .default("zuul"),
        option(
            "gcloud_pubsub_private_key",
            Kind::SecretFile,
            scheduler,
            "Service account key for Pub/Sub; absent where the pod has an identity.",
        ),
    ]
};
