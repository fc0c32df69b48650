fn main() {
    let d = zuul_operator::api::schema::definition();
    println!("{}", serde_json::to_string_pretty(d).unwrap());
}
